"""JSON as the engine reads it, with exact numbers."""

import json
from decimal import Decimal
from typing import Any


def read_json(text: str) -> Any:
    """Decode a JSON object; empty for anything else."""
    try:
        value = json.loads(text, parse_float=Decimal)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def canonical(value: Any) -> str:
    """The canonical text of a JSON value: equal for equal values."""
    return json.dumps(value, sort_keys=True, default=str)
