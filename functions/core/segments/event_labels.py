"""What people call events: the verb of a sentence, its negation, and the words for what was spent or opened.

Labels of the Segment vocabulary are shipped here; a definition of the kind ``events`` brings its own, for all the
events that it names together, or for the only one. A condition that is to be told has the label beside its events, so
that an operator needs nothing else; what is stored has none.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from functions.core.money import MONEY

Events = tuple[str, ...]


class Label(NamedTuple):
    """How sentences say that events happened.

    past      "ordered", after "people who"
    negative  "did not order"
    sum       by property, the verb of a sum of it: "spent"
    of        the verb for what is done to one of several others: "opened", as in "opened each of their last 5 e-mails"
    several   the noun for the last so many: "e-mails"
    """

    past: str = ""
    negative: str = ""
    sum: Mapping[str, str] = {}
    of: str = ""
    several: str = ""


Labels = Mapping[Events, Label]

# A prefix marks the id of named events: no event of the vocabulary begins with it.
_NAMED = "#"

SHIPPED: Labels = {
    ("Page Viewed",): Label("viewed a page", "did not view a page"),
    ("Product Viewed",): Label("viewed a product", "did not view a product"),
    ("Product List Viewed",): Label("viewed a list of products", "did not view a list of products"),
    ("Products Searched",): Label("searched for products", "did not search for products"),
    ("Product Added",): Label("added to a cart", "did not add to a cart"),
    ("Product Removed",): Label("took something out of a cart", "did not take anything out of a cart"),
    ("Cart Viewed",): Label("viewed a cart", "did not view a cart"),
    ("Checkout Started",): Label("started a checkout", "did not start a checkout"),
    ("Order Completed",): Label("ordered", "did not order", {"total": "spent"}, several="orders"),
    ("Order Cancelled",): Label("cancelled an order", "did not cancel an order"),
    ("Order Refunded",): Label("was paid back", "was not paid back"),
    ("Store Entered",): Label("entered a store", "did not enter a store"),
    ("Store Purchase",): Label("bought in a store", "did not buy in a store", {"total": "spent in a store"}),
    ("Email Sent",): Label("was sent an e-mail", "was not sent an e-mail", several="e-mails"),
    ("Email Opened",): Label("opened an e-mail", "did not open an e-mail", of="opened"),
    ("Email Clicked",): Label("clicked in an e-mail", "did not click in an e-mail", of="clicked in"),
    ("Signed Up",): Label("signed up", "did not sign up"),
    ("Signed In",): Label("signed in", "did not sign in"),
}


# Signs of currencies that the language reads before a number.
SIGNS = {
    **{"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "TRY": "₺", "UAH": "₴"},
    **{"VND": "₫", "ILS": "₪", "THB": "฿", "NGN": "₦", "PHP": "₱"},
}


class Style(NamedTuple):
    """How a shop's sentences are written: its labels, and the sign of its currency before amounts of money."""

    known: Labels = SHIPPED
    sign: str = ""


PLAIN = Style()


def style_of(groups: Mapping[str, Mapping[str, Any]], currency: str) -> Style:
    """The style of a shop; a currency without a sign of its own leaves amounts plain."""
    return Style(labels_of(groups), SIGNS.get(currency.upper(), ""))


def labels_of(groups: Mapping[str, Mapping[str, Any]]) -> Labels:
    """The shipped labels, and those of the shop's definitions of events."""
    own = {_key_of(name, body): Label(**body["label"]) for name, body in groups.items() if "label" in body}
    return {**SHIPPED, **own} if own else SHIPPED


def _key_of(name: str, body: Mapping[str, Any]) -> Events:
    return (body["any of"][0],) if len(body["any of"]) == 1 else (f"{_NAMED}{name}",)


def key(events: Iterable[str | Mapping[str, Any]]) -> Events:
    """Under which key the events of a condition are labelled."""
    return tuple(each if isinstance(each, str) else f"{_NAMED}{each['named']}" for each in events)


def events(key: Events) -> list[Any]:
    """The events of a condition that were found by their label."""
    return [{"named": each.removeprefix(_NAMED)} if each.startswith(_NAMED) else each for each in key]


def labelled(value: Any, style: Style) -> Any:
    """The condition with a label beside events that have one, and the currency's sign beside amounts of money."""
    if isinstance(value, list | tuple):
        return [labelled(each, style) for each in value]
    if not isinstance(value, Mapping):
        return value
    found = {name: labelled(each, style) for name, each in value.items()}
    label = style.known.get(key(value["events"])) if isinstance(value.get("events"), list) else None
    if label:
        found["label"] = label
    if style.sign and _is_money(value.get("property")):
        found["sign"] = style.sign
    return found


def _is_money(path: Any) -> bool:
    return isinstance(path, str) and path.split(".")[-1].removesuffix("[]") in MONEY
