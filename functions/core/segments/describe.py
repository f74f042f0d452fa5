"""A condition in words: canonical text and English."""

from functions.core.segments.event_labels import PLAIN, Style, labelled
from functions.core.segments.operator import Node
from functions.core.segments.operators import BY_KEY

_WHOSE = "whose "


def text(node: Node) -> str:
    """The canonical text; parsing it gives the node back."""
    return BY_KEY[node["op"]].text(node)


def sentence(node: Node, style: Style = PLAIN) -> str:
    """The condition in English, to follow "people who".

    The language reads it: but for given names, which the sentence spells out, parsing it gives the node back.
    """
    return words(labelled(node, style))


def words(node: Node) -> str:
    """The sentence of a condition that has its labels."""
    return BY_KEY[node["op"]].sentence(node)


def people(node: Node, style: Style = PLAIN) -> str:
    """The sentence with those of whom it is said: ``People whose age is 18 or more``."""
    said = sentence(node, style)
    return f"People {said}" if said.startswith(_WHOSE) else f"People who {said}"
