"""The people of one part of a file, and their events by name."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from batch.filters import keys, numbers, passing
from batch.fixed_point import Numbers
from batch.rows import EventFrame, Layout, Rows
from batch.words import canonical
from functions.core.base.trust import RANKS
from functions.core.segments import windows
from functions.core.segments.language.named import event_names
from functions.core.segments.operator import Node
from functions.core.timelines.entry import OF_PUBLIC
from functions.core.timelines.retention import CAP

Read = Callable[[Rows, str], tuple[np.ndarray, Any]]
_CONSENTS = {
    "who": pl.Int64,
    "time": pl.Int64,
    "consent": pl.String,
    "trust": pl.String,
    "undated": pl.Boolean,
    "address": pl.String,
}


@dataclass(frozen=True)
class EventRows:
    """Events, each counted once: arrays of persons, times (seconds UTC) and numbers."""

    who: np.ndarray
    time: np.ndarray
    numbers: Numbers | None = None


class PeopleFrame:
    """The people of a frame of events, which is sorted by person and has none later than ``now``."""

    def __init__(self, frame: pl.DataFrame, layout: Layout, now: int) -> None:
        self.now = now
        self.layout = layout
        self.frame = _numbered(frame)
        self.ids = self.frame["person"].unique(maintain_order=True)
        self.count = len(self.ids)
        self._rows: dict[tuple[str, ...], Rows] = {}
        self._told: dict[str, Rows] = {}
        self._read: dict[tuple[str, ...], tuple[np.ndarray, Any]] = {}

    def mask(self, who: np.ndarray) -> np.ndarray:
        """A boolean array by person: True for those in ``who``."""
        selected = np.zeros(self.count, bool)
        selected[who] = True
        return selected

    def often(self, who: np.ndarray) -> np.ndarray:
        """How often each person occurs in ``who``."""
        return np.bincount(who, minlength=self.count)

    def named(self, names: Sequence[str]) -> Rows:
        """The events with these names."""
        key = tuple(sorted(set(names)))
        if key not in self._rows:
            column = self.frame["name"]
            categories = [
                name for name in key if not isinstance(column.dtype, pl.Enum) or name in column.dtype.categories
            ]
            chosen = column == categories[0] if len(categories) == 1 else column.is_in(categories)
            self._rows[key] = Rows(EventFrame(self.frame.filter(chosen), self.layout))
        return self._rows[key]

    def matching(self, node: Node) -> Rows:
        """A node's events: with its names, passing its filter, within its dates."""
        filters = {name: node[name] for name in ("events", "where", "since", "until") if name in node}
        key = canonical(filters)
        if key not in self._told:
            self._told[key] = self._matching(node)
        return self._told[key]

    def _matching(self, node: Node) -> Rows:
        rows = self.named(event_names(node["events"]))
        chosen = passing(rows, node.get("where"))
        since, until = windows.calendar(node).values()
        if since is not None:
            chosen &= rows.time >= since
        if until is not None:
            chosen &= rows.time <= until
        return rows.at(np.flatnonzero(chosen))

    def events_of(self, node: Node) -> EventRows:
        """A node's events, of those with one natural key only the latest."""
        rows = self.matching(node)
        first_rows = _once(rows)
        return (
            EventRows(rows.who, rows.time)
            if first_rows is None
            else EventRows(rows.who[first_rows], rows.time[first_rows])
        )

    def measured(self, node: Node) -> EventRows:
        """A node's events with a number at its property, of those with one natural key only the latest."""
        has, amounts = self._property(numbers, event_names(node["events"]), node["property"])
        rows = self.matching(node)
        places = _places(rows)
        rows, amounts = rows.at(np.flatnonzero(has[places])), amounts.at(places[has[places]])
        first_rows = _once(rows, amounts)
        if first_rows is None:
            return EventRows(rows.who, rows.time, amounts)
        return EventRows(rows.who[first_rows], rows.time[first_rows], amounts.at(first_rows))

    def keyed(self, node: Node, path: str) -> tuple[EventRows, np.ndarray]:
        """A node's events with keys at the path, repeated for several keys, and the keys."""
        places, keys_of_rows = self._property(keys, event_names(node["events"]), path)
        rows, named = self.matching(node), self.named(event_names(node["events"]))
        matching = np.zeros(len(named), bool)
        matching[_places(rows)] = True
        chosen = matching[places]
        places = places[chosen]
        return EventRows(named.who[places], named.time[places]), keys_of_rows[chosen]

    def _property(self, read: Read, names: Sequence[str], path: str) -> tuple[np.ndarray, Any]:
        """A property of all events with these names, read once for all nodes."""
        key = (read.__name__, *sorted(set(names)), path)
        if key not in self._read:
            self._read[key] = read(self.named(names), path)
        return self._read[key]

    @cached_property
    def traits(self) -> Rows:
        """The rows with traits, which are in the place of properties; with ``#standing``, the rank of trust."""
        if "traits" not in self.frame.columns:
            return Rows(EventFrame(self.frame.clear(), Layout({}, False)))
        frame = self.frame.filter(pl.col("traits").is_not_null()).drop("properties", strict=False)
        ranks = _trust(frame.columns).replace_strict(RANKS, return_dtype=pl.Int64)
        return Rows(
            EventFrame(frame.rename({"traits": "properties"}).with_columns(ranks.alias("#standing")), Layout({}, True))
        )

    @cached_property
    def consents(self) -> pl.DataFrame:
        """All statements about marketing: ``who``, ``time``, ``consent``, ``trust``, ``undated``, ``address``.

        A statement that names several addresses has a row for each; one that names none has one row with a null.
        """
        columns = self.frame.columns
        if "consent" not in columns:
            return pl.DataFrame(schema=_CONSENTS)
        own = pl.concat_list(pl.col("id").str.extract(r"^([^|]*)\|")) if "id" in columns else pl.lit([""])
        names = pl.coalesce(pl.col("identifiers"), own) if "identifiers" in columns else own
        answers = self.frame.filter(pl.col("consent").is_not_null())
        return answers.select(
            "who",
            "time",
            pl.col("consent").cast(pl.String),
            trust=_trust(columns),
            undated=pl.col("undated").fill_null(value=False) if "undated" in columns else pl.lit(value=False),
            address=names.list.eval(pl.element().filter(pl.element().str.starts_with("email:"))),
        ).explode("address", empty_as_null=True)

    def inside(self, node: Node, time: np.ndarray) -> np.ndarray:
        """A boolean array: True for times in the node's window."""
        far, near = windows.window(node)
        selected = time <= self.now - near
        return selected if far is None else selected & (time > self.now - far)

    def crowded(self, *several: np.ndarray) -> np.ndarray:
        """The people with more events than a timeline holds, in any of these arrays of persons."""
        people_of_many = [np.flatnonzero(self.often(who) > CAP) for who in several if len(who) > CAP]
        return np.unique(np.concatenate(people_of_many)) if people_of_many else np.zeros(0, np.int64)


