"""Filters, numbers and keys of rows, with the engine's results.

Comparisons of one plain column are done by Polars; everything else by the engine, once per distinct value.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from batch.fixed_point import Numbers, compared, numbers_of, threshold
from batch.rows import Rows
from functions.core.base.money import EXPONENTS, MONEY
from functions.core.timelines.event_keys import key_hash
from functions.core.timelines.filters import COMPARISONS, NEAR, Filter, constant, path_of, predicate, values
from functions.core.timelines.matching import number_at

_TEXTS = (pl.String, pl.Categorical, pl.Enum)
_WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
# Ten to the finest minor unit, and the most that it can be multiplied with.
_FINEST = 4
_MOST = (1 << 62) // 10**_FINEST
# The engine takes no finer numbers.
_FINE = 24
# Below this a float with so many decimals has fifteen digits at most.
_FEW = 10 ** (15 - _FINEST)


def passing(rows: Rows, where: Filter | None) -> np.ndarray:
    """A boolean array: True for rows that pass the filter."""
    if where is None:
        return np.ones(len(rows), bool)
    if "and" in where:
        return np.logical_and.reduce([passing(rows, each) for each in where["and"]])
    if "or" in where:
        return np.logical_or.reduce([passing(rows, each) for each in where["or"]])
    native = _native(rows, where)
    if native is None:
        places, answers = rows.asked([where["property"]], predicate(where))
        return np.array(answers, bool)[places]
    return native


def _native(rows: Rows, where: Filter) -> np.ndarray | None:
    """The comparison of one column by Polars; None if Polars does not compare it as the engine does."""
    how, operand = where["compare"], where.get("value")
    column = rows.column(where["property"])
    if column is None or how == NEAR:
        return None
    if how in ("exists", "missing"):
        return (column.is_not_null() if how == "exists" else column.is_null()).to_numpy()
    if isinstance(column.dtype, _TEXTS) and how in ("=", "!="):
        return _equal(column, operand, how == "=")
    if how in COMPARISONS and not isinstance(column.dtype, _TEXTS):
        return _ordered(rows, where["property"], how, operand)
    return None


def _equal(column: pl.Series, operand: Any, equal: bool) -> np.ndarray:
    if not isinstance(operand, str):
        return np.zeros(len(column), bool)
    if isinstance(column.dtype, pl.Enum) and operand not in column.dtype.categories:
        return np.zeros(len(column), bool) if equal else column.is_not_null().to_numpy()
    return (column == operand if equal else column != operand).fill_null(False).to_numpy()


def _ordered(rows: Rows, name: str, how: str, operand: Any) -> np.ndarray | None:
    whole = _whole(rows, name)
    if whole is None:
        return None
    if not isinstance(constant(operand), Decimal):
        return np.zeros(len(rows), bool)
    column, scale = whole
    return compared(column.fill_null(0).to_numpy(), how, threshold(operand, scale)) & column.is_not_null().to_numpy()


def _whole(rows: Rows, name: str) -> tuple[pl.Series, int] | None:
    """A numeric column as integers and their scale, money by each row's currency; None if it is not such a column."""
    column = rows.column(name)
    if column is None:
        return None
    if not isinstance(column.dtype, _WHOLE):
        return _decimals(column)
    column = column.cast(pl.Int64)
    if name not in MONEY:
        return column, 0
    if "currency" not in rows.layout.columns:
        return column, 2
    currency = rows.series(rows.layout.columns["currency"])
    if not isinstance(currency.dtype, _TEXTS) or max(abs(column.max() or 0), abs(column.min() or 0)) > _MOST:
        return None
    factors = {code: 10 ** (_FINEST - decimals) for code, decimals in EXPONENTS.items()}
    codes = currency.cast(pl.String).str.to_uppercase()
    return column * codes.replace_strict(factors, default=10 ** (_FINEST - 2), return_dtype=pl.Int64), _FINEST


def _decimals(column: pl.Series) -> tuple[pl.Series, int] | None:
    """Decimals, or floats written with few digits, as integers and their scale; None if others are among them."""
    if isinstance(column.dtype, pl.Decimal) and column.dtype.scale <= _FINE:
        units = column.to_physical().cast(pl.Int64, strict=False)
        return (units, column.dtype.scale) if units.null_count() == column.null_count() else None
    if column.dtype != pl.Float64 or not (column.is_finite() & (column.abs() < _FEW)).all():
        return None
    units = (column * 10**_FINEST).round().cast(pl.Int64)
    # Of fifteen digits each decimal is another float, so what comes back the same is what was written.
    return (units, _FINEST) if (units.cast(pl.Float64) / 10**_FINEST == column).all() else None


def numbers(rows: Rows, path: str) -> tuple[np.ndarray, Numbers]:
    """A boolean array of the rows that have a number at the path, and each row's number, 0 without one."""
    whole = _whole(rows, path)
    if whole is not None:
        column, scale = whole
        return column.is_not_null().to_numpy(), Numbers(column.fill_null(0).to_numpy(), scale)
    places, answers = rows.asked([path], lambda properties: number_at(properties, path))
    has = np.array([number is not None for number in answers], bool)
    result = numbers_of([number or Decimal(0) for number in answers])
    return has[places], result.at(places)


def keys(rows: Rows, path: str) -> tuple[np.ndarray, np.ndarray]:
    """The index of a row for each key at the path, repeated for several keys, and the hashed keys."""
    steps = path_of(path)

    def found(properties: Mapping[str, Any]) -> set[int]:
        return {key for each in values(properties, steps) if (key := key_hash(each)) is not None}

    places, answers = rows.asked([path], found)
    lengths = np.array([len(each) for each in answers], np.int64)
    starts = np.cumsum(lengths) - lengths
    flat = np.array([key for each in answers for key in each], np.int64)
    often = lengths[places]
    inside = np.arange(often.sum()) - np.repeat(np.cumsum(often) - often, often)
    return np.repeat(np.arange(len(places)), often), flat[np.repeat(starts[places], often) + inside]
