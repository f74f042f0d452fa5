"""The products of an event as short text, to decide whether a cart holds a product that was not ordered.

The text is a letter for the property that identifies the products and, for each product, four hexadecimal digits of its
hash. Two products with the same hash count as one, so the only possible error is that a cart looks as if it was
ordered.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from functions.core.base.events import Event
from functions.core.timelines.carts import identity
from functions.core.timelines.event_keys import hash_of

# The properties that identify products; first the one that most senders have in both carts and orders.
_NAMES = {"p": "product_id", "s": "sku", "v": "variant_id"}
_DIGITS = 4
# The most products of an event; with more, its text is empty.
_MOST = 20


def encoded(event: Event) -> str:
    """The text of the products that the event lists, or of the one that it is about.

    Empty if there are more than 20 products, or no property that identifies each of them.
    """
    listed = event.properties.get("products")
    products = listed if isinstance(listed, list) else [event.properties]
    lines = [identity(product) for product in products if isinstance(product, Mapping)]
    for letter, name in _NAMES.items():
        if 0 < len(lines) <= _MOST and all(name in line for line in lines):
            return letter + "".join(sorted({_short(line[name]) for line in lines}))
    return ""


def holds_more(cart: Any, ordered: Any) -> bool:
    """True if the cart's text has a product that the order's text lacks.

    False if one of them is empty or they identify products by different properties.
    """
    if not cart or not ordered or cart[0] != ordered[0]:
        return False
    return not set(_hashes(cart)) <= set(_hashes(ordered))


def _short(text: str) -> str:
    return f"{hash_of(text, _DIGITS // 2):0{_DIGITS}x}"


def _hashes(text: str) -> Iterable[str]:
    return (text[place : place + _DIGITS] for place in range(1, len(text), _DIGITS))
