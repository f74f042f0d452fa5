"""The functions of expressions: JMESPath's, exact on decimals and within the steps, and ours.

A number of a body is an int or a Decimal, never a float. A fault says what was wrong and never the value, which may be
somebody's.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from jmespath.functions import Functions, signature

from functions.core.base import money, plain_values
from functions.core.mappings.steps import Steps

_ANY: Mapping[str, list[str]] = {"types": []}
_NUMBER: Mapping[str, list[str]] = {"types": ["number"]}
_NUMBERS: Mapping[str, list[str]] = {"types": ["array-number"]}
_TEXT: Mapping[str, list[str]] = {"types": ["string"]}
# Digits of whole seconds and of milliseconds: below it lies the year 5138 in seconds, above it 1973 in milliseconds.
_MILLISECONDS_FROM = 10**11
_LATEST = 253_402_300_799_999
# Beside Python's own.
_NUMBERS_OF_OURS = ("Decimal", "Amount")


F = TypeVar("F", bound=Callable[..., Any])


def _takes(*arguments: Mapping[str, Any]) -> Callable[[F], F]:
    """Mark a method as the function of its name, with what JMESPath says of its arguments."""
    decorate: Callable[[F], F] = signature(*arguments)
    return decorate


class BadValue(Exception):
    """A function cannot work with what it was given; says what, never the value."""


class Amount(int):
    """An amount of money in minor units of ``currency``, which nobody converts a second time."""

    currency: str

    def __new__(cls, minor: int, currency: str) -> "Amount":
        """An amount."""
        self = super().__new__(cls, minor)
        self.currency = currency
        return self


class MappingFunctions(Functions):  # type: ignore[misc]  # jmespath is not followed by mypy
    """What expressions may call. ``currency`` is that of amounts that name none, ``headers`` have lower-case names."""

    def __init__(self, steps: Steps, headers: Mapping[str, str], currency: str) -> None:
        self._steps = steps
        self._headers = headers
        self._currency = currency

    def call_function(self, function_name: str, resolved_args: Sequence[Any]) -> Any:
        """Call it after its steps were taken."""
        for each in resolved_args:
            self._steps.look_at(each)
        return super().call_function(function_name, resolved_args)

    @_takes(_ANY)
    def _func_text(self, value: Any) -> str | None:
        return plain_values.text(value)

    @_takes(_ANY)
    def _func_lower(self, value: Any) -> str | None:
        return value.lower() if isinstance(value, str) else None

    @_takes(_ANY)
    def _func_header(self, name: str) -> str | None:
        return self._headers.get(str(name).lower())

    @_takes(_ANY)
    def _func_instant(self, value: Any) -> int | None:
        if value is None or value == "":
            return None
        number = money.decimal(value)
        found = plain_values.instant(value) if number is None else _milliseconds(number)
        if found is None:
            raise BadValue("instant() takes a date of RFC 3339 or seconds since 1970, and was given neither")
        return found

    @_takes({"types": [], "variadic": True})
    def _func_money(self, value: Any, *currency: Any) -> Amount | None:
        return self._amount("money", value, currency, money.to_minor)

    @_takes({"types": [], "variadic": True})
    def _func_minor(self, value: Any, *currency: Any) -> Amount | None:
        return self._amount("minor", value, currency, lambda number, _: _integral(number))

    def _amount(
        self, name: str, value: Any, currency: Sequence[Any], read: Callable[[Any, str], int | None]
    ) -> Amount | None:
        code = money.currency_code(currency[0]) if currency else self._currency
        if code is None or len(currency) > 1:
            raise BadValue(f"{name}() takes an amount and the code of its currency, and was given another code")
        if value is None or value == "":
            return None
        minor = read(value, code)
        if minor is None or money.major(minor, code) is None:
            raise BadValue(f"{name}() was given what is no amount")
        return Amount(minor, code)

    @_takes(_NUMBER)
    def _func_abs(self, arg: Any) -> Any:
        return abs(_ordinary(arg))

    @_takes(_NUMBER)
    def _func_ceil(self, arg: Any) -> Any:
        return math.ceil(_ordinary(arg))

    @_takes(_NUMBER)
    def _func_floor(self, arg: Any) -> Any:
        return math.floor(_ordinary(arg))

    @_takes(_NUMBERS)
    def _func_sum(self, arg: list[Any]) -> Any:
        return sum(map(_ordinary, arg))

    @_takes(_NUMBERS)
    def _func_avg(self, arg: list[Any]) -> Decimal | None:
        return Decimal(sum(map(_ordinary, arg))) / len(arg) if arg else None

    @_takes(_ANY)
    def _func_to_number(self, arg: Any) -> Any:
        number = money.decimal(arg)
        is_whole = number is not None and isinstance(arg, str) and arg.strip().lstrip("+-").isdecimal()
        return int(arg) if is_whole or (isinstance(arg, int) and number is not None) else number

    @_takes(_ANY)
    def _func_to_string(self, arg: Any) -> str:
        if isinstance(arg, list | dict):
            raise BadValue("to_string() takes text, a number, true or false")
        return json.dumps(arg) if arg is None or isinstance(arg, bool) else str(arg)

    @_takes({"types": ["array", "string"]}, _ANY)
    def _func_contains(self, subject: Any, search: Any) -> bool:
        if isinstance(subject, str):
            return isinstance(search, str) and search in subject
        return any(are_equal(each, search, self._steps) for each in subject)

    @_takes(_TEXT, {"types": ["array-string"]})
    def _func_join(self, separator: str, array: list[str]) -> str:
        self._steps.take(len(separator) * len(array))
        return separator.join(array)

    @_takes(_ANY)
    def _func_type(self, arg: Any) -> str:
        return self._convert_to_jmespath_type(type(arg).__name__)

    def _get_allowed_pytypes(self, types: Sequence[str]) -> tuple[list[str], list[tuple[str, ...]]]:
        """The names of Python's types that a signature allows, decimals among the numbers."""
        whole, inner = super()._get_allowed_pytypes(types)
        more = _NUMBERS_OF_OURS if "float" in whole else ()
        return [*whole, *more], [(*each, *_NUMBERS_OF_OURS) if "float" in each else each for each in inner]

    def _convert_to_jmespath_type(self, pyobject: str) -> str:
        """JMESPath's word for a type of Python's."""
        return "number" if pyobject in _NUMBERS_OF_OURS else str(super()._convert_to_jmespath_type(pyobject))


# How many arguments each function takes, and whether more may follow.
ARITIES: Mapping[str, tuple[int, bool]] = {
    name: (len(each["signature"]), bool(each["signature"][-1].get("variadic")))
    for name, each in MappingFunctions.FUNCTION_TABLE.items()
}


def are_equal(one: Any, other: Any, steps: Steps) -> bool:
    """JMESPath's equality, in counted steps: what stands in an expression twice may be large when it is written out."""
    steps.look_at(one)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(are_equal(*pair, steps) for pair in pairs)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(are_equal(one[key], other[key], steps) for key in one)
    return bool(one == other) if not isinstance(one, list | dict) else False


def _integral(value: Any) -> int | None:
    """The whole number that the value is or that its text says; None for anything else."""
    number = money.decimal(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _milliseconds(number: Decimal) -> int | None:
    milliseconds = int(number if number >= _MILLISECONDS_FROM else number * 1000)
    return milliseconds if 0 <= milliseconds <= _LATEST else None


def _ordinary(value: Any) -> Any:
    """The number, if it can be computed with; raises BadValue for more than 24 digits or 200 decimals."""
    if isinstance(value, int | Decimal) and money.decimal(Decimal(value)) is not None:
        return value
    raise BadValue("a number is too large to compute with")
