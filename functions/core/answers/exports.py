"""People as rows of a file: CSV that a spreadsheet may open, or a JSON object a line."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from functions.core.answers.views import plain
from functions.core.base import texts
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from functions.core.timelines.consents import EVERY_ADDRESS

Format = Literal["csv", "ndjson"]
# With these a spreadsheet takes a cell for a formula, also in their full width, or strips what stands before one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Columns(NamedTuple):
    """What is told of each person beside the id: values of these traits, and the address with its permission."""

    traits: Sequence[str] = ()
    addresses: bool = False

    @property
    def names(self) -> list[str]:
        """The heads of the columns."""
        address = ["email", "marketing", "suppressed"] if self.addresses else []
        return ["id", *address, *(f"traits.{name}" for name in self.traits)]


def head(wanted: Format, columns: Columns) -> str:
    """What stands before all rows."""
    return csv_line(columns.names) if wanted == "csv" else ""


def row(wanted: Format, columns: Columns, attributes: ProfileAttributes) -> str:
    """A person's row with the end of its line."""
    return _ROWS[wanted](columns, attributes)


def _csv(columns: Columns, attributes: ProfileAttributes) -> str:
    values = {name: trait.value for name, trait in attributes.traits.items()}
    address = list(_address(attributes).values()) if columns.addresses else []
    return csv_line([attributes.profile, *address, *(values.get(name) for name in columns.traits)])


def _ndjson(columns: Columns, attributes: ProfileAttributes) -> str:
    traits = {name: attributes.traits[name].value for name in columns.traits if name in attributes.traits}
    address = _address(attributes) if columns.addresses else {}
    person = {"id": attributes.profile, **address, **({"traits": traits} if columns.traits else {})}
    return json.dumps(plain(texts.healed(person)), ensure_ascii=False) + "\n"


_ROWS: Mapping[Format, Callable[[Columns, ProfileAttributes], str]] = {"csv": _csv, "ndjson": _ndjson}


def _address(attributes: ProfileAttributes) -> dict[str, Any]:
    """The address that messages go to, what its owner has said about marketing, and why nothing is sent there."""
    address = next(iter(profile_attributes.addresses(attributes)), None)
    said = attributes.suppression
    reason = said.get(f"email:{address}") or said.get(EVERY_ADDRESS)
    return {
        "email": address,
        "marketing": profile_attributes.consent(attributes) or "none",
        "suppressed": reason[0] if reason else None,
    }


def csv_line(values: Sequence[Any]) -> str:
    """A line as RFC 4180 has it."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(map(_cell, values))
    return written.getvalue()


def _cell(value: Any) -> str:
    """A value as text that no spreadsheet calculates: what would be a formula begins with an apostrophe.

    Numbers stay as they are: they can be nothing else.
    """
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(plain(value))
    text = texts.whole(value) if isinstance(value, str) else json.dumps(plain(texts.healed(value)), ensure_ascii=False)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
