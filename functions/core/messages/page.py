"""The frame of the HTML pages behind links in e-mails: the shop, one heading, one text, buttons, no script."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from functions.core.messages.unsubscribe import mask

_STYLE = """
:root { color-scheme: light dark;
  --ink:#24292f; --soft:#5f6368; --paper:#fff; --desk:#f3f2ef; --act:#1f2328; --on:#fff }
@media (prefers-color-scheme: dark) {
  :root { --ink:#ececec; --soft:#a8a8ad; --paper:#1d1d1f; --desk:#121212; --act:#f5f5f5; --on:#121212 } }
* { box-sizing: border-box }
body { margin:0; min-height:100vh; display:grid; place-items:center; padding:24px; background:var(--desk);
  color:var(--ink); font:17px/1.55 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif }
main { width:100%; max-width:480px; padding:40px; border-radius:16px; background:var(--paper); text-align:center }
.shop { margin:0 0 24px; font-size:14px; font-weight:700; letter-spacing:2px; text-transform:uppercase }
h1 { margin:0 0 12px; font-size:27px; line-height:1.2 }
p { margin:0 0 24px } .soft { margin:0; color:var(--soft); font-size:15px }
button { width:100%; margin:0 0 20px; padding:15px; border:0; border-radius:10px; font:inherit; font-weight:600;
  cursor:pointer; background:var(--act); color:var(--on) }
button.quiet { background:transparent; color:var(--ink); border:1px solid var(--soft) }
button:focus-visible { outline:3px solid #4c8dff; outline-offset:3px }
"""


class Button(NamedTuple):
    """A form of one button that posts ``action`` to the page's own address."""

    action: str
    label: str
    is_soft: bool = False


def page(shop: str, title: str, text: str, buttons: Sequence[Button] = (), note: str = "") -> str:
    """The complete page; ``title``, ``text`` and ``note`` are HTML, the shop's name is a text."""
    name, after = escape(shop), f'<p class="soft">{note}</p>' if note else ""
    forms = "".join(map(_form, buttons))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · {name}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main>"
        f'<p class="shop">{name}</p><h1>{title}</h1><p>{text}</p>{forms}{after}</main></body></html>'
    )


def masked(address: str) -> str:
    """The address as HTML, in a form that only its owner recognises."""
    return escape(mask(address))


def _form(button: Button) -> str:
    field = f'<input type="hidden" name="action" value="{button.action}">'
    style = ' class="quiet"' if button.is_soft else ""
    return f'<form method="post">{field}<button type="submit"{style}>{button.label}</button></form>'
