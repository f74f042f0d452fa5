"""Sanitising of message content: no control characters, no line ends in headers, only web and mailto links."""

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

# The largest number that is printed; larger ones make Python raise an error or overflow a line.
_LARGEST = 10**24
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# White space with line and paragraph separators, and the marks that reverse the direction of text.
_NOT_IN_HEADERS = re.compile(r"[\s\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# The pattern begins with the attributes' first letters for speed: one that begins with a lookbehind or ignores case is
# tried at every character of the page, which takes four times as long.
_LINK = re.compile(
    r"""([abfhpsABFHPS](?<![\w-].)
        (?i:(?<=a)ction|(?<=b)ackground|(?<=f)ormaction|(?<=h)ref|(?<=p)oster|(?<=s)rc(?:set)?))
        (\s*=\s*)("[^"]*"|'[^']*')""",
    re.VERBOSE,
)
_SCHEME = re.compile(r"(https?:|mailto:|#|$)", re.IGNORECASE)
_BLANK = re.compile(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]+")


def text(value: str) -> str:
    """The text with LF line ends, without control characters and unpaired surrogates."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def header(value: str) -> str:
    """The text on one line of at most ``LONGEST_SUBJECT`` characters, for a header."""
    line = _NOT_IN_HEADERS.sub(" ", text(value)).strip()
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def plain(value: Any, depth: int = 0) -> Any:
    """An external value for templates, limited in length, number of items and depth; unsupported types become None."""
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


def blankless(address: str) -> str:
    """The address without blanks and invisible characters, as ``link`` puts it into a message."""
    return _BLANK.sub("", address)


def link(address: str, base: str = "") -> str:
    """The address without blanks, made absolute, if it is a web or mailto link; otherwise empty."""
    bare = blankless(address)
    if bare.startswith("//"):
        bare = f"https:{bare}"
    elif bare.startswith("/") and base:
        bare = urljoin(base, bare)
    return bare if _SCHEME.match(bare) else ""


def links(html: str) -> str:
    """The rendered HTML with every link that is neither a web nor a mailto link replaced by ``#``.

    Quotes in rendered HTML are those of the template's author, since quotes in values are escaped.
    """
    return _LINK.sub(_mended, html)


def _mended(match: re.Match[str]) -> str:
    name, equals, quoted = match.groups()
    address = unescape(quoted[1:-1])
    if name.lower() != "srcset" and link(address) == _BLANK.sub("", address):
        return match.group(0)
    return f'{name}{equals}"#"'
