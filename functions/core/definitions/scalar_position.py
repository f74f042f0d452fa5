"""Positions inside a scalar of YAML: the line and column in the text that a place in the scalar's value came from."""

import re

import yaml

from functions.core.base.line_column import line_and_column

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
    left = sum(not character.isspace() for character in value[:offset])
    on_visible = offset < len(value) and not value[offset].isspace()
    index = last = _content(text, node)
    for piece in _pieces(text, node):
        visible = not _decoded(piece, node.style).isspace()
        if visible and left == 0 and on_visible:
            return line_and_column(text, index)
        if left == 0 and not on_visible:
            break
        index += len(piece)
        if visible:
            left, last = left - 1, index
    return line_and_column(text, last)


def _content(text: str, node: yaml.ScalarNode) -> int:
    """The index at which the scalar's content begins: after the quote, or below the header of a block."""
    start: int = node.start_mark.index
    if node.style in ("|", ">"):
        return text.find("\n", start) + 1
    return start + (1 if node.style else 0)


def _pieces(text: str, node: yaml.ScalarNode) -> list[str]:
    quoted = _PIECES.get(node.style or "")
    raw = text[_content(text, node) : node.end_mark.index - (1 if quoted else 0)]
    return quoted.findall(raw) if quoted else list(raw)


def _decoded(piece: str, style: str | None) -> str:
    if style == '"' and piece.startswith("\\"):
        return " " if piece[1] in "ntr \n_NLP" else "x"
    return piece
