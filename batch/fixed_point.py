"""Exact numbers in arrays, as integers of one common scale, added and compared without rounding."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np

from functions.core.timelines.filters import constant

# Sums up to this stay in the processor's own integers.
_SAFE = 1 << 62


class Numbers(NamedTuple):
    """Numbers in units of 10 ** -scale, as int64, or as Python integers where 64 bits do not hold them."""

    units: np.ndarray
    scale: int

    def at(self, places: np.ndarray) -> "Numbers":
        """The numbers at these indices."""
        return Numbers(self.units[places], self.scale)

    def summable(self) -> np.ndarray:
        """The units in a type that can hold any sum of them."""
        return _wide(self.units, len(self.units))


def numbers_of(decimals: Sequence[Decimal]) -> Numbers:
    """Convert exact decimals to integers in units of the finest decimal place among them."""
    scale = max((-int(each.normalize().as_tuple().exponent) for each in decimals), default=0)
    scale = max(scale, 0)
    units = [int(Fraction(each) * 10**scale) for each in decimals]
    return Numbers(_wide(np.array(units, dtype=object), 1, units), scale)


def _wide(units: np.ndarray, times: int, plain: Sequence[int] | None = None) -> np.ndarray:
    """The units as int64 if ``times`` of them cannot overflow, else as Python integers."""
    if units.dtype != object:
        largest = max(abs(int(units.max())), abs(int(units.min()))) if len(units) else 0
        return units if largest * times < _SAFE else units.astype(object)
    largest = max(map(abs, units if plain is None else plain), default=0)
    return units.astype(np.int64) if largest * times < _SAFE else units


def threshold(value: Any, scale: int) -> Fraction:
    """A definition's number in units of 10 ** -scale."""
    number: Decimal = constant(value)
    return Fraction(number) * int(10**scale)


_COMPARED: dict[str, Callable[[np.ndarray, int, int], Any]] = {
    ">": lambda units, low, high: units > low,
    ">=": lambda units, low, high: units >= high,
    "<": lambda units, low, high: units < high,
    "<=": lambda units, low, high: units <= low,
    "=": lambda units, low, high: (units >= high) & (units <= low),
    "!=": lambda units, low, high: (units < high) | (units > low),
}


def compared(units: np.ndarray, how: str, operand: Fraction) -> np.ndarray:
    """A boolean array: True where the integer compares as ``how`` says with the operand, which may be a fraction."""
    return np.asarray(_COMPARED[how](units, floor(operand), ceil(operand)), dtype=bool)


def scaled(units: np.ndarray, factor: int) -> np.ndarray:
    """The units times a factor, exactly."""
    return _wide(units, abs(factor)) * factor
