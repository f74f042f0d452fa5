"""Positions inside a scalar of YAML: the line and column in the text that a place in the scalar's value came from."""

import re
from functools import lru_cache

import yaml

from functions.core.base.line_column import line_and_column

_ANY = re.compile(r"\S")
_PIECES = {
    "'": re.compile(r"''|.", re.DOTALL),
    '"': re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)|.", re.DOTALL),
}


def position(text: str, node: yaml.ScalarNode, line: int, column: int) -> tuple[int, int]:
    """The line and column in the text for a line and column in a scalar's value.

    YAML styles indent, fold and escape differently, but none changes the order or number of visible characters, so
    these are counted.
    """
    value = str(node.value)
    lines = value.split("\n")[: line - 1]
    offset = min(sum(len(each) + 1 for each in lines) + column - 1, len(value))
    # Split at white space in one go: a definition may have many faults, and a loop over its characters is slow.
    before = len("".join(value[:offset].split()))
    on_visible = offset < len(value) and not value[offset].isspace()
    begin = _content(text, node)
    visible = _visible(text[begin : node.end_mark.index - (node.style in _PIECES)], node.style)
    if on_visible and before < len(visible):
        return line_and_column(text, begin + visible[before][0])
    return line_and_column(text, begin + (visible[min(before, len(visible)) - 1][1] if before and visible else 0))


def _content(text: str, node: yaml.ScalarNode) -> int:
    """The index at which the scalar's content begins: after the quote, or below the header of a block."""
    start: int = node.start_mark.index
    if node.style in ("|", ">"):
        return text.find("\n", start) + 1
    return start + (1 if node.style else 0)


@lru_cache(maxsize=2)
def _visible(raw: str, style: str | None) -> list[tuple[int, int]]:
    """The begin and the end in the raw text of each visible character of the value."""
    quoted = _PIECES.get(style or "")
    pieces = quoted.finditer(raw) if quoted else _ANY.finditer(raw)
    return [match.span() for match in pieces if not _decoded(match[0], style).isspace()]


def _decoded(piece: str, style: str | None) -> str:
    if style == '"' and piece.startswith("\\"):
        return " " if piece[1] in "ntr \n_NLP" else "x"
    return piece
