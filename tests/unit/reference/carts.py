"""What is in a cart: everything that was put in and not taken out again."""

from datetime import datetime
from typing import Any

from functions.core.segments.parts import emptied
from functions.core.timelines.cart_steps import encoded
from functions.core.timelines.carts import step
from functions.core.timelines.event_keys import event_key

from .events import once
from .values import at, keyed, span

CLEARS = ("Cart Emptied", "Order Completed", "Store Purchase")
LISTS = ("Product Added", "Cart Viewed", "Checkout Started", "Checkout Updated")


def key_of(event, node):
    return next(iter(map(keyed, at(event.properties, node["by"]))), None)


def says(event):
    """(kind, products with quantities) of an event that says something of a cart; None of others."""
    products = event.properties.get("products")
    listed = [each for each in products if isinstance(each, dict)] if isinstance(products, list) else None
    one = event.properties if listed is None else None
    if event.name in CLEARS:
        return "all", []
    if event.name == "Product Removed":
        return "remove", [one] if one else listed
    if event.name not in LISTS or event.properties.get("completed"):
        return None
    if event.name == "Product Added" and one and one.get("product_id"):
        return "add", [one]
    return ("all", listed) if listed else ("some", [])


def told(node, history):
    """The events that tell of the carts of a node."""
    return [event for event in history if says(event) and (key_of(event, node) is not None or event.name in CLEARS)]


def sent(event):
    """Milliseconds of the sender's clock after the event's second; of what has a number of its own, its revision."""
    if event.natural:
        return event.revision
    return round(datetime.fromisoformat(event.sort.partition("#")[0]).timestamp() * 1000) - event.time * 1000


def order(event):
    """By time; of one millisecond by what is kept of them."""
    kind, _ = says(event)
    whole = kind in ("all", "some")
    kept = step(event)
    assert kept
    return event.time, kind != "some", sent(event), whole, "" if whole else event_key(event), encoded(0, kept)


def is_empty(node, history, key, now):
    since = now - max(emptied.HORIZON, span(node["within"]) if "within" in node else 0)
    events = told(node, history)
    steps = [event for event in events if says(event)[0] in ("add", "remove")]
    whole = [event for event in events if event not in steps]
    known = [
        e
        for e in (*once(steps, lambda event: (event.time, event.revision), {"events": []}), *whole)
        if since < e.time <= now and key_of(e, node) in (key, None)
    ]
    cart: dict[Any, Any] | None = None
    for event in sorted(known, key=order):
        kind, lines = says(event)
        if kind == "all":
            cart = {}
        elif kind == "some":
            cart = cart if cart and any(cart.values()) else None
            continue
        elif cart is None:
            if kind == "remove":
                continue
            cart = {}
        for line in lines:
            quantity = line.get("quantity", 1)
            before = cart.get(line.get("product_id"), 0)
            cart[line.get("product_id")] = max(0, before - quantity) if kind == "remove" else before + quantity
    return cart is not None and not any(cart.values())
