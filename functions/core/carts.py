"""What a cart holds, from the events that tell of it.

Storefronts tell the whole content of a cart with each change, SDKs single steps. A list of products is the whole
content, and replaces what was known before; "Product Added" and "Product Removed" of one product are steps that are
applied to it, in the order of time. Quantities are whole numbers, prices minor units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.core.events import Event
from functions.core.money import decimal

ADDED, REMOVED, EMPTIED = "Product Added", "Product Removed", "Cart Emptied"
# What may start a cart flow: something was put into a cart, or taken to a checkout.
FILLING = frozenset((ADDED, "Cart Viewed", "Checkout Started", "Checkout Updated"))
# What takes everything out: the customer did, or the shop that sold it.
CLEARING = (EMPTIED, "Order Completed")
# The properties that name a cart.
KEYS = ("cart_id", "checkout_id")

# What tells one line of a cart from another; two lines are one when they agree in all that both say.
IDENTITY = ("variant_id", "sku", "product_id", "variant")
# Amounts of the whole cart, which hold for the content that they were told with.
TOTALS = ("total", "total_price", "value", "revenue", "subtotal", "discount", "shipping", "tax")
# What a step says of its cart and not of its product.
_NOT_OF_LINES = frozenset(("cart_id", "checkout_id", "checkout_url", "currency", "products", *TOTALS))
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines that are in a cart, oldest first, each with its quantity.

    ``told`` is the event that says all of it, with its totals; None when steps were taken since.
    """

    lines: tuple[Mapping[str, Any], ...] = ()
    told: Event | None = None


def content(events: Iterable[Event]) -> Cart | None:
    """What these events of one cart leave in it; None when none of them says what was in it."""
    cart: Cart | None = None
    for event in sorted(events, key=_order):
        cart = _after(cart, event)
    return cart


def is_empty(events: Iterable[Event]) -> bool:
    """Whether these events of one cart leave nothing in it."""
    cart = content(events)
    return cart is not None and not cart.lines


def _order(event: Event) -> tuple[int, str, str]:
    """A checkout that is told again has the time of its beginning and the content of its revision."""
    at = event.time if event.name in CLEARING else event.revision or event.time
    return at, event.sort, event.id


def _after(cart: Cart | None, event: Event) -> Cart | None:
    listed = _listed(event)
    if event.name in CLEARING:
        return Cart()
    if event.name == REMOVED:
        return _without(cart, [event.properties] if listed is None else listed)
    if event.name == ADDED and listed is None:
        return _with(cart, event.properties)
    if listed is None or not _says_all(event, listed):
        return cart
    return _filled(listed, event)


def _listed(event: Event) -> list[Mapping[str, Any]] | None:
    products = event.properties.get("products")
    return [line for line in products if isinstance(line, Mapping)] if isinstance(products, list) else None


def _says_all(event: Event, listed: list[Mapping[str, Any]]) -> bool:
    """Whether the list is the content: nobody checks out an empty cart, and a completed checkout is an order."""
    return (
        event.name in FILLING and bool(listed or event.name == "Cart Viewed") and not event.properties.get("completed")
    )


def _filled(lines: Iterable[Mapping[str, Any]], told: Event | None = None) -> Cart:
    return Cart(tuple(line for line in lines if quantity(line) > 0), told)


def _with(cart: Cart | None, step: Mapping[str, Any]) -> Cart | None:
    if not _identity(step):
        return cart
    lines = list(cart.lines) if cart else []
    place = next((place for place, line in enumerate(lines) if _is_same(line, step)), len(lines))
    before = lines[place : place + 1]
    known = {name: value for line in before for name, value in line.items() if name != "line_price"}
    said = {name: value for name, value in step.items() if name not in _NOT_OF_LINES and name != "line_price"}
    lines[place : place + 1] = [{**known, **said, "quantity": sum(map(quantity, (*before, step)))}]
    return _filled(lines)


def _without(cart: Cart | None, steps: Iterable[Mapping[str, Any]]) -> Cart | None:
    if cart is None:
        return None
    lines = list(cart.lines)
    for step in steps:
        left = quantity(step)
        # Of several lines that the step may mean, the newest is the likeliest.
        for place in range(len(lines) - 1, -1, -1):
            if left > 0 and _is_same(lines[place], step):
                taken = min(left, quantity(lines[place]))
                lines[place] = _of(lines[place], quantity(lines[place]) - taken)
                left -= taken
    return _filled(lines)


def _of(line: Mapping[str, Any], count: int) -> dict[str, Any]:
    return {**{name: value for name, value in line.items() if name != "line_price"}, "quantity": count}


def quantity(line: Mapping[str, Any]) -> int:
    """How many there are of the line; one where it does not say."""
    told = decimal(line.get("quantity"))
    return int(told) if told is not None and 0 <= told < _MOST else 1


def _identity(line: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name in IDENTITY if (value := line.get(name)) not in (None, "")}


def _is_same(line: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    ours, theirs = _identity(line), _identity(step)
    both = (ours.keys() & theirs.keys()) - {"variant"}
    return bool(both) and all(ours[name] == theirs[name] for name in ours.keys() & theirs.keys())