def _places(rows: Rows) -> np.ndarray:
    return np.arange(len(rows)) if rows.places is None else rows.places


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Add each person's index (``who``) and a number per natural key that repeats; drop events with repeated ids."""
    frame = frame.with_columns(who=pl.col("person").rle_id().cast(pl.Int64))
    if "id" in frame.columns:
        frame = frame.filter(pl.col("id").is_null() | pl.struct("who", "id").is_first_distinct())
    if "natural" not in frame.columns:
        return frame
    keyed_rows = frame.filter(pl.col("natural").is_not_null()).select("who", "natural")
    keys = keyed_rows.filter(keyed_rows.is_duplicated()).unique().with_row_index("twin")
    if not keys.height:
        return frame
    frame = frame.join(keys, on=["who", "natural"], how="left", maintain_order="left")
    return frame.with_columns(pl.col("twin").cast(pl.Int64).fill_null(-1), revision=_revision(frame.columns))


def _trust(columns: Collection[str]) -> pl.Expr:
    """The trust of an event, the shop's own where the file says none."""
    return pl.col("trust").cast(pl.String).fill_null("signed") if "trust" in columns else pl.lit("signed")


def _revision(columns: Collection[str]) -> pl.Expr:
    """The revision of a report, OF_PUBLIC where the public makes it."""
    revision = pl.col("revision").cast(pl.Int64).fill_null(0).clip(0) if "revision" in columns else pl.lit(0)
    return pl.when(_trust(columns) == "public").then(OF_PUBLIC).otherwise(revision).cast(pl.Int64)


def _once(rows: Rows, amounts: Numbers | None = None) -> np.ndarray | None:
    """The indices of rows to keep, so that each natural key keeps its latest row; None to keep all.

    Latest is by time. Of numbers one that the public reports is before all others; then by time, by revision and by the
    number itself.
    """
    twins = rows.whole("twin") if rows.has("twin") else np.zeros(0, np.int64)
    shared = np.flatnonzero(twins >= 0)
    if not len(shared):
        return None
    ranks: list[Any] = [rows.time[shared]]
    if amounts is not None:
        revisions = rows.whole("revision")[shared]
        ranks = [revisions != OF_PUBLIC, *ranks, revisions, amounts.units[shared]]
    order = shared[np.lexsort([*map(_sortable, reversed(ranks)), twins[shared]])]
    last = np.append(twins[order][1:] != twins[order][:-1], True)
    return np.sort(np.concatenate([np.flatnonzero(twins < 0), order[last]]))


def _sortable(keys: np.ndarray) -> np.ndarray:
    """Keys in a type that sorts fast: Python integers are replaced by their ranks."""
    return np.unique(keys, return_inverse=True)[1] if keys.dtype == object else keys
