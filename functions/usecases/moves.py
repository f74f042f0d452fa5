"""Find who would enter and leave segments if other definitions were current, by reading every profile once."""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from functions.core.base.instants import holds
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue, compile_catalogue
from functions.core.segments.language.check import references
from functions.usecases.context import Context
from functions.usecases.members import around
from functions.usecases.questions import PAGE
from functions.usecases.scan_page import ScanPage

# How many of those who enter, and of those who leave, are named.
SAMPLE = 20


@dataclass(slots=True)
class Moves:
    """How many would enter, leave and stay in a segment; ``entering`` and ``leaving`` are the first ids of each."""

    enter: int = 0
    leave: int = 0
    stay: int = 0
    entering: list[str] = field(default_factory=list)
    leaving: list[str] = field(default_factory=list)

    def add(self, profile: str, before: bool, after: bool) -> None:
        """Count one profile, which is in the segment before and afterwards or is not."""
        self.stay += before and after
        if before != after:
            self.enter += after
            self.leave += before
            sample = self.entering if after else self.leaving
            insort(sample, profile)
            del sample[SAMPLE:]


def moves(context: Context, before: Ruleset, after: Ruleset, names: Iterable[str]) -> dict[str, Moves]:
    """What would become of the members of each of the segments, now; one that a ruleset lacks has no members there."""
    segments = {name: Moves() for name in sorted(names)}
    catalogues = [_catalogue(ruleset, segments) for ruleset in (before, after)]
    for stored_states, _ in context.ports.people.pages(size=PAGE):
        page = ScanPage(context, stored_states)
        views = [page.states(catalogue, context.now) for catalogue in catalogues]
        for profile in page.profiles:
            was, will_be = (
                _inside(view[profile], catalogue, segments, context.now)
                for view, catalogue in zip(views, catalogues, strict=True)
            )
            for name, counted in segments.items():
                counted.add(profile, name in was, name in will_be)
    return segments


def moved(before: Ruleset, after: Ruleset) -> set[str]:
    """The segments whose conditions differ, and those that refer to one of them, directly or indirectly."""
    old, new = _conditions(before), _conditions(after)
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    while more := {name for name in new.keys() - differing if references(new[name]) & differing}:
        differing |= more
    return differing


def _conditions(ruleset: Ruleset) -> dict[str, Mapping[str, object]]:
    """The conditions with everything in them that other definitions say: named events, scores, rates."""
    return {name: body["when"] for name, body in ruleset.segments.items()}


def _catalogue(ruleset: Ruleset, names: Iterable[str]) -> Catalogue:
    conditions = {name: ruleset.segments[name]["when"] for name in names if name in ruleset.segments}
    return compile_catalogue(around(conditions, ruleset))


def _inside(state: State, catalogue: Catalogue, names: Iterable[str], now: int) -> set[str]:
    present = [name for name in names if name in catalogue.segments]
    return {name for name, verdict in engine.evaluate(state, catalogue, now, present).items() if holds(verdict)}
