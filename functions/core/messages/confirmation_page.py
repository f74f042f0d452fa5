"""The HTML pages behind the link of the double opt-in: one question, two buttons, no script."""

from functions.core.messages.page import Button, masked, page

_ASKED = "May we send marketing e-mail to <strong>{address}</strong>?"
_CONFIRMED = "Thank you. You said yes to marketing e-mail at <strong>{address}</strong>."
_REFUSED = "No marketing e-mail goes to <strong>{address}</strong>, and we do not ask again."
_USED = "This link has done its work. What you have said of <strong>{address}</strong> since then holds."
_EXPIRED = "It was good for 7 days. If you still want our e-mails, please sign up in our shop once more."
_LATER = "You can change your mind at any time with the link in every message."
_STRANGER = "Was it not you who gave us this address? Then just close this page, or say no."
_YES, _NO = Button("confirm", "Yes, confirm"), Button("refuse", "No, and do not ask again", is_soft=True)


def asking(shop: str, address: str) -> str:
    """The page for opening the link: showing it changes nothing."""
    return page(shop, "Please confirm", _ASKED.format(address=masked(address)), [_YES, _NO], _STRANGER)


def confirmed(shop: str, address: str) -> str:
    """The page after the yes."""
    return page(shop, "Confirmed", _CONFIRMED.format(address=masked(address)), note=_LATER)


def refused(shop: str, address: str) -> str:
    """The page after the no."""
    return page(shop, "Your no is noted", _REFUSED.format(address=masked(address)))


def used(shop: str, address: str) -> str:
    """The page of a link that was used before, which says nothing of what holds now."""
    return page(shop, "You have answered already", _USED.format(address=masked(address)), note=_LATER)


def expired(shop: str) -> str:
    """The page of a link that was good for a time that is over; it names nobody."""
    return page(shop, "This link has expired", _EXPIRED)
