"""What may leave in a message: text without controls, headers without line ends, links that are links."""

import re
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import urljoin

LONGEST_TEXT = 1_000
LONGEST_SUBJECT = 250
MOST_ITEMS = 100
DEEPEST = 6

# The largest number that is printed; beyond it Python refuses or a line overflows.
_LARGEST = 10**24
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Line and paragraph separators, and the marks that make text read backwards in an inbox's list.
_NOT_IN_HEADERS = re.compile(r"[\s\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# The first letters come first: a pattern that begins with a look behind, or without regard to case, is tried at every
# character of the page, which takes four times as long.
_LINK = re.compile(
    r"""([abfhpsABFHPS](?<![\w-].)
        (?i:(?<=a)ction|(?<=b)ackground|(?<=f)ormaction|(?<=h)ref|(?<=p)oster|(?<=s)rc(?:set)?))
        (\s*=\s*)("[^"]*"|'[^']*')""",
    re.VERBOSE,
)
_SCHEME = re.compile(r"(https?:|mailto:|#|$)", re.IGNORECASE)
_BLANK = re.compile(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+")


def text(value: str) -> str:
    """The text with LF line ends and without control characters and halves of surrogate pairs."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def header(value: str) -> str:
    """The text on one line, short enough for a header."""
    line = _NOT_IN_HEADERS.sub(" ", text(value)).strip()
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def plain(value: Any, depth: int = 0) -> Any:
    """A value from outside as templates may see it: bounded in length, size and depth."""
    if isinstance(value, str):
        return text(value[:LONGEST_TEXT])
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal | float):
        return _number(value)
    if depth == DEEPEST:
        return None
    if isinstance(value, Mapping):
        items = list(value.items())[:MOST_ITEMS]
        return {text(str(name)[:LONGEST_TEXT]): plain(inner, depth + 1) for name, inner in items}
    if isinstance(value, list | tuple):
        return [plain(inner, depth + 1) for inner in value[:MOST_ITEMS]]
    return None


def _number(value: int | Decimal | float) -> int | Decimal | None:
    number = Decimal(str(value)) if isinstance(value, float) else value
    if isinstance(number, Decimal) and not number.is_finite():
        return None
    if not -_LARGEST < number < _LARGEST:
        return None
    return int(number) if number == int(number) else number


def link(address: str, base: str = "") -> str:
    """The address if it is one that a mail may carry (web or mailto), made absolute; empty otherwise."""
    bare = _BLANK.sub("", address)
    if bare.startswith("//"):
        bare = f"https:{bare}"
    elif bare.startswith("/") and base:
        bare = urljoin(base, bare)
    return bare if _SCHEME.match(bare) else ""


def links(html: str) -> str:
    """The HTML with every link that is neither of the web nor mailto replaced by ``#``.

    It runs on the rendered page, whose quotes are the author's: quotes that came with values are escaped.
    """
    return _LINK.sub(_mended, html)


def _mended(match: re.Match[str]) -> str:
    name, equals, quoted = match.groups()
    address = unescape(quoted[1:-1])
    if name.lower() != "srcset" and link(address) == _BLANK.sub("", address):
        return match.group(0)
    return f'{name}{equals}"#"'
