"""Rendering of a condition's JSON as text: canonical text of the language, and English."""

import re
from functools import cache

from functions.core.segments.language.event_labels import PLAIN, Style, label_words, labelled
from functions.core.segments.language.formatting import is_plain
from functions.core.segments.operator import Node
from functions.core.segments.registry import operators

_WHOSE = "whose "


def text(node: Node) -> str:
    """The canonical text; parsing it gives an equal node."""
    return operators()[node["op"]].text(node)


def sentence(node: Node, style: Style = PLAIN) -> str:
    """The condition in English: ``bought in the last 30 days``, ``age is 18 or more``.

    The sentence can be parsed again into an equal node, except that names given with ``let`` are replaced by what they
    stand for.
    """
    text = words(labelled(node, style))
    return text.removeprefix(_WHOSE) if node["op"] == "trait" and _stands_alone(node["trait"], style) else text


def _stands_alone(trait: str, style: Style) -> bool:
    """True if the trait can be written without ``whose``: no condition or label begins with the same word."""
    first = re.split(r"\W", trait, maxsplit=1)[0]
    beginnings = {words.split()[0] for label in style.known.values() for words in label_words(label).values()}
    return is_plain(trait) and first[0].islower() and first.lower() not in _beginnings() | beginnings


@cache
def _beginnings() -> frozenset[str]:
    """The keywords with which conditions other than a trait's may begin."""
    sources = ('"not" "are"', *(operator.grammar for operator in operators().values()))
    return frozenset(words.split()[0] for source in sources for words in re.findall(r'"([a-z][a-z \-]*)"', source))


def words(node: Node) -> str:
    """The English sentence of a node whose events and amounts already carry their labels and signs."""
    return operators()[node["op"]].sentence(node)


def negated(node: Node) -> str:
    """The English for not meeting a condition that carries its labels; empty if the operator has no wording for it."""
    return operators()[node["op"]].negation(node)


def people(node: Node, style: Style = PLAIN) -> str:
    """The sentence as a noun phrase: ``People whose age is 18 or more``."""
    text = words(labelled(node, style))
    return f"People {text}" if text.startswith(_WHOSE) else f"People who {text}"
