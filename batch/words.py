"""JSON as the engine reads it: numbers exact."""

import json
from decimal import Decimal
from typing import Any


def read_json(text: str) -> Any:
    """The value of a JSON object; anything else says nothing."""
    try:
        value = json.loads(text, parse_float=Decimal)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def canonical(value: Any) -> str:
    """The same text for the same JSON."""
    return json.dumps(value, sort_keys=True, default=str)
