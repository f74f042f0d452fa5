"""Field types for the models of senders' bodies.

Senders write numbers as text, ``[]`` for an object, null or "" for nothing. A lenient type reads an odd value as the
nearest plain one, or as None. A needed one raises a fault that names the field and what is wrong with it.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationInfo, WrapValidator
from pydantic_core import PydanticCustomError

from functions.core.base import money, plain_values
from functions.sources.payload import MISSING, P

# The longest list of objects that is read; real ones have hundreds.
ITEMS = 10_000

_GLOBAL_ID = re.compile(r"gid://shopify/\w+/([^/?]+)(?:\?.*)?")


T = TypeVar("T")

# As expressions of declared sources read them.
text = plain_values.text
instant = plain_values.instant


def an_id(value: Any, limit: int = 255) -> str | None:
    """An id as text, from a number, text or a global id: ``gid://shopify/Customer/7`` is 7.

    None for one longer than ``limit``: cut, it might be somebody else's.
    """
    written = text(value, limit + 1)
    match = _GLOBAL_ID.fullmatch(written) if written and written.startswith("gid:") else None
    plain = match[1] if match else written
    return plain if plain is None or len(plain) <= limit else None


def first_of(*values: T | None) -> T | None:
    """The first value that is not None; None if there is none."""
    return next((value for value in values if value is not None), None)


def _as_written(value: Any) -> str | None:
    return None if isinstance(value, bool) or not isinstance(value, str | int) else str(value) or None


def whole(value: Any) -> int | None:
    """A whole number below 2 ** 53 in size; None for anything else."""
    ordinary = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
    return value if ordinary else None


def _link(value: Any) -> str | None:
    written = text(value, 2048)
    return written if written and len(written) < 2048 and written.startswith(("https://", "http://")) else None


def mapping(value: Any) -> dict[str, Any]:
    """The object; empty for any other value (``[]`` for "none" is usual in PHP and Ruby)."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects in a list, other items left out; empty for any other value."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    objects = mappings(value)
    if len(objects) > ITEMS:
        raise PydanticCustomError("many", f"has more than {ITEMS} items")
    return objects


def ids(value: Any) -> list[str]:
    """The ids in a list, others left out; empty for any other value."""
    return [each for each in map(an_id, value) if each] if isinstance(value, list) else []


def _date(value: Any) -> int | None:
    """Milliseconds UTC; None for an empty value. Raises for text that is no date, since dates are keys of the log."""
    if value is None or value == "":
        return None
    milliseconds = instant(value)
    if milliseconds is None:
        raise PydanticCustomError("date", "is not a date")
    return milliseconds


def needed(read: Callable[[Any], T | None]) -> BeforeValidator:
    """Mark a field as required: a None from ``read`` is a fault."""

    def validate(value: Any) -> T:
        result = read(value)
        if result is None:
            is_nothing = value is None or (isinstance(value, str) and not value.strip())
            wrong = MISSING if is_nothing else "must be a whole number or text of ordinary length"
            raise PydanticCustomError("needed", wrong)
        return result

    return BeforeValidator(validate)


def unless(other: str) -> WrapValidator:
    """Mark a field as required unless ``other``, declared before it, has a value; then it is not read."""

    def validate(value: Any, read: Callable[[Any], T], info: ValidationInfo) -> T | None:
        # A field that is absent from the data is faulty, and reported already.
        if info.data.get(other, "at fault") is not None:
            return None
        if value is None or value == "":
            raise PydanticCustomError("neither", MISSING, {"other": other})
        return read(value)

    return WrapValidator(validate)


def needed_unless_given() -> Any:
    """The default of a field that is marked with ``unless``."""
    return Field(default=None, validate_default=True)


# Lenient.
Text = Annotated[str | None, BeforeValidator(text)]
LongText = Annotated[str | None, BeforeValidator(lambda value: text(value, 512))]
# An address as it was written, uncut: half an address may be somebody else's.
Email = Annotated[str | None, BeforeValidator(_as_written)]
Id = Annotated[str | None, BeforeValidator(an_id)]
Ids = Annotated[list[str], BeforeValidator(ids)]
# A web address of ordinary length.
Link = Annotated[str | None, BeforeValidator(_link)]
# A whole number of ordinary size.
Whole = Annotated[int | None, BeforeValidator(whole)]
# An amount in major units, exact: numbers of a body are read as Decimal, never as float.
Money = Annotated[Decimal | None, BeforeValidator(money.decimal)]
# Three letters, large.
Currency = Annotated[str | None, BeforeValidator(money.currency_code)]
# Milliseconds UTC.
Instant = Annotated[int | None, BeforeValidator(instant)]
# True for anything but null, "", 0, false and what is empty.
Truthy = Annotated[bool, BeforeValidator(bool)]
# The model of an object; the empty one where something else stands (``[]`` for "none" is usual in PHP and Ruby).
Object = Annotated[P, BeforeValidator(mapping)]
# The models of a list's objects, without what else may stand in it.
Objects = Annotated[list[P], BeforeValidator(_objects)]

# Strict.
# Milliseconds UTC, or nothing.
Date = Annotated[int | None, BeforeValidator(_date)]
NeededDate = Annotated[int, needed(_date)]
NeededId = Annotated[str, needed(an_id)]
NeededText = Annotated[str, needed(text)]
NeededLongText = Annotated[str, needed(lambda value: text(value, 512))]
