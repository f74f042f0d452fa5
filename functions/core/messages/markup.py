"""Reads the MJML of a template: its elements, its Liquid, and every mistake with its place."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from functions.core.base.errors import Fault

LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
WORD = re.compile(r"\{%-?\s*(\w+)")
# Liquid is masked by these while the markup is read, character by character, so that places stay true.
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
    """One attribute; ``value`` is masked, ``start`` is where the value begins, ``quoted`` whether it has quotes."""

    name: str
    value: str
    start: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the source: ``text``, ``open``, ``close``, ``comment``, ``stray``, ``output`` or ``tag`` (of Liquid).

    ``name`` is the element's or the Liquid tag's; ``empty`` marks an element closed in itself.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()
    empty: bool = False


def pieces(source: str) -> Iterator[Piece]:
    """The source, part after part, with nothing left out."""
    masked = mask(source)
    at = 0
    for match in _MARKUP.finditer(masked):
        yield from _content(source, at, match.start())
        yield _element(match)
        at = match.end()
    yield from _content(source, at, len(source))


def mask(source: str) -> str:
    """The source with every character of Liquid hidden."""
    return LIQUID.sub(lambda match: (OUTPUT if match[0][1] == "{" else TAG) * len(match[0]), source)


def unmask(source: str, attribute: Attribute) -> str:
    """The attribute's value as written."""
    return source[attribute.start : attribute.start + len(attribute.value)]


def fault(source: str, where: str, at: int, message: str, suggestion: str | None = None) -> Fault:
    """A fault at this place of the source."""
    before = source[:at]
    return Fault(message, where, before.count("\n") + 1, len(before) - before.rfind("\n"), suggestion)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    return next(iter(difflib.get_close_matches(name, list(names), 1, 0.5)), None)


def _content(source: str, start: int, end: int) -> Iterator[Piece]:
    """The text between two elements, cut at its Liquid."""
    at = start
    for match in LIQUID.finditer(source, start, end):
        if at < match.start():
            yield Piece("text", at, match.start())
        word = WORD.match(match[0])
        yield Piece("tag" if match[0][1] == "%" else "output", match.start(), match.end(), word[1] if word else "")
        at = match.end()
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
