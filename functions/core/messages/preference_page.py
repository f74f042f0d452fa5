"""The HTML page behind the unsubscribe link: one question, two buttons, no script."""

from html import escape

from functions.core.base.events import Consent
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
button:focus-visible { outline:3px solid #4c8dff; outline-offset:3px }
"""
_ASKED = "Do you want to stop getting marketing e-mail from us at <strong>{address}</strong>?"
_STOPPED = "No more marketing e-mail goes to <strong>{address}</strong>. Messages about your orders still do."
_AGAIN = "Welcome back. Marketing e-mail goes to <strong>{address}</strong> again."
_ELSEWHERE = (
    "We noted your yes for <strong>{address}</strong>. Another address of yours has said no, so we stay silent."
)
_MISTAKE = "Pressed by mistake? One click brings it back."
_LATER = "You can change your mind at any time with the link in every message."


def asking(shop: str, address: str, consent: Consent | None) -> str:
    """The page for opening the link: the present consent and a button to change it. Showing it changes nothing."""
    if consent == "unsubscribed":
        return stopped(shop, address)
    form = _button("unsubscribe", "Unsubscribe")
    return _page(shop, "Unsubscribe?", _ASKED.format(address=_masked(address)), form, _LATER)


def stopped(shop: str, address: str) -> str:
    """The page after unsubscribing."""
    form = _button("subscribe", "Subscribe again")
    return _page(shop, "You are unsubscribed", _STOPPED.format(address=_masked(address)), form, _MISTAKE)


def resumed(shop: str, address: str, consent: Consent | None) -> str:
    """The page after subscribing again; ``consent`` is the resulting consent over all of the person's addresses."""
    text = _AGAIN if consent == "subscribed" else _ELSEWHERE
    form = _button("unsubscribe", "Unsubscribe")
    return _page(shop, "You are subscribed", text.format(address=_masked(address)), form, _LATER)


def unknown(shop: str) -> str:
    """The page for an invalid link; it does not say why the link is invalid."""
    return _page(shop, "This link does not work", "It may be cut short. Please use the one in the message.", "", "")


def unclear(shop: str) -> str:
    """The page for a form whose action is neither subscribe nor unsubscribe."""
    return _page(shop, "Nothing was changed", "Open the link in the message again and press the button.", "", "")


def failing(shop: str) -> str:
    """The page for a choice that could not be stored."""
    return _page(shop, "Please try again", "Your answer could not be saved just now. Try again in a minute.", "", "")


def _button(action: str, label: str) -> str:
    field = f'<input type="hidden" name="action" value="{action}">'
    return f'<form method="post">{field}<button type="submit">{label}</button></form>'


def _masked(address: str) -> str:
    return escape(mask(address))


def _page(shop: str, title: str, text: str, form: str, note: str) -> str:
    name, after = escape(shop), f'<p class="soft">{note}</p>' if note else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · {name}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main>"
        f'<p class="shop">{name}</p><h1>{title}</h1><p>{text}</p>{form}{after}</main></body></html>'
    )
