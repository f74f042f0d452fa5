"""Steps of carts as short text, for the timelines of conditions that ask whether a cart was emptied.

A step is a JSON list: the kind, the cart, and its lines. A line is its quantity and its identifying properties, each as
a hash of four bytes, which is enough because it is only compared with the few other lines of the same cart.
"""

import json
from base64 import b85encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from functions.core.timelines.carts import IDENTITY, CartChange, Kind, identity, quantity

# Further lines are not kept: a cart that has more is never found to be emptied by single steps.
MOST_LINES = 50
_KINDS: tuple[Kind, ...] = ("clear", "all", "add", "remove", "some")


def encoded(cart: int, step: CartChange) -> str:
    """The text of a step; ``cart`` is the key of the cart less NATURAL, 0 for every cart."""
    lines = [[quantity(line), *_told(line)] for line in step.lines[:MOST_LINES]]
    # One line without identity, which no step can remove, represents the rest.
    lines += [[1]] if step.kind == "all" and len(step.lines) > MOST_LINES else []
    return json.dumps([_KINDS.index(step.kind), written(cart), *lines], separators=(",", ":"))


def written(cart: int) -> str:
    """The key of a cart (48 bits) as text in a step; empty for 0."""
    return b85encode(cart.to_bytes(6)).decode() if cart else ""


def _told(line: Mapping[str, Any]) -> Iterable[str]:
    by_name = identity(line)
    if by_name.keys() & {"variant_id", "sku"}:
        # These identify the variant already.
        by_name.pop("variant", None)
    names = [_short(by_name[name]) if name in by_name else "" for name in IDENTITY]
    while names and not names[-1]:
        names.pop()
    return names


@lru_cache(maxsize=1 << 12)
def _short(text: str) -> str:
    return b85encode(sha256(text.encode("utf-8", "surrogatepass")).digest()[:4]).decode()


@lru_cache(maxsize=1 << 12)
def decoded(text: str) -> tuple[str, CartChange]:
    """Decode a step: the cart's key as text (see ``written``; empty for every cart), and the step.

    The lines of the step have hashes in place of the identifying properties. It is cached, since a replay of the past
    reads the same steps again and again.
    """
    kind, cart, *lines = json.loads(text)
    items = ({**dict(zip(IDENTITY, names, strict=False)), "quantity": count} for count, *names in lines)
    return cart, CartChange(_KINDS[kind], tuple(items))
