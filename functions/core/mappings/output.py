"""What expressions give, as it may be stored: plain values, of a bounded size and depth."""

from decimal import Decimal
from typing import Any

from functions.core.base import money
from functions.core.mappings.expression import Failed
from functions.core.mappings.functions import Amount
from functions.core.mappings.steps import Steps, TooManySteps

# Characters of the properties and traits of one event, each of four bytes at most. A row of the log holds 350,000.
LARGEST_EVENT = 80_000
# DynamoDB nests 32 levels, and keeps 38 digits of a number.
_DEEPEST = 20
_DIGITS = 38
_EXPONENT = 120


def room() -> Steps:
    """The characters that the properties and traits of one event may have."""
    return Steps(LARGEST_EVENT)


def plain(value: Any, name: str, left: Steps) -> Any:
    """A copy of the value, amounts in major units where the name says that it is one; raises Failed.

    Names without a value are left out of objects. What stands in the value twice is copied twice, within the room.
    """
    try:
        return _copy(value, name, left, 0)
    except TooManySteps:
        raise Failed(f"an event has at most {LARGEST_EVENT} characters") from None


def is_true(value: Any) -> bool:
    """JMESPath's truth: anything but null, false, "", [] and {}."""
    return value is not None and value is not False and not (isinstance(value, str | list | dict) and not value)


def _copy(value: Any, name: str, left: Steps, depth: int) -> Any:
    if depth > _DEEPEST:
        raise Failed(f"a value is nested deeper than {_DEEPEST} levels")
    if isinstance(value, dict):
        left.take(2 + sum(map(len, value)))
        copies = ((key, _copy(inner, key, left, depth + 1)) for key, inner in value.items())
        return {key: inner for key, inner in copies if inner is not None}
    if isinstance(value, list):
        left.take(2 + len(value))
        return [_copy(inner, name, left, depth + 1) for inner in value]
    return _scalar(value, name, left)


def _scalar(value: Any, name: str, left: Steps) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        left.take(len(value))
        return value
    if isinstance(value, Amount):
        return money.major(value, value.currency) if name in money.MONEY else int(value)
    if not isinstance(value, int | Decimal):
        raise Failed("this is an expression (&) and no value")
    number = Decimal(value)
    if len(number.as_tuple().digits) > _DIGITS or abs(number.adjusted()) > _EXPONENT:
        raise Failed(f"a number has at most {_DIGITS} digits")
    left.take(_DIGITS)
    return value


def currencies(value: Any) -> set[str]:
    """The currencies of the amounts in a value that was copied within the room before."""
    if isinstance(value, Amount):
        return {value.currency}
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {code for each in inside for code in currencies(each)}
