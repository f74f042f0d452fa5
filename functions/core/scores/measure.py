"""A compiled score: a step function of time, its tiers, and comparisons of it as signed instants."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.scores.rules import HUNDRED, Level, Rule, compile_rule, hundredths
from functions.core.segments.operator import View
from functions.core.timelines.entry import EXACT
from functions.core.timelines.spec import TimelineSpec

# How many steps of the future one look follows; what lies beyond is looked at when the instant comes.
STEPS = 200


class Measure:
    """A score as its definition says, which passed its check."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._definition = definition

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the order of the text."""
        return tuple(map(compile_rule, self._definition["rules"]))

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """The timelines of all rules."""
        return tuple(spec for rule in self.rules for spec in rule.specs)

    @cached_property
    def tiers(self) -> tuple[tuple[int, str], ...]:
        """The tiers by their threshold in hundredths, lowest first."""
        return tuple(sorted((hundredths(from_), name) for name, from_ in self._definition.get("tiers", {}).items()))

    def at(self, view: View, at: int) -> Level:
        """The score at an instant not before the view's, if nothing happens until then, and until when it stays."""
        worth, until = 0, FOREVER
        for rule in self.rules:
            points, end = rule.level(view, at)
            worth += points
            until = min(until, end)
        return worth, until

    def parts(self, view: View) -> list[Decimal]:
        """What each rule gives now."""
        return [points(rule.level(view, view.now)[0]) for rule in self.rules]

    def tier(self, worth: int) -> str | None:
        """The highest tier that the hundredths reach."""
        return next((name for from_, name in reversed(self.tiers) if worth >= from_), None)

    def band(self, tier: str) -> tuple[int, int]:
        """From where and up to where, exclusively, the tier reaches; an empty band for one that is unknown."""
        for position, (from_, name) in enumerate(self.tiers):
            if name == tier:
                higher = self.tiers[position + 1 :]
                return from_, higher[0][0] if higher else FOREVER
        return 0, 0

    def verdict(self, passes: Callable[[int], bool], view: View) -> Instant:
        """Whether the hundredths pass, until they do no more, or until as far as one look reaches."""
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
    """Hundredths as points."""
    return EXACT.divide(Decimal(worth), HUNDRED)
