"""Rows of Parquet files, as those of JSON lines: inner values under dotted names, instants as text."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cli.errors import CliError
from functions.sources.tabular.reading import flat
from functions.sources.tabular.records import Row

MAGIC = b"PAR1"
_AT_ONCE = 5_000
_INSTALL = "Parquet needs polars: `uv tool install '.[count]'`, or python -m pip install -r requirements-batch.txt"


def rows(path: Path) -> Iterator[Row]:
    """The rows, counted from 1; raises CliError for a damaged file."""
    number = 0
    with _read(path) as frame:
        for batch in frame.collect_batches(chunk_size=_AT_ONCE, maintain_order=True):
            for values in batch.iter_rows(named=True):
                number += 1
                yield Row(number, dict(flat({name: _plain(value) for name, value in values.items()}, "")))


def count(path: Path) -> int:
    """How many rows there are."""
    with _read(path) as frame:
        return int(frame.select(_polars().len()).collect().item())


@contextmanager
def _read(path: Path) -> Iterator[Any]:
    polars = _polars()
    try:
        yield polars.scan_parquet(path)
    except polars.exceptions.PolarsError as error:
        raise CliError(f"{path.name} is damaged, or is no Parquet: {error}") from None


def _polars() -> Any:
    if find_spec("polars") is None:
        raise CliError(_INSTALL)
    import polars

    return polars


def _plain(value: Any) -> Any:
    """A value as JSON has it, with fractions exact."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | Decimal) else str(value)
