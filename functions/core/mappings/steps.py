"""The bound of the work that a mapping may do, counted in steps."""

from typing import Any

# Of all expressions over one body together. An order of 500 lines with seven fields each takes a twentieth of it, and
# all of it a quarter of a second.
MOST_STEPS = 200_000
# Characters that cost as much as one step.
_CHARACTERS = 32


class TooManySteps(Exception):
    """The expressions ask for more work than one body may take."""


class Steps:
    """Counts steps down; raises TooManySteps below zero."""

    __slots__ = ("left",)

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.left = most

    def take(self, number: int = 1) -> None:
        """Take so many steps."""
        self.left -= number
        if self.left < 0:
            raise TooManySteps

    def look_at(self, value: Any) -> None:
        """Take the steps of going once through a value and its members, without what is inside these."""
        self.take(_weight(value))
        if isinstance(value, list):
            self.take(sum(map(_weight, value)))


def _weight(value: Any) -> int:
    if isinstance(value, str):
        return 1 + len(value) // _CHARACTERS
    return 1 + len(value) if isinstance(value, list | dict) else 1
