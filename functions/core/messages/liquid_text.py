"""Where Liquid stands in a text: found in one pass, and refused before the Liquid library if that would take long."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from liquid.exceptions import LiquidSyntaxError
from liquid.token import TOKEN_CONTENT, Token

from functions.core.base.limits import LONGEST_LIQUID, LONGEST_LIQUID_TOGETHER, MOST_LIQUID

WORD = re.compile(r"\{%-?\s*(\w+)")
_OPEN = re.compile(r"\{[{%]")
_CLOSE = {"{{": "}}", "{%": "%}"}
# The library's lexer looks for the ends of these tags, which templates do not have, in all that follows each of them.
_UNREAD = re.compile(r"\{%-?\s*(raw|doc)\b")


class Liquid(NamedTuple):
    """A tag or an output: the indices of its first brace and after its last."""

    start: int
    end: int


def find(source: str, start: int = 0, end: int | None = None) -> Iterator[Liquid]:
    """Yield the tags and outputs between two indices, in order; braces that are never closed are passed over."""
    end = len(source) if end is None else end
    unclosed = set[str]()
    at = start
    while opening := _OPEN.search(source, at, end):
        at = opening.start() + 1
        if opening[0] in unclosed:
            continue
        close = source.find(_CLOSE[opening[0]], opening.end(), end)
        if close < 0:
            # What is not closed here is not closed later either: looking again would cost the square of the text.
            unclosed.add(opening[0])
            continue
        at = close + 2
        yield Liquid(opening.start(), at)


def replaced(source: str, replacement: Callable[[str], str], between: Callable[[str], str] = str) -> str:
    """The source with each tag and output replaced, and the text between them changed by ``between``."""
    result, at = list[str](), 0
    for start, end in find(source):
        result += (between(source[at:start]), replacement(source[start:end]))
        at = end
    return "".join([*result, between(source[at:])])


def texts(source: str) -> list[str]:
    """The tags and outputs, as they are written."""
    return [source[start:end] for start, end in find(source)]


def check_form(source: str) -> None:
    """Raise LiquidSyntaxError for what the Liquid library would take long to refuse or to read."""
    if unread := _UNREAD.search(source):
        raise _error(source, unread.start(1), f"unexpected tag '{unread[1]}'", unread[1])
    last = 0
    for start, end in find(source):
        _check_closed(source, last, start)
        if end - start > LONGEST_LIQUID:
            raise _error(source, start, f"a tag or an output of Liquid has at most {LONGEST_LIQUID} characters")
        last = end
    _check_closed(source, last, len(source))


def check_amount(source: str) -> None:
    """Raise LiquidSyntaxError for more Liquid than a part of a template may have."""
    characters = 0
    for number, (start, end) in enumerate(find(source)):
        characters += end - start
        if number == MOST_LIQUID:
            raise _error(source, start, f"there are at most {MOST_LIQUID} tags and outputs of Liquid")
        if characters > LONGEST_LIQUID_TOGETHER:
            raise _error(source, start, f"tags and outputs have at most {LONGEST_LIQUID_TOGETHER} characters together")


def _check_closed(source: str, start: int, end: int) -> None:
    if opening := _OPEN.search(source, start, end):
        close = _CLOSE[opening[0]]
        raise _error(source, opening.start(), f"{opening[0]} is never closed with {close}")


def _error(source: str, at: int, message: str, word: str = "") -> LiquidSyntaxError:
    return LiquidSyntaxError(message, token=Token(TOKEN_CONTENT, word, at, source))
