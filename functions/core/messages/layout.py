"""The page around a template: fonts, dark mode, the preheader before it and the legally required footer after it."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import count

from functions.core.messages import liquid_text
from functions.core.messages import mjml_tags as tags
from functions.core.messages.markup import pieces

# Mail programs fill the rest of the preview with the first words of the body unless there is padding.
_PADDING = "&#847;&zwnj;&nbsp;" * 60
_HEAD = """<mj-attributes>
<mj-all font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif" />
<mj-section background-color="#ffffff" padding="0" css-class="paper" />
<mj-wrapper background-color="#ffffff" padding="0" css-class="paper" />
<mj-text font-size="16px" line-height="1.55" color="#24292f" padding="8px 32px" css-class="ink" />
<mj-table font-size="15px" line-height="1.45" color="#24292f" padding="8px 32px" css-class="ink" />
<mj-button background-color="#1f2328" color="#ffffff" font-size="16px" font-weight="600" border-radius="8px"
 inner-padding="15px 30px" padding="16px 32px" css-class="action" />
<mj-divider border-width="1px" border-color="#e4e2dd" padding="8px 32px" css-class="rule" />
<mj-image padding="0 32px" />
</mj-attributes>
<mj-style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: inherit; }
@media only screen and (max-width: 480px) {
  .action table, .action a { width: 100% !important; box-sizing: border-box; }
}
@media (prefers-color-scheme: dark) {
  body, .desk { background-color: #121212 !important; }
  .paper, .paper > table { background-color: #1d1d1f !important; }
  .ink, .ink div, .ink td, .ink th, .ink h1, .ink h2, .ink p, .ink a { color: #ececec !important; }
  .ink .soft, .soft div { color: #a8a8ad !important; }
  .ink .line td { border-color: #38383a !important; }
  .action td, .action a { background: #f5f5f5 !important; color: #121212 !important; }
  .rule p { border-top-color: #38383a !important; }
  .foot div, .foot a { color: #a8a8ad !important; }
}
</mj-style>"""
_TOP = """<mj-section background-color="transparent" padding="12px 0" css-class="top"><mj-column>
<mj-spacer height="4px" /></mj-column></mj-section>"""
_LEGAL = "{{ shop.name }}{% if shop.address != blank %} · {{ shop.address }}{% endif %}"
_WHY = "You get this because {because}."
_CUSTOMER = "you are a customer or subscriber of {{ shop.name }}"
_FOOTER = """<mj-section background-color="transparent" padding="20px 0 32px" css-class="foot"><mj-column>
<mj-text font-size="13px" line-height="1.6" color="#6b6b70" align="center" css-class="foot">%s</mj-text>
</mj-column></mj-section>"""
# The word that replaces a piece of Liquid while MJML is compiled, with its number.
_PLACEHOLDER = re.compile(r"zqLiquid(\d{5})qz")
_LINK = '<br /><a href="{{ unsubscribe_url }}" style="color:#6b6b70;text-decoration:underline;">Unsubscribe</a>'


def footer(kind: str, because: str) -> str:
    """The footer's MJML: the reason for the message, the sender and address, and for marketing the unsubscribe link."""
    why = f"{_why(because)}<br />" if because or kind == "marketing" else ""
    return _FOOTER % f"{why}{_LEGAL}{_LINK if kind == 'marketing' else ''}"


def text_footer(kind: str, because: str) -> str:
    """The footer of the text part, with the same content."""
    why = f"{_why(because)}\n" if because or kind == "marketing" else ""
    stop = "Unsubscribe: {{ unsubscribe_url }}\n" if kind == "marketing" else ""
    return f"\n\n-- \n{why}{_LEGAL}\n{stop}"


def _why(because: str) -> str:
    return _WHY.format(because=because.rstrip(" .\n") or _CUSTOMER)


def page(blocks: Mapping[str, str]) -> str:
    """The complete MJML document for a template's texts."""
    preheader = blocks.get("preheader", "")
    preview = f"<mj-preview>{preheader}{_PADDING}</mj-preview>" if preheader else ""
    foot = footer(blocks["kind"], blocks.get("because", ""))
    sections = f"{_TOP}{prepared(blocks['body'], tags.BODY)}{prepared(foot, tags.BODY)}"
    return (
        # Screen readers read the title aloud, in a voice for the language.
        f'<mjml lang="{{{{ language }}}}"><mj-head><mj-title>{_escaped(blocks["subject"])}</mj-title>'
        f"{preview}{_HEAD}{prepared(blocks.get('head', ''))}</mj-head>"
        f'<mj-body background-color="#f3f2ef" css-class="desk">{sections}</mj-body></mjml>'
    )


def _escaped(text: str) -> str:
    """The Liquid template text with its literal parts escaped for HTML; output is escaped when rendered."""
    return liquid_text.replaced(text, str, lambda word: escape(word, quote=False))


def prepared(source: str, root: str = tags.HEAD) -> str:
    """Checked MJML for the compiler: no comments, every element closed, Liquid tags outside HTML in mj-raw."""
    parents, result = [root], []
    for piece in pieces(source):
        written = source[piece.start : piece.end]
        if piece.kind == "tag" and parents[-1] not in tags.HTML:
            written = f"<mj-raw>{written}</mj-raw>"
        elif piece.kind == "open" and (piece.empty or piece.name in tags.VOID or piece.name in tags.EMPTY):
            # A void element without a closing slash is valid HTML, but an error in MJML.
            written = f"{written.removesuffix('>').rstrip().removesuffix('/')} />"
        elif piece.kind == "open" and piece.name in tags.KNOWN:
            parents.append(piece.name)
        elif piece.kind == "close" and piece.name in tags.KNOWN - tags.EMPTY:
            parents.pop()
        skipped = piece.kind == "comment" or (piece.kind == "close" and piece.name in tags.VOID | tags.EMPTY)
        result.append("" if skipped else written)
    return "".join(result)


def numbered(source: str) -> tuple[str, list[str]]:
    """The source with each piece of Liquid replaced by a placeholder word that MJML leaves alone, and the pieces."""
    numbers = count()
    return liquid_text.replaced(source, lambda _: f"zqLiquid{next(numbers):05d}qz"), liquid_text.texts(source)


def filled(html: str, liquid: Sequence[str]) -> tuple[str, set[int]]:
    """The compiled HTML with Liquid in the places of its words, and the numbers of the pieces that it has."""
    numbers = set[int]()

    def piece(match: re.Match[str]) -> str:
        number = int(match[1])
        numbers.add(number)
        return liquid[number] if number < len(liquid) else match[0]

    return _PLACEHOLDER.sub(piece, html), numbers
