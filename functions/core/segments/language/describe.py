"""A condition in words: canonical text and English."""

import re
from functools import cache

from functions.core.segments.language.event_labels import PLAIN, Style, labelled, said
from functions.core.segments.language.formatting import is_plain
from functions.core.segments.operator import Node
from functions.core.segments.registry import operators

_WHOSE = "whose "


def text(node: Node) -> str:
    """The canonical text; parsing it gives the node back."""
    return operators()[node["op"]].text(node)


def sentence(node: Node, style: Style = PLAIN) -> str:
    """The condition in English: ``bought in the last 30 days``, ``age is 18 or more``.

    The language reads it: but for given names, which the sentence spells out, parsing it gives the node back.
    """
    text = words(labelled(node, style))
    return text.removeprefix(_WHOSE) if node["op"] == "trait" and _stands_alone(node["trait"], style) else text


def _stands_alone(trait: str, style: Style) -> bool:
    """Whether the language reads the trait without ``whose``: no condition and no label begins with its first word."""
    first = re.split(r"\W", trait, maxsplit=1)[0]
    beginnings = {words.split()[0] for label in style.known.values() for words in said(label).values()}
    return is_plain(trait) and first[0].islower() and first.lower() not in _beginnings() | beginnings


@cache
def _beginnings() -> frozenset[str]:
    """The words of the language with which something else than a trait may begin."""
    sources = ('"not" "are"', *(operator.grammar for operator in operators().values()))
    return frozenset(words.split()[0] for source in sources for words in re.findall(r'"([a-z][a-z \-]*)"', source))


def words(node: Node) -> str:
    """The sentence of a condition that has its labels."""
    return operators()[node["op"]].sentence(node)


def negated(node: Node) -> str:
    """The sentence of who does not meet a condition that has its labels; nothing where it has none of its own."""
    return operators()[node["op"]].negation(node)


def people(node: Node, style: Style = PLAIN) -> str:
    """The sentence as a noun phrase with its people: ``People whose age is 18 or more``."""
    text = words(labelled(node, style))
    return f"People {text}" if text.startswith(_WHOSE) else f"People who {text}"
