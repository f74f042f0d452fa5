"""Values of any kind as short JSON text, so that a timeline can keep what was said and compare it later."""

import json
from decimal import Context, Decimal
from typing import Any

from functions.core.timelines.filters import trait_value

# Longer values are known to exist but satisfy no comparison: the state must stay small.
LONGEST = 1024
UNREADABLE = "{}"
_EXACT = Context(prec=120)


def encoded(value: Any) -> str:
    """The value as text: a Decimal as {"n": digits}, what cannot be compared as {}."""
    text = json.dumps(_plain(value), separators=(",", ":"))
    return text if len(text) <= LONGEST else UNREADABLE


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) if isinstance(each, str | bool | int | Decimal) else {} for each in value]
    number = trait_value(value)
    return {} if number is None else {"n": str(number.normalize(_EXACT))}


def decoded(text: str) -> Any:
    """The value as comparisons see it; None when it was taken back, a mapping when it cannot be compared."""
    return json.loads(text, object_hook=_number)


def _number(value: dict[str, Any]) -> Any:
    return Decimal(value["n"]) if value else value
