"""Checks of a template's MJML: elements, attributes, nesting, and where Liquid may be used."""

from dataclasses import replace

from functions.core.base.errors import Fault
from functions.core.base.limits import DEEPEST_MARKUP, MOST_FAULTS
from functions.core.messages import mjml_tags as tags
from functions.core.messages.language import BLOCKS
from functions.core.messages.liquid_text import WORD, texts
from functions.core.messages.markup import OUTPUT, TAG, Attribute, Piece, fault, nearest, pieces, unmask
from functions.core.messages.safety import link


class Checker:
    """A check of one field's MJML, with a stack of the open elements and Liquid blocks.

    A block that opens in one element and closes in another would produce broken HTML for some recipients.
    """

    def __init__(self, source: str, where: str, root: str) -> None:
        self.source, self.where = source, where
        self.open: list[Piece] = [Piece("open", 0, 0, root)]
        self.faults: list[Fault] = []
        # Misspelt element names with their corrections, so that one mistake is reported once.
        self.meant: dict[str, str] = {}

    def check(self) -> list[Fault]:
        """Return the first ``MOST_FAULTS`` faults of the source, up to where it nests too deeply."""
        for piece in pieces(self.source):
            getattr(self, f"_{piece.kind}")(piece)
            if len(self.open) > DEEPEST_MARKUP + 1:
                self._fault(piece.start, f"the {self.where} may nest at most {DEEPEST_MARKUP} elements")
                return self.faults
            if len(self.faults) >= MOST_FAULTS:
                return self.faults
        for unclosed in self.open[1:]:
            self._fault(unclosed.start, f"{self._shown(unclosed)} is never closed")
        return self.faults

    @property
    def _parent(self) -> str:
        """The innermost open MJML element."""
        return next(piece.name for piece in reversed(self.open) if piece.kind == "open" and piece.name in tags.KNOWN)

    def _fault(self, at: int, message: str, suggestion: str | None = None) -> None:
        self.faults.append(fault(self.source, self.where, at, message, suggestion))

    def _shown(self, piece: Piece) -> str:
        return f"{{% {piece.name} %}}" if piece.kind == "tag" else f"<{piece.name}>"

    def _text(self, piece: Piece) -> None:
        text = self.source[piece.start : piece.end]
        if self._parent not in tags.HTML and text.strip():
            at = piece.start + len(text) - len(text.lstrip())
            self._fault(at, f"text may not stand directly in {self._parent}", "put it in an mj-text")

    def _output(self, piece: Piece) -> None:
        if self._parent == "mj-style":
            self._fault(piece.start, "Liquid may not stand in styles")
        elif self._parent not in tags.HTML:
            self._fault(piece.start, f"text may not stand directly in {self._parent}", "put it in an mj-text")

    def _comment(self, piece: Piece) -> None:
        """Accept comments, which are removed before sending."""

    def _stray(self, piece: Piece) -> None:
        self._fault(piece.start, "this < begins no element; the character itself is written &lt;")

    def _tag(self, piece: Piece) -> None:
        if self._parent == "mj-style":
            self._fault(piece.start, "Liquid may not stand in styles")
        if piece.name in BLOCKS:
            self.open.append(piece)
        elif piece.name.startswith("end") and piece.name[3:] in BLOCKS:
            self._closed("tag", piece.name[3:], piece)

    def _close(self, piece: Piece) -> None:
        if piece.name not in tags.VOID | tags.EMPTY:
            self._closed("open", self.meant.get(piece.name, piece.name), piece)

    def _closed(self, kind: str, name: str, piece: Piece) -> None:
        last = self.open[-1]
        if (last.kind, last.name) == (kind, name) and len(self.open) > 1:
            self.open.pop()
            return
        tag = self.source[piece.start : piece.end]
        if len(self.open) > 1:
            self._fault(piece.start, f"{tag} does not close {self._shown(last)}, which is open here")
        else:
            self._fault(piece.start, f"{tag} closes nothing")
        at = next((i for i, each in enumerate(self.open) if i and (each.kind, each.name) == (kind, name)), None)
        if at is not None:
            del self.open[at:]

    def _open(self, piece: Piece) -> None:
        if piece.name in tags.KNOWN or piece.name.startswith(("mj-", "mjml")):
            self._mjml(piece)
        else:
            self._html(piece)
        if not (piece.empty or piece.name in tags.VOID | tags.EMPTY):
            self.open.append(replace(piece, name=self.meant.get(piece.name, piece.name)))

    def _mjml(self, piece: Piece) -> None:
        parent = self._parent
        if piece.name in ("mjml", tags.BODY, tags.HEAD) and parent != "mj-attributes":
            self._fault(piece.start, f"<{piece.name}> is added by itself", "write what stands in it only")
        elif piece.name not in tags.KNOWN:
            suggestion = nearest(piece.name, tags.CHILDREN.get(parent, ()))
            self.meant[piece.name] = suggestion or piece.name
            self._fault(piece.start, f"there is no <{piece.name}>", suggestion)
        elif parent in tags.HTML:
            self._fault(piece.start, f"<{piece.name}> may not stand in {parent}, whose content is HTML")
        elif piece.name not in tags.CHILDREN.get(parent, ()):
            parents = [name for name, children in tags.CHILDREN.items() if piece.name in children]
            parents = [name for name in parents if name != "mj-attributes"] or parents
            self._fault(piece.start, f"<{piece.name}> may not stand directly in {parent}", f"it stands in {parents[0]}")
        if parent != "mj-attributes":
            for attribute in piece.attributes:
                self._mjml_attribute(piece, attribute)

    def _mjml_attribute(self, piece: Piece, attribute: Attribute) -> None:
        name = attribute.name
        if name not in tags.ATTRIBUTES:
            self._fault(
                piece.start, f"<{piece.name}> has no attribute {self._named(name)}", nearest(name, tags.ATTRIBUTES)
            )
        elif not attribute.quoted:
            self._fault(attribute.start, f"the value of {name} needs quotes")
        elif _has_liquid(attribute.value) and name not in tags.LIQUID_ATTRIBUTES:
            self._fault(attribute.start, f"Liquid may not stand in {name}, which is needed before anybody is known")
        else:
            self._value(attribute)

    def _html(self, piece: Piece) -> None:
        if self._parent not in tags.HTML or self._parent == "mj-style":
            suggestion = nearest(f"mj-{piece.name}", tags.CHILDREN.get(self._parent, ()))
            self._fault(piece.start, f"<{piece.name}> may not stand directly in {self._parent}", suggestion)
        elif piece.name in tags.FORBIDDEN:
            self._fault(piece.start, f"<{piece.name}> is not shown by mail programs, or is dangerous")
        for attribute in piece.attributes:
            self._html_attribute(piece, attribute)

    def _html_attribute(self, piece: Piece, attribute: Attribute) -> None:
        if _has_liquid(attribute.name):
            self._fault(piece.start, "Liquid may stand in an element's text and in quoted values only")
        elif attribute.name.startswith("on"):
            self._fault(attribute.start, f"{attribute.name} is a script, which mails may not carry")
        elif _has_liquid(attribute.value) and not attribute.quoted:
            self._fault(attribute.start, f"the value of {attribute.name} needs quotes")
        elif attribute.name in ("style", "srcset") and _has_liquid(attribute.value):
            self._fault(attribute.start, f"Liquid may not stand in {attribute.name}")
        else:
            self._value(attribute)

    def _value(self, attribute: Attribute) -> None:
        written = unmask(self.source, attribute)
        blocks = [word[1] for token in texts(written) if (word := WORD.match(token))]
        if sum(word in BLOCKS for word in blocks) != sum(word.startswith("end") for word in blocks):
            self._fault(attribute.start, "a block of Liquid that begins in a value ends in it")
        if attribute.name in tags.LINKS and not _has_liquid(attribute.value) and not link(written):
            self._fault(attribute.start, "not a link that a mail may carry", "https://…, mailto:… or {{ cart.url }}")

    def _named(self, name: str) -> str:
        return "made by Liquid" if _has_liquid(name) else name


def _has_liquid(text: str) -> bool:
    return OUTPUT in text or TAG in text
