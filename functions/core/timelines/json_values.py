"""Values of any type as short JSON text, so that a timeline can keep a value and compare it later."""

import json
from decimal import Context, Decimal
from typing import Any

from functions.core.timelines.filters import trait_value

# Longer texts are kept as UNREADABLE, so that the state stays small: the value exists, but satisfies no comparison.
LONGEST = 1024
UNREADABLE = "{}"
_EXACT = Context(prec=120)


def encoded(value: Any) -> str:
    """The value as JSON text: a number as ``{"n": digits}``; ``{}`` if it cannot be compared or is too long."""
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
    """The value of a JSON text, in the types that comparisons take.

    None means that the value was taken back, an empty mapping that it cannot be compared.
    """
    return json.loads(text, object_hook=_number)


def _number(value: dict[str, Any]) -> Any:
    return Decimal(value["n"]) if value else value
