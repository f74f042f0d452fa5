"""Rows of events: which columns hold properties, and what the engine says of them, asked once per distinct value."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from batch.words import read_json
from functions.core.money import MONEY
from functions.core.segments.filters import path_of

Ask = Callable[[Mapping[str, Any]], Any]
_NESTED = (pl.List, pl.Array, pl.Struct, pl.Object)


class Layout(NamedTuple):
    """Where properties stand: in columns of their own, by name, and in a column of JSON objects."""

    columns: Mapping[str, str]
    json: bool

    def of(self, names: Iterable[str]) -> list[str]:
        """The columns that the named properties may stand in."""
        own = [self.columns[name] for name in dict.fromkeys(names) if name in self.columns]
        return [*own, *(["properties"] if self.json else [])]

    def properties(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of a row, as an event has them; what is null is missing."""
        said = read_json(row["properties"]) if self.json and row.get("properties") is not None else {}
        own = {name: row[column] for name, column in self.columns.items() if row.get(column) is not None}
        return said | {name: plain(value) for name, value in own.items()}


class Rows:
    """Some events: whose they are (a person's place in this part of the file), when they were, and what they say."""

    def __init__(self, source: pl.DataFrame, layout: Layout, places: np.ndarray | None = None) -> None:
        self.layout = layout
        self._source = source
        self._places = places
        self.who: np.ndarray = self.whole("who")
        self.time: np.ndarray = self.whole("time")

    def __len__(self) -> int:
        return len(self.who)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows with all their columns."""
        return self._source if self._places is None else self._source[self._places]

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        return column in self._source.columns

    def whole(self, column: str) -> np.ndarray:
        """A column of whole numbers."""
        found = self._source[column].to_numpy()
        return found if self._places is None else found[self._places]

    def at(self, places: np.ndarray) -> "Rows":
        """Some of the rows, by their places; what they say is only fetched when somebody asks."""
        return Rows(self._source, self.layout, places if self._places is None else self._places[places])

    def column(self, path: str) -> pl.Series | None:
        """The column that alone holds the value at the path; None if there may be others, or none."""
        plain_path = len(path_of(path)) == 1 and not path.endswith("[]")
        if self.layout.json or not plain_path or path not in self.layout.columns:
            return None
        return self.series(self.layout.columns[path])

    def series(self, column: str) -> pl.Series:
        """One column."""
        return self._source[column] if self._places is None else self._source[column][self._places]

    def asked(self, paths: Iterable[str], ask: Ask) -> tuple[np.ndarray, list[Any]]:
        """What is answered about the values at the paths: for each row the place of its answer, and the answers."""
        steps = [path_of(path) for path in paths]
        names = [each[0][0] for each in steps]
        if any(each[-1][0] in MONEY for each in steps):
            names.append("currency")
        columns = self.layout.of(names)
        if not columns:
            return np.zeros(len(self), np.int64), [ask({})]
        places, distinct = _distinct(self.frame.select(columns))
        return places, [ask(self.layout.properties(row)) for row in distinct.iter_rows(named=True)]


def _distinct(frame: pl.DataFrame) -> tuple[np.ndarray, pl.DataFrame]:
    """The distinct rows, and for each row which of them it is."""
    if not any(isinstance(kind, _NESTED) for kind in frame.dtypes):
        distinct = frame.unique(maintain_order=True)
        if distinct.height < frame.height:
            numbered = distinct.with_row_index("#")
            places = frame.join(numbered, on=frame.columns, how="left", nulls_equal=True, maintain_order="left")
            return places["#"].to_numpy(), distinct
    return np.arange(frame.height), frame


def plain(value: Any) -> Any:
    """A cell as JSON would say it, numbers exact: a float is the decimal that it is written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value
