"""Which products an event tells of, as short text, for timelines that ask whether a cart holds what was not ordered.

The text is a letter for the property that names the products and, for each product, four hexadecimal digits of its
hash. Two products of one hash are taken for one, which makes a cart look ordered and never the other way.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from functions.core.base.events import Event
from functions.core.timelines.carts import identity
from functions.core.timelines.event_keys import hash_of

# What names the products, the property that most senders have in carts and orders alike first.
_NAMES = {"p": "product_id", "s": "sku", "v": "variant_id"}
_DIGITS = 4
# Of more products than these nothing is said.
_MOST = 20


def encoded(event: Event) -> str:
    """The products that the event lists, or the one that it is about; empty if it does not name each of them."""
    listed = event.properties.get("products")
    products = listed if isinstance(listed, list) else [event.properties]
    lines = [identity(product) for product in products if isinstance(product, Mapping)]
    for letter, name in _NAMES.items():
        if 0 < len(lines) <= _MOST and all(name in line for line in lines):
            return letter + "".join(sorted({_short(line[name]) for line in lines}))
    return ""


def holds_more(cart: Any, ordered: Any) -> bool:
    """Whether the first text names a product that the second does not; False where the two cannot be compared."""
    if not cart or not ordered or cart[0] != ordered[0]:
        return False
    return not set(_hashes(cart)) <= set(_hashes(ordered))


def _short(text: str) -> str:
    return f"{hash_of(text, _DIGITS // 2):0{_DIGITS}x}"


def _hashes(text: str) -> Iterable[str]:
    return (text[place : place + _DIGITS] for place in range(1, len(text), _DIGITS))
