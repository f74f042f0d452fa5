"""A condition in words: canonical text and English."""

from functions.core.segments.operator import Node
from functions.core.segments.operators import BY_KEY


def text(node: Node) -> str:
    """The canonical text; parsing it gives the node back."""
    return BY_KEY[node["op"]].text(node)


def sentence(node: Node) -> str:
    """The condition in English, to follow "people who"."""
    return BY_KEY[node["op"]].sentence(node)
