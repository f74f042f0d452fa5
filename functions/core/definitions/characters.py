"""The characters that may stand in a definition: those of YAML, written as they are or as an escape."""

import re
from collections.abc import Iterator
from typing import Any

from functions.core.base import texts
from functions.core.base.errors import Fault
from functions.core.base.line_column import line_and_column

# All but YAML's printable characters (YAML 1.2.2, production 1): controls, half surrogate pairs, and the two that are
# no characters. Raw, YAML refuses them itself; in JSON and as escapes they would come in.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u([0-9a-fA-F]{4})|\\.", re.DOTALL)


def faults(body: Any) -> Iterator[tuple[Fault, texts.Steps]]:
    """The first wrong character of each text in the body, at its line and column in that text, and the way to it."""
    for text, steps in texts.texts(body):
        if match := _UNPRINTABLE.search(text):
            line, column = line_and_column(text, match.start())
            yield Fault(_said(match[0]), texts.whole(texts.place(steps)), line, column), steps


def written_at(text: str) -> tuple[int, int]:
    """The line and column of the first wrong character in the text of a definition, as an escape or as itself."""
    escaped = (match.start() for match in _ESCAPE.finditer(text) if match[1] and _UNPRINTABLE.match(_meant(match[1])))
    raw = (match.start() for match in _UNPRINTABLE.finditer(text))
    return line_and_column(text, min((*escaped, *raw), default=0))


def _meant(digits: str) -> str:
    return chr(int(digits, 16))


def _said(character: str) -> str:
    name = f"U+{ord(character):04X}"
    if texts.is_whole(character):
        return f"{name} may not stand in a definition: it is no character that can be shown"
    return f"{name} is half of a surrogate pair, and no character: write both halves, or the character itself"
