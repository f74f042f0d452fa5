"""A file of events, Parquet or CSV, read a part of the people at a time.

person       whose event it is: text or a whole number                      required
time         when: whole seconds since 1970 UTC, a timestamp, or text (ISO)   required
name         "Order Completed"                                              required
id           the event's key in the log, ``identifier|sort``: repeated, it counts once
natural      key of what happened ("order:1001"): of several events the latest counts
revision     which of these is newer
properties   what the event says of itself, as a JSON object or a structure
traits       what it says of the person, as a JSON object
consent      subscribed, pending or unsubscribed
trust        public, token or signed: how the sender proved itself; signed if it does not say
undated      true if nobody said when the consent was given
identifiers  the names of the person that it gave, as a list

Every other column is a property of that name (``properties.name`` where the name is taken). Whole amounts of money
are in minor units, as the log keeps them; decimals and floats are in major units. A file that is sorted by person is
read in parts, any other is sorted in memory first.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from batch.rows import Layout
from functions.core.base.money import MONEY
from functions.core.base.trust import RANKS
from functions.core.segments import dates
from functions.core.timelines.entry import STRICTNESS

_STATED = ("identifiers", "consent", "trust", "undated", "traits", "properties")
OWN = ("person", "time", "name", "id", "natural", "revision", *_STATED)
REQUIRED = OWN[:3]
# Events read at once, which bounds the memory: some 100 bytes each; as JSON or structures they take many times as much.
PART = 2_000_000
_OBJECTS = 250_000
_PREFIX = "properties."
# Columns that ``people.py`` adds: a person's number, and one for each natural key that repeats.
_ADDED = ("who", "twin")
_LATEST = 253_402_300_799


class Unreadable(ValueError):
    """The file is not one of events; says what is wrong with it."""


class EventFile:
    """Events as a lazy frame. Raises Unreadable for columns that are missing or of another kind."""

    def __init__(self, frame: pl.LazyFrame) -> None:
        schema = frame.collect_schema()
        if lacking := [name for name in REQUIRED if name not in schema]:
            raise Unreadable(f"the file has no column {lacking[0]!r}; it needs {', '.join(REQUIRED)}")
        if isinstance(inner := schema.get("properties"), pl.Struct):
            own = [pl.col("properties").struct.field(each.name).alias(_PREFIX + each.name) for each in inner.fields]
            frame = frame.with_columns(own).drop("properties")
        # Properties of these names would be taken for the columns that are added here.
        frame = frame.rename({name: _PREFIX + name for name in _ADDED if name in schema})
        self._frame = frame.with_columns(_seconds(schema["time"]))
        columns = {name.removeprefix(_PREFIX): name for name in self._frame.collect_schema() if name not in OWN}
        self.layout = Layout(columns, "properties" in self._frame.collect_schema())

    def parts(self, now: int, properties: Iterable[str], size: int = PART) -> Iterator[pl.DataFrame]:
        """Everybody's events up to now with the named properties, whole people at a time, sorted by person."""
        names = self._frame.collect_schema().names()
        columns = [*(name for name in OWN if name in names), *self.layout.of(properties)]
        selection = self._frame.select(list(dict.fromkeys(columns)))
        if self.layout.json or any(kind.is_nested() for kind in selection.collect_schema().values()):
            size = min(size, _OBJECTS)
        if not self._is_sorted():
            selection = selection.collect().sort("person", maintain_order=True).lazy()
        part_rows = selection.clear().collect()
        for read_now in _slices(selection, size):
            _refuse(read_now)
            part = pl.concat([part_rows, read_now])
            last = part["person"][-1]
            whole = int(part["person"].search_sorted(last, side="left"))
            part_rows = part[whole:]
            yield from _upto(part[:whole], now)
        yield from _upto(part_rows, now)

    def _is_sorted(self) -> bool:
        person = pl.col("person")
        return not self._frame.select((person < person.shift()).any()).collect(engine="streaming").item()


def read(path: Path) -> EventFile:
    """The file at the path; raises Unreadable."""
    try:
        return EventFile(_csv(path) if path.suffix in (".csv", ".gz") else pl.scan_parquet(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unreadable(f"{path}: {error}") from error


def _csv(path: Path) -> pl.LazyFrame:
    """Amounts are exact decimals; what looks like a number is one, but for names of people and things."""
    names = pl.read_csv(path, n_rows=0).columns
    texts = dict.fromkeys(("person", "name", "id", "natural", "consent", "trust", "traits", "properties"), pl.String)
    kinds = {name: pl.Decimal(38, 6) if name.removeprefix(_PREFIX) in MONEY else texts.get(name) for name in names}
    kinds_by_name = {name: kind for name, kind in kinds.items() if kind is not None}
    return pl.read_csv(path, schema_overrides=kinds_by_name, infer_schema_length=None).lazy()


def _seconds(kind: pl.DataType) -> pl.Expr:
    time = pl.col("time")
    if kind.is_integer():
        return time.cast(pl.Int64)
    if kind == pl.Date:
        return time.cast(pl.Datetime("us")).dt.timestamp("us") // 1_000_000
    if isinstance(kind, pl.Datetime):
        return time.dt.timestamp("us") // 1_000_000
    if kind == pl.String:
        return time.map_elements(_moment, pl.Int64)
    raise Unreadable(f"time is {kind}: it is whole seconds since 1970, a timestamp or a date")


def _moment(text: str) -> int | None:
    """A date or a moment as the language of segments writes them."""
    reach = dates.reach(text)
    return reach and reach[0]


def _slices(frame: pl.LazyFrame, size: int) -> Iterator[pl.DataFrame]:
    start = 0
    while (part := frame.slice(start, size).collect()).height:
        start += size
        yield part


def _upto(part: pl.DataFrame, now: int) -> Iterator[pl.DataFrame]:
    past = part.filter(pl.col("time") <= now)
    if past.height:
        yield past


def _refuse(part: pl.DataFrame) -> None:
    for name in REQUIRED:
        if part[name].null_count():
            raise Unreadable(f"an event has no {name}, or none that can be read")
    if (part["time"].max() or 0) > _LATEST:
        raise Unreadable("time is beyond the year 9999: it is in seconds, not in parts of them")
    for name, words in (("consent", STRICTNESS), ("trust", RANKS)):
        if name in part.columns:
            is_known = part[name].cast(pl.String).is_in([*words, None], nulls_equal=True)
            if not is_known.all():
                raise Unreadable(f"{name} is one of {', '.join(words)}")
    if part.schema.get("undated", pl.Boolean) != pl.Boolean:
        raise Unreadable("undated is true or false")
