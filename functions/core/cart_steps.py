"""Steps of carts as short text, for the timelines of conditions that ask whether a cart was emptied.

A step is a JSON list: the cart's key (0: every cart), the kind, and its lines. A line is its quantity and what tells it
from others; a long text is kept as its hash, since it is only ever compared.
"""

import json
from base64 import b85encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from functions.core.carts import IDENTITY, Kind, Step, identity, quantity

# A cart with more lines is never seen to be emptied by single steps.
MOST_LINES = 50
_SHORT = 8
_KINDS: tuple[Kind, ...] = ("clear", "all", "add", "remove", "some")


def encoded(cart: int, step: Step) -> str:
    """The step of the cart."""
    lines = [[quantity(line), *_told(line)] for line in step.lines[:MOST_LINES]]
    # A line that nothing takes out stands for the rest.
    lines += [[1]] if step.kind == "all" and len(step.lines) > MOST_LINES else []
    return json.dumps([cart, _KINDS.index(step.kind), *lines], separators=(",", ":"))


def _told(line: Mapping[str, Any]) -> Iterable[str]:
    known = identity(line)
    told = [_short(known.get(name, "")) for name in IDENTITY]
    while told and not told[-1]:
        told.pop()
    return told


def _short(text: str) -> str:
    if len(text) <= _SHORT:
        return text
    return "#" + b85encode(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]).decode()


def decoded(text: str) -> tuple[int, Step]:
    """The key of the cart, and the step."""
    cart, kind, *lines = json.loads(text)
    return cart, Step(
        _KINDS[kind], tuple({**dict(zip(IDENTITY, told, strict=False)), "quantity": count} for count, *told in lines)
    )
