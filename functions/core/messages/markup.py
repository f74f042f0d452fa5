"""A scanner for a template's MJML: its elements, its Liquid, and their positions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from functions.core.base import spelling
from functions.core.base.errors import Fault
from functions.core.base.line_column import line_and_column
from functions.core.messages import liquid_text

# These replace Liquid, character by character, while the markup is scanned, so that positions stay right.
OUTPUT, TAG = "\ue000", "\ue001"
_MARKUP = re.compile(
    r"""(?P<comment><!--.*?-->)
      | <(?P<close>/?)(?P<name>[A-Za-z][\w:-]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^<>"'])*)>
      | (?P<stray><)""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s=/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"']+))?""")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its ``value``, masked, the index at which it begins, and whether it is in quotes."""

    name: str
    value: str
    start: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the source: ``text``, ``open``, ``close``, ``comment``, ``stray``, or Liquid as ``output`` or ``tag``.

    ``start`` and ``end`` are indices. ``name`` is that of the element or Liquid tag; ``empty`` marks a self-closing
    element.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()
    empty: bool = False


def pieces(source: str) -> Iterator[Piece]:
    """Yield the parts of the source in order, covering all of it."""
    masked = mask(source)
    at = 0
    for match in _MARKUP.finditer(masked):
        yield from _content(source, at, match.start())
        yield _element(match)
        at = match.end()
    yield from _content(source, at, len(source))


def mask(source: str) -> str:
    """The source with every character of Liquid replaced by ``OUTPUT`` or ``TAG``."""
    return liquid_text.replaced(source, lambda liquid: (OUTPUT if liquid[1] == "{" else TAG) * len(liquid))


def unmask(source: str, attribute: Attribute) -> str:
    """The attribute's value as in the source."""
    return source[attribute.start : attribute.start + len(attribute.value)]


def fault(source: str, where: str, at: int, message: str, suggestion: str | None = None) -> Fault:
    """A fault with the line and column of an index of the source."""
    return Fault(message, where, *line_and_column(source, at), suggestion)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The most similar known name of a tag, attribute or token, which are short: half alike is near enough."""
    return spelling.nearest(name, names, 0.5)


def _content(source: str, start: int, end: int) -> Iterator[Piece]:
    """Yield the text and Liquid between two elements."""
    at = start
    for liquid in liquid_text.find(source, start, end):
        if at < liquid.start:
            yield Piece("text", at, liquid.start)
        word = liquid_text.WORD.match(source, liquid.start, liquid.end)
        kind = "tag" if source[liquid.start + 1] == "%" else "output"
        yield Piece(kind, liquid.start, liquid.end, word[1] if word else "")
        at = liquid.end
    if at < end:
        yield Piece("text", at, end)


def _element(match: re.Match[str]) -> Piece:
    if match["comment"] or match["stray"]:
        return Piece("comment" if match["comment"] else "stray", match.start(), match.end())
    raw = match["attributes"]
    empty = raw.rstrip().endswith("/")
    attributes = tuple(_attributes(raw.rstrip().removesuffix("/"), match.start("attributes")))
    return Piece(
        "close" if match["close"] else "open", match.start(), match.end(), match["name"].lower(), attributes, empty
    )


def _attributes(raw: str, offset: int) -> Iterator[Attribute]:
    for match in _ATTRIBUTE.finditer(raw):
        value = match[2] or ""
        quoted = value[:1] in ("'", '"') and bool(value)
        start = offset + (match.start(2) if match[2] else match.start(1)) + quoted
        yield Attribute(match[1].lower(), value[1:-1] if quoted else value, start, quoted)
