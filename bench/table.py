"""Rows of what was measured, beside what the design allows."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One number. ``budget`` is the most it may be; None for a number that has none."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """How the number stands to its budget."""
        if self.budget is None:
            return ""
        return f"{'ok  ' if self.value <= self.budget else 'OVER'} {self.value / self.budget:5.2f} of {self.budget:g}"


def show(title: str, rows: Iterable[Row]) -> None:
    """Print a part of the table."""
    print(f"\n{title}")
    for row in rows:
        print(f"  {row.what:<58} {_number(row.value):>12} {row.unit:<9} {row.verdict:<22} {row.note}".rstrip())


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:,.3g}"
