"""Compiles a score: a step function of time, its tiers, and comparisons with it as signed instants."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.scores.rules import HUNDRED, Level, Rule, compile_rule, hundredths
from functions.core.segments.operator import View
from functions.core.timelines.entry import EXACT
from functions.core.timelines.spec import TimelineSpec

# How many future steps one verdict computes at most; it is evaluated again at the instant that it reached.
STEPS = 200


class CompiledScore:
    """A score, compiled from its definition, which must have passed its check. Worths are hundredths of points."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._definition = definition

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The compiled rules in the order of the definition."""
        return tuple(map(compile_rule, self._definition["rules"]))

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """The timelines that the rules need."""
        return tuple(spec for rule in self.rules for spec in rule.specs)

    @cached_property
    def tiers(self) -> tuple[tuple[int, str], ...]:
        """The tiers as (threshold in hundredths, name), lowest first."""
        return tuple(sorted((hundredths(from_), name) for name, from_ in self._definition.get("tiers", {}).items()))

    def at(self, view: View, at: int) -> Level:
        """The score in hundredths at an instant, and until when it stays, provided that no event comes.

        ``at`` (seconds UTC) must not be before the view's instant.
        """
        worth, until = 0, FOREVER
        for rule in self.rules:
            points, end = rule.level(view, at)
            worth += points
            until = min(until, end)
        return worth, until

    def parts(self, view: View) -> list[Decimal]:
        """The points of each rule at the view's instant."""
        return [points(rule.level(view, view.now)[0]) for rule in self.rules]

    def tier(self, worth: int) -> str | None:
        """The highest tier that a score of ``worth`` hundredths reaches; None below the lowest."""
        return next((name for from_, name in reversed(self.tiers) if worth >= from_), None)

    def band(self, tier: str) -> tuple[int, int]:
        """The band of a tier in hundredths, the end excluded; an empty band for an unknown tier."""
        for position, (from_, name) in enumerate(self.tiers):
            if name == tier:
                higher = self.tiers[position + 1 :]
                return from_, higher[0][0] if higher else FOREVER
        return 0, 0

    def verdict(self, passes: Callable[[int], bool], view: View) -> Instant:
        """Whether the score in hundredths passes the test, as a signed instant.

        The instant is when the answer changes if no event comes, or the last one that was computed after STEPS steps.
        """
        worth, until = self.at(view, view.now)
        verdict = passes(worth)
        for _ in range(STEPS):
            if until >= FOREVER:
                break
            worth, following = self.at(view, until)
            if passes(worth) != verdict:
                break
            until = following
        return until if verdict else -until


def points(worth: int) -> Decimal:
    """Convert hundredths to points."""
    return EXACT.divide(Decimal(worth), HUNDRED)
