"""What passes between the steps of an import: rows, mappings, messages and refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from functions.core.base.events import Consent

Kind = Literal["customers", "orders", "events"]
KINDS: tuple[Kind, ...] = ("customers", "orders", "events")


class Row(NamedTuple):
    """A row of a file: the line that it begins in, counted from 1, and its values by column."""

    line: int
    values: Mapping[str, Any]


class Refusal(NamedTuple):
    """A row that is left out as a whole, and why; ``unasked`` if it is of a kind that the layout does not want."""

    line: int
    reason: str
    unasked: bool = False


class Messages(NamedTuple):
    """What one row, or the rows of one order, come to, also as JSON; they are sent together or not at all."""

    line: int
    bodies: tuple[dict[str, Any], ...]
    written: tuple[bytes, ...]


class BadValue(Exception):
    """A value cannot be read; the text says why, without the value where that may be about a person."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a file writes its values.

    dates     the order of day, month and year where they are not ISO, such as ``DD.MM.YYYY``; empty for none
    timezone  the time zone of dates without one
    decimal   the character before the decimals
    minor     True if amounts are whole numbers of cents (of the currency's minor unit)
    currency  the currency of amounts without one; empty for the shop's
    answers   words about consent, in lower case, with the answer that each is; None says nothing
    """

    dates: str = ""
    timezone: str = "UTC"
    decimal: str = "."
    minor: bool = False
    currency: str = ""
    answers: Mapping[str, Consent | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what.

    columns    target -> column; for a target see ``targets.py``
    constants  target -> the value that every row has
    group      column whose equal values make consecutive rows one order; empty if each row is one
    only       column -> the one value of the rows that are wanted, in any letter case
    never      column -> values of rows that are not wanted, in lower case
    """

    kind: Kind
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    never: Mapping[str, Sequence[str]] = field(default_factory=dict)
    form: Format = field(default_factory=Format)


Value = str | int | Decimal | bool | list[str] | None
