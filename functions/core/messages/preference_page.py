"""The HTML page behind the unsubscribe link: one question, two buttons, no script."""

from functions.core.base.events import Consent
from functions.core.messages.page import Button, masked, page

_ASKED = "Do you want to stop getting marketing e-mail from us at <strong>{address}</strong>?"
_STOPPED = "No more marketing e-mail goes to <strong>{address}</strong>. Messages about your orders still do."
_AGAIN = "Welcome back. Marketing e-mail goes to <strong>{address}</strong> again."
_ELSEWHERE = (
    "We noted your yes for <strong>{address}</strong>. Another address of yours has said no, so we stay silent."
)
_MISTAKE = "Pressed by mistake? One click brings it back."
_LATER = "You can change your mind at any time with the link in every message."
_NO, _YES = Button("unsubscribe", "Unsubscribe"), Button("subscribe", "Subscribe again")


def asking(shop: str, address: str, consent: Consent | None) -> str:
    """The page for opening the link: the present consent and a button to change it. Showing it changes nothing."""
    if consent == "unsubscribed":
        return stopped(shop, address)
    return page(shop, "Unsubscribe?", _ASKED.format(address=masked(address)), [_NO], _LATER)


def stopped(shop: str, address: str) -> str:
    """The page after unsubscribing."""
    return page(shop, "You are unsubscribed", _STOPPED.format(address=masked(address)), [_YES], _MISTAKE)


def resumed(shop: str, address: str, consent: Consent | None) -> str:
    """The page after subscribing again; ``consent`` is the resulting consent over all of the person's addresses."""
    text = _AGAIN if consent == "subscribed" else _ELSEWHERE
    return page(shop, "You are subscribed", text.format(address=masked(address)), [_NO], _LATER)


def unknown(shop: str) -> str:
    """The page for an invalid link; it does not say why the link is invalid."""
    return page(shop, "This link does not work", "It may be cut short. Please use the one in the message.")


def unclear(shop: str) -> str:
    """The page for a form whose action is neither subscribe nor unsubscribe."""
    return page(shop, "Nothing was changed", "Open the link in the message again and press the button.")


def failing(shop: str) -> str:
    """The page for a choice that could not be stored."""
    return page(shop, "Please try again", "Your answer could not be saved just now. Try again in a minute.")
