"""Compiles a score: a step function of time, its tiers, and comparisons with it as signed instants."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from functions.core.base.instants import FOREVER, Instant
from functions.core.scores.rules import DAY, HUNDRED, Level, Rule, compile_rule, hundredths
from functions.core.segments.operator import View
from functions.core.timelines.entry import EXACT
from functions.core.timelines.spec import TimelineSpec

# The most instants at which one verdict computes the score; it is evaluated again at the instant that it reached.
STEPS = 64


class Band(NamedTuple):
    """The scores in hundredths that pass a test: those from ``low`` to ``high``, or if not ``within`` all others."""

    low: int | Decimal
    high: int | Decimal
    within: bool = True

    def passes(self, worth: int) -> bool:
        """True if the score passes."""
        return (self.low <= worth <= self.high) == self.within

    def decides(self, low: int, high: int) -> bool:
        """True if all scores from ``low`` to ``high`` pass, or none of them does."""
        return high < self.low or low > self.high or (self.low <= low and high <= self.high)


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

    def band(self, tier: str) -> Band:
        """The scores of a tier; none for an unknown tier."""
        for position, (from_, name) in enumerate(self.tiers):
            if name == tier:
                higher = self.tiers[position + 1 :]
                return Band(from_, higher[0][0] - 1 if higher else FOREVER)
        return Band(1, 0)

    def verdict(self, band: Band, view: View) -> Instant:
        """Whether the score lies in the band, as a signed instant.

        The instant is when the answer changes if no event comes, or the last one that was computed after STEPS steps.
        Where events to come are known, it lasts whatever these are.
        """
        search = _Search(self.rules, band, view)
        return search.end() if search.passes else -search.end()


class _Search:
    """The search for the next instant at which a score's test has another answer.

    Between two instants each rule's worth lies between its worths at both, apart from rules on conditions, which stay
    until the instant that they name, and apart from what events to come may make of it. So a span is passed over at
    once if no score within these bounds differs in the answer; else half of it is tried.
    """

    def __init__(self, rules: Sequence[Rule], band: Band, view: View) -> None:
        self._rules, self._band, self._view = rules, band, view
        self._at = view.now
        self._levels = self._levels_at(view.now)
        self._coming = [view.coming(rule.specs) for rule in rules]
        self._losses = [rule.next_loss(view) for rule in rules]
        self._next = min(self._coming, default=FOREVER)
        self.passes = self._answer(self._levels)

    def end(self) -> int:
        """The instant of the change, or an earlier one up to which the answer stays."""
        span, furthest = DAY, FOREVER
        for _ in range(STEPS):
            constant = self._constant
            if constant >= FOREVER:
                return constant
            if self._at >= furthest:
                break
            end = max(constant, self._at + 1, min(self._at + span, self._steady, furthest))
            levels = self._levels_at(end)
            if end > constant and not self._decides(levels, end):
                if self._is_close(end):
                    break
                if self._at < self._next < end:
                    # The answer hangs on the next event.
                    furthest = self._next
                span = (end - self._at) // 2
                continue
            if end < self._next and self._answer(levels) != self.passes:
                return end
            if end == constant == self._next:
                return end
            self._at, self._levels, span = end, levels, 2 * (end - self._at)
        return self._constant

    def _is_close(self, end: int) -> bool:
        """True if trying nearer instants than ``end`` is not worth it.

        The instant of a change is found to the second. What events to come only may change ends somewhere all the same,
        and the score is computed again there: an eighth more of the time passed over would cost several computations.
        """
        step, known = end - self._at, self._at - self._view.now
        return step == 1 or (self._next < FOREVER and 8 * step < known)

    @property
    def _constant(self) -> int:
        """The instant until which no rule's worth changes, at the latest that of the next event."""
        if self._at >= self._next:
            return self._at
        return min(self._next, *(until for _, until in self._levels))

    @property
    def _steady(self) -> int:
        """The instant until which the conditions of rules stay as they are, apart from those that events may change."""
        pairs = zip(self._rules, self._levels, self._coming, strict=True)
        return min(
            (until for rule, (_, until), coming in pairs if not rule.gradual and self._at < coming), default=FOREVER
        )

    def _levels_at(self, at: int) -> list[Level]:
        return [rule.level(self._view, at) for rule in self._rules]

    def _answer(self, levels: Sequence[Level]) -> bool:
        return self._band.passes(sum(worth for worth, _ in levels))

    def _decides(self, levels: Sequence[Level], end: int) -> bool:
        """True if the answer stays the same from the present instant until just before ``end``."""
        least = most = 0
        parts = zip(self._rules, self._levels, levels, self._coming, self._losses, strict=True)
        for rule, (before, _), (after, _), coming, loss in parts:
            bounds = [before, after if rule.gradual else before]
            if loss < end or (coming < end and rule.reach is None):
                return False
            if coming < end:
                bounds += rule.reach or ()
            least, most = least + min(bounds), most + max(bounds)
        return self._band.passes(least) == self.passes and self._band.decides(least, most)


def points(worth: int) -> Decimal:
    """Convert hundredths to points."""
    return EXACT.divide(Decimal(worth), HUNDRED)
