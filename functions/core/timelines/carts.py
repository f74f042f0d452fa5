"""Computes the content of a cart from its events.

Storefronts send the whole content of a cart with each change, SDKs send single steps. A list of products is the whole
content, and replaces what was known before; "Product Added" and "Product Removed" of one product are steps that are
applied to it, in the order of time. Quantities are whole numbers, prices are in minor units.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from functions.core.base.events import Event
from functions.core.base.money import decimal
from functions.core.base.trust import RANKS

ADDED, REMOVED, EMPTIED = "Product Added", "Product Removed", "Cart Emptied"
# Events that may start a cart flow: a product was put into a cart, or a cart was taken to a checkout.
FILLING = frozenset((ADDED, "Cart Viewed", "Checkout Started", "Checkout Updated"))
# Events that empty a cart: the customer emptied it, or it was bought.
CLEARING = (EMPTIED, "Order Completed", "Store Purchase")
# All events about carts.
TELLING = (*sorted(FILLING), REMOVED, *CLEARING)
# The properties that name a cart.
KEYS = ("cart_id", "checkout_id")

# The properties that identify a line of a cart; two lines are the same if they agree in all of these that both have.
IDENTITY = ("variant_id", "sku", "product_id", "variant")
# The properties that ``step`` reads.
PROPERTIES = (*IDENTITY, "quantity", "products", "completed")
# Amounts of the whole cart, valid for the content in the same event.
TOTALS = ("total", "total_price", "value", "revenue", "subtotal", "discount", "shipping", "tax")
# Properties of a step's event that are about the cart and not about the product.
NOT_OF_LINES = frozenset(("cart_id", "checkout_id", "checkout_url", "currency", "products", *TOTALS))
_MOST = 1_000_000


Kind = Literal["clear", "all", "add", "remove", "some"]


class CartChange(NamedTuple):
    """The effect of one event on a cart.

    kind         ``clear``: it is empty; ``all``: ``lines`` are all it holds; ``add`` and ``remove``: ``lines`` were put
                 in or taken out; ``some``: it is not empty, but the content is unknown
    lines        product properties, each with its quantity
    whole_event  for ``all`` the event itself, which has the totals
    """

    kind: Kind
    lines: tuple[Mapping[str, Any], ...] = ()
    whole_event: Event | None = None


SOMETHING = CartChange("some")


class CartContent(NamedTuple):
    """The content of a cart: its lines, oldest first, each with its quantity.

    ``whole_event`` is the event that listed exactly this content, with its totals; None if steps came after it.
    """

    lines: tuple[Mapping[str, Any], ...] = ()
    whole_event: Event | None = None


def content(events: Iterable[Event]) -> CartContent | None:
    """The content of a cart after these events of it, in any order; None if none of them gives its content."""
    newest: dict[str, Event] = {}
    for event in events:
        first = newest.setdefault(event.natural or event.id, event)
        if _weight(first) < _weight(event):
            newest[event.natural or event.id] = event
    changes = [(event, change) for event in newest.values() if (change := step(event))]
    return replay(change for _, change in sorted(changes, key=_order))


def _weight(event: Event) -> tuple[int, tuple[int, int]]:
    """Of several reports of one thing the shop's own count before those of a browser, then the newest."""
    return RANKS[event.trust], (event.time, event.revision)


def is_empty(events: Iterable[Event]) -> bool:
    """True if the cart is known to be empty after these events of it; False if its content is unknown."""
    cart = content(events)
    return cart is not None and not cart.lines


def _order(event_and_step: tuple[Event, CartChange]) -> tuple[int, bool, str, str]:
    """The sort key of an event and its step.

    Each update of a checkout has the time at which it began but the content of its revision, so it sorts by revision.
    """
    event, change = event_and_step
    at = event.time if change.kind == "clear" else event.revision or event.time
    return at, change.kind != "some", event.sort, event.id


def replay(steps: Iterable[CartChange]) -> CartContent | None:
    """The content of a cart after these steps, oldest first; None if it is unknown."""
    cart: CartContent | None = None
    for each in steps:
        if each.kind in ("clear", "all"):
            cart = _filled(each.lines, each.whole_event)
        elif each.kind == "add":
            cart = _with(cart, each.lines[0])
        elif each.kind == "some":
            cart = cart if cart and cart.lines else None
        elif cart is not None:
            cart = _without(cart, each.lines)
    return cart


def step(event: Event) -> CartChange | None:
    """The effect of the event on its cart; None if it has none."""
    if event.name in CLEARING:
        return CartChange("clear")
    listed = _listed(event)
    if event.name == REMOVED:
        return CartChange("remove", (event.properties,) if listed is None else tuple(listed))
    if event.name not in FILLING or event.properties.get("completed"):
        # A completed checkout is an order.
        return None
    if event.name == ADDED and listed is None:
        return CartChange("add", (event.properties,)) if identity(event.properties) else SOMETHING
    # Nobody checks out an empty cart.
    is_all = listed is not None and (listed or event.name == "Cart Viewed")
    return CartChange("all", tuple(listed or ()), event) if is_all else SOMETHING


def _listed(event: Event) -> list[Mapping[str, Any]] | None:
    products = event.properties.get("products")
    return [line for line in products if isinstance(line, Mapping)] if isinstance(products, list) else None


def _filled(lines: Iterable[Mapping[str, Any]], event: Event | None = None) -> CartContent:
    return CartContent(tuple(line for line in lines if quantity(line) > 0), event)


def _with(cart: CartContent | None, step: Mapping[str, Any]) -> CartContent:
    lines = list(cart.lines) if cart else []
    place = next((place for place, line in enumerate(lines) if is_same(line, step)), len(lines))
    before = lines[place : place + 1]
    properties = {name: value for line in before for name, value in line.items() if name != "line_price"}
    changes = {name: value for name, value in step.items() if name not in NOT_OF_LINES and name != "line_price"}
    lines[place : place + 1] = [{**properties, **changes, "quantity": sum(map(quantity, (*before, step)))}]
    return _filled(lines)


def _without(cart: CartContent, steps: Iterable[Mapping[str, Any]]) -> CartContent:
    lines = list(cart.lines)
    for step in steps:
        remaining = quantity(step)
        # Of several lines that the step may mean, the newest is the likeliest.
        for place in range(len(lines) - 1, -1, -1):
            if remaining > 0 and is_same(lines[place], step):
                removed = min(remaining, quantity(lines[place]))
                lines[place] = _of(lines[place], quantity(lines[place]) - removed)
                remaining -= removed
    return _filled(lines)


def _of(line: Mapping[str, Any], count: int) -> dict[str, Any]:
    return {**{name: value for name, value in line.items() if name != "line_price"}, "quantity": count}


def quantity(line: Mapping[str, Any]) -> int:
    """The quantity of a line; 1 if it is missing or not a number from 0 to below a million."""
    number = decimal(line.get("quantity"))
    return int(number) if number is not None and 0 <= number < _MOST else 1


def identity(line: Mapping[str, Any]) -> dict[str, str]:
    """The identifying properties of a line (``IDENTITY``) that are not empty, as text."""
    return {name: str(value) for name in IDENTITY if (value := line.get(name)) not in (None, "")}


def is_same(line: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    """True if both lines are about one product: they agree in all of ``IDENTITY`` that both have, in an id at least."""
    ours, theirs = identity(line), identity(step)
    both = (ours.keys() & theirs.keys()) - {"variant"}
    return bool(both) and all(ours[name] == theirs[name] for name in ours.keys() & theirs.keys())
