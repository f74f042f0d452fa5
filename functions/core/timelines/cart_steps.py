"""Steps of carts as short text, for the timelines of conditions that ask whether a cart was emptied.

A step is a JSON list: the kind, the cart, and its lines. A line is its quantity and what tells it from others, each as
a hash of four bytes, since it is only ever compared with the few other lines of the same cart.
"""

import json
from base64 import b85encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from functions.core.timelines.carts import IDENTITY, Kind, Step, identity, quantity

# A cart with more lines is never seen to be emptied by single steps.
MOST_LINES = 50
_KINDS: tuple[Kind, ...] = ("clear", "all", "add", "remove", "some")


def encoded(cart: int, step: Step) -> str:
    """The step of the cart with this key; 0 stands for every cart."""
    lines = [[quantity(line), *_told(line)] for line in step.lines[:MOST_LINES]]
    # A line that nothing takes out stands for the rest.
    lines += [[1]] if step.kind == "all" and len(step.lines) > MOST_LINES else []
    return json.dumps([_KINDS.index(step.kind), written(cart), *lines], separators=(",", ":"))


def written(cart: int) -> str:
    """The key of a cart, of six bytes, as a step has it."""
    return b85encode(cart.to_bytes(6)).decode() if cart else ""


def _told(line: Mapping[str, Any]) -> Iterable[str]:
    by_name = identity(line)
    if by_name.keys() & {"variant_id", "sku"}:
        # These say which variant it is.
        by_name.pop("variant", None)
    names = [_short(by_name[name]) if name in by_name else "" for name in IDENTITY]
    while names and not names[-1]:
        names.pop()
    return names


def _short(text: str) -> str:
    return b85encode(sha256(text.encode("utf-8", "surrogatepass")).digest()[:4]).decode()


def decoded(text: str) -> tuple[str, Step]:
    """The key of the cart as ``written`` has it, empty for every cart, and the step."""
    kind, cart, *lines = json.loads(text)
    items = ({**dict(zip(IDENTITY, names, strict=False)), "quantity": count} for count, *names in lines)
    return cart, Step(_KINDS[kind], tuple(items))
