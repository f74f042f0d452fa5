"""The text part of a template without one of its own, derived from its MJML."""

import re
from html import unescape

from functions.core.messages import mjml_tags as tags
from functions.core.messages.markup import Piece, pieces, unmask

_BREAKS = frozenset(
    [
        "p",
        "div",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "table",
        "br",
        "hr",
        "mj-text",
        "mj-button",
        "mj-table",
        "mj-image",
        "mj-section",
    ]
)
_TAG_LINE = re.compile(r"^[^\S\n]*((?:\{%(?:(?!%\})[^\n])*+%\}[^\S\n]*+)++)\n", re.MULTILINE)
_SPACE = re.compile(r"[^\S\n]*\n[^\S\n]*")


def from_mjml(source: str) -> str:
    """The plain-text alternative of an MJML template: Liquid without markup, with link addresses written out."""
    writer = _Writer(source)
    for piece in pieces(source):
        writer.add(piece)
    # Runs of blanks are one blank before ends of lines are looked for: that costs the square of a run.
    lines = _SPACE.sub("\n", re.sub(r"[^\S\n]{2,}", " ", "".join(writer.parts)))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def without_tag_lines(text: str) -> str:
    """The Liquid text with lines that contain only tags joined to the next line, so that they leave no empty lines."""
    return _TAG_LINE.sub(r"\1", text)


class _Writer:
    def __init__(self, source: str) -> None:
        self.source, self.parts = source, list[str]()
        self.links: list[str] = []

    def add(self, piece: Piece) -> None:
        """Append the text of a piece, if it has any."""
        written = self.source[piece.start : piece.end]
        if piece.kind == "text":
            self.parts.append(unescape(re.sub(r"\s+", " ", written)))
        elif piece.kind in ("output", "tag"):
            self.parts.append(written)
        elif piece.kind == "open":
            self._open(piece)
        elif piece.kind == "close":
            self._close(piece)

    def _open(self, piece: Piece) -> None:
        href = next((unescape(unmask(self.source, each)) for each in piece.attributes if each.name == "href"), "")
        if piece.name in ("a", "mj-button"):
            self.links.append(href)
        if piece.name == "mj-image" and href:
            alt = next((unmask(self.source, each) for each in piece.attributes if each.name == "alt"), "")
            self.parts.append(f"\n{unescape(alt)} {href}\n")
        if piece.name == "li":
            self.parts.append("\n- ")
        elif piece.name in _BREAKS:
            self.parts.append("\n")

    def _close(self, piece: Piece) -> None:
        if piece.name in ("a", "mj-button") and self.links:
            href = self.links.pop()
            self.parts.append(f" ({href})" if piece.name == "a" and href else f": {href}" if href else "")
        if piece.name in ("td", "th"):
            self.parts.append("  ")
        elif piece.name in _BREAKS or piece.name in tags.KNOWN:
            self.parts.append("\n\n" if piece.name in tags.KNOWN else "\n")
