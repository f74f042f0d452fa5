"""Numbers of many events as whole units of one decimal place, added and compared without rounding."""

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
    """Numbers in units of 10 ** -scale; whole numbers of any size where 64 bits do not hold them."""

    units: np.ndarray
    scale: int

    def at(self, places: np.ndarray) -> "Numbers":
        """Some of them."""
        return Numbers(self.units[places], self.scale)

    def summable(self) -> np.ndarray:
        """The units in a type that holds any sum of them."""
        return _wide(self.units, len(self.units))


def numbers_of(decimals: Sequence[Decimal]) -> Numbers:
    """Exact decimals as units of the finest place among them."""
    scale = max((-int(each.normalize().as_tuple().exponent) for each in decimals), default=0)
    scale = max(scale, 0)
    units = [int(Fraction(each) * 10**scale) for each in decimals]
    return Numbers(_wide(np.array(units, dtype=object), 1, units), scale)


def _wide(units: np.ndarray, times: int, plain: Sequence[int] | None = None) -> np.ndarray:
    """As 64-bit integers if so many of them cannot add up to more."""
    if units.dtype != object:
        largest = max(abs(int(units.max())), abs(int(units.min()))) if len(units) else 0
        return units if largest * times < _SAFE else units.astype(object)
    largest = max(map(abs, units if plain is None else plain), default=0)
    return units.astype(np.int64) if largest * times < _SAFE else units


def threshold(value: Any, scale: int) -> Fraction:
    """A definition's number in the same units."""
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
    """Which of the whole numbers stand so to the wanted one, which need not be whole."""
    return np.asarray(_COMPARED[how](units, floor(operand), ceil(operand)), dtype=bool)


def scaled(units: np.ndarray, factor: int) -> np.ndarray:
    """The units times a factor, exactly."""
    return _wide(units, abs(factor)) * factor
