"""Rows of events, the columns of their properties, and engine results computed once per distinct value."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from batch.words import read_json
from functions.core.base.money import MONEY
from functions.core.timelines.filters import path_of

Ask = Callable[[Mapping[str, Any]], Any]
_NESTED = (pl.List, pl.Array, pl.Struct, pl.Object)


class Layout(NamedTuple):
    """The columns of properties: columns of their own, by name, and possibly a column of JSON objects."""

    columns: Mapping[str, str]
    json: bool

    def of(self, names: Iterable[str]) -> list[str]:
        """The columns that may hold the named properties."""
        own = [self.columns[name] for name in dict.fromkeys(names) if name in self.columns]
        return [*own, *(["properties"] if self.json else [])]

    def properties(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of a row as an event has them; nulls are left out."""
        more = read_json(row["properties"]) if self.json and row.get("properties") is not None else {}
        own = {name: row[column] for name, column in self.columns.items() if row.get(column) is not None}
        return more | {name: plain(value) for name, value in own.items()}


class EventFrame:
    """A frame of events with the columns ``who`` (a person's index in this part of the file) and ``time``."""

    def __init__(self, frame: pl.DataFrame, layout: Layout) -> None:
        self.frame = frame
        self.layout = layout
        self._told: dict[tuple[str, ...], tuple[np.ndarray, list[dict[str, Any]]]] = {}

    def event_rows(self, columns: tuple[str, ...]) -> tuple[np.ndarray, list[dict[str, Any]]]:
        """For each row the index of its distinct properties in these columns, and the distinct properties."""
        if columns not in self._told:
            places, distinct = _distinct(self.frame.select(columns))
            self._told[columns] = places, [self.layout.properties(row) for row in distinct.iter_rows(named=True)]
        return self._told[columns]


class Rows:
    """Some of a source's events, by their indices; all of them if ``places`` is None."""

    def __init__(self, source: EventFrame, places: np.ndarray | None = None) -> None:
        self.layout = source.layout
        self.places = places
        self._source = source
        self.who: np.ndarray = self.whole("who")
        self.time: np.ndarray = self.whole("time")

    def __len__(self) -> int:
        return len(self.who)

    def has(self, column: str) -> bool:
        """True if the frame has the column."""
        return column in self._source.frame.columns

    def whole(self, column: str) -> np.ndarray:
        """A column as an array."""
        values = self._source.frame[column].to_numpy()
        return values if self.places is None else values[self.places]

    def at(self, places: np.ndarray) -> "Rows":
        """The rows at these indices; their values are read only on demand."""
        return Rows(self._source, places if self.places is None else self.places[places])

    def row(self, place: int) -> dict[str, Any]:
        """One row with all its columns."""
        values: dict[str, Any] = self._source.frame.row(_at(self.places, place), named=True)
        return values

    def column(self, path: str) -> pl.Series | None:
        """The column that holds all values at the path; None if there is none, or if JSON may hold others."""
        plain_path = len(path_of(path)) == 1 and not path.endswith("[]")
        if self.layout.json or not plain_path or path not in self.layout.columns:
            return None
        return self.series(self.layout.columns[path])

    def series(self, column: str) -> pl.Series:
        """One column of these rows."""
        values = self._source.frame[column]
        return values if self.places is None else values[self.places]

    def asked(self, paths: Iterable[str], ask: Ask) -> tuple[np.ndarray, list[Any]]:
        """Call ``ask`` once per distinct values at the paths; return each row's index of its answer, and the answers.

        An answer that belongs to none of these rows is None.
        """
        steps = [path_of(path) for path in paths]
        names = [each[0][0] for each in steps]
        if any(each[-1][0] in MONEY for each in steps):
            names.append("currency")
        columns = self.layout.of(names)
        if not columns:
            return np.zeros(len(self), np.int64), [ask({})]
        places, event_rows = self._source.event_rows(tuple(columns))
        if self.places is None:
            return places, list(map(ask, event_rows))
        answers: list[Any] = [None] * len(event_rows)
        places = places[self.places]
        for place in np.unique(places).tolist():
            answers[place] = ask(event_rows[place])
        return places, answers


def _at(places: np.ndarray | None, place: int) -> int:
    return place if places is None else int(places[place])


def _distinct(frame: pl.DataFrame) -> tuple[np.ndarray, pl.DataFrame]:
    """For each row the index of its distinct row, and the distinct rows."""
    if not any(isinstance(kind, _NESTED) for kind in frame.dtypes):
        distinct = frame.unique(maintain_order=True)
        if distinct.height < frame.height:
            numbered = distinct.with_row_index("#")
            places = frame.join(numbered, on=frame.columns, how="left", nulls_equal=True, maintain_order="left")
            return places["#"].to_numpy(), distinct
    return np.arange(frame.height), frame


def plain(value: Any) -> Any:
    """A cell's value as JSON, numbers exact: a float becomes the decimal of its shortest text."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
