"""JSON from outside, read exactly: fractions as Decimal, and nothing that JSON does not have."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn

from functions.core.base.errors import Fault, Malformed

Pairs = Callable[[list[tuple[str, Any]]], Any]


def read(text: str, pairs: Pairs | None = None, where: str = "") -> Any:
    """Decode JSON; raises Malformed with what is wrong, and with line and column if it is not JSON at all.

    ``pairs`` makes the value of an object, which is a dict if it is left out; ``where`` is the place that faults name.
    Texts may hold half surrogate pairs.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=partial(_no_number, where), object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        raise Malformed(Fault(f"not JSON: {error.msg}", where, error.lineno, error.colno)) from None
    except RecursionError:
        raise Malformed(Fault("nested too deeply", where)) from None
    # Python reads no int of more than 4,300 digits, and Decimal no exponent beyond 10**18.
    except (ValueError, ArithmeticError):
        raise Malformed(Fault("a number has too many digits", where)) from None


def _no_number(where: str, name: str) -> NoReturn:
    raise Malformed(Fault(f"{name} is not a JSON value", where, suggestion="null"))


def size(value: Any) -> int:
    """The UTF-8 bytes of a JSON value as compact text, a Decimal counted with two more than its digits."""
    if isinstance(value, str) and value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return len(value) + 2
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return len(text.encode("utf-8", "surrogatepass"))
