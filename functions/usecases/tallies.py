"""What is counted of everybody, person by person: it adds up over pages and segments, and is stored as JSON between."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from functions.core.base.instants import holds
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue, limits

# How many of the people whom a condition finds are named.
SAMPLE = 20


class Asked(Protocol):
    """What a tally needs to know of its question."""

    @property
    def names(self) -> Sequence[str]: ...
    @property
    def catalogues(self) -> Sequence[Catalogue]: ...
    @property
    def at(self) -> int: ...


class Tally(Protocol):
    """Counts of one question."""

    def add(self, asked: Asked, profile: str, states: Sequence[State], at: int) -> bool:
        """Count a person, whose states are one for each catalogue; True if the person is among those asked for."""

    def plus(self, stored: Any) -> Self:
        """Add what another tally of the question had stored; return this one."""

    def stored(self) -> Any:
        """The counts as a JSON value."""


@dataclass(slots=True)
class PeopleTally:
    """For how many people one condition holds, the first ids of them, and of how many that may leave something out."""

    count: int = 0
    bounded: int = 0
    sample: list[str] = field(default_factory=list)

    def add(self, asked: Asked, profile: str, states: Sequence[State], at: int) -> bool:
        """Count a person."""
        (name, *_), (catalogue,), (state,) = asked.names, asked.catalogues, states
        self.bounded += limits.leaves_out(name, state, catalogue, at, limits.full(state, catalogue))
        if not holds(engine.evaluate(state, catalogue, at, [name])[name]):
            return False
        self.count += 1
        _keep_first(self.sample, [profile])
        return True

    def plus(self, stored: Any) -> Self:
        """Add what another had stored."""
        count, bounded, sample = stored
        self.count += count
        self.bounded += bounded
        _keep_first(self.sample, sample)
        return self

    def stored(self) -> Any:
        """The counts as a JSON value."""
        return [self.count, self.bounded, self.sample]


@dataclass(slots=True)
class SegmentsTally:
    """How many people are in each segment, and of how many that may leave something out."""

    people: Counter[str] = field(default_factory=Counter)
    bounded: Counter[str] = field(default_factory=Counter)

    def add(self, asked: Asked, profile: str, states: Sequence[State], at: int) -> bool:
        """Count a person in every segment."""
        (catalogue,), (state,) = asked.catalogues, states
        verdicts = engine.evaluate(state, catalogue, at)
        self.people.update(name for name, verdict in verdicts.items() if holds(verdict))
        if crowded := limits.full(state, catalogue):
            self.bounded.update(name for name in verdicts if limits.leaves_out(name, state, catalogue, at, crowded))
        return False

    def plus(self, stored: Any) -> Self:
        """Add what another had stored."""
        people, bounded = stored
        self.people.update(people)
        self.bounded.update(bounded)
        return self

    def stored(self) -> Any:
        """The counts as a JSON value."""
        return [self.people, self.bounded]


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
            _keep_first(self.entering if after else self.leaving, [profile])


@dataclass(slots=True)
class MovesTally:
    """What would become of the members of each segment if the second of two rulesets took the place of the first."""

    moves: dict[str, Moves] = field(default_factory=lambda: defaultdict(Moves))

    def add(self, asked: Asked, profile: str, states: Sequence[State], at: int) -> bool:
        """Count a person; a segment that a ruleset lacks has no members there."""
        before, after = (
            _inside(state, catalogue, asked.names, at)
            for state, catalogue in zip(states, asked.catalogues, strict=True)
        )
        for name in asked.names:
            self.moves[name].add(profile, name in before, name in after)
        return False

    def plus(self, stored: Any) -> Self:
        """Add what another had stored."""
        for name, (enter, leave, stay, entering, leaving) in stored.items():
            moves = self.moves[name]
            moves.enter, moves.leave, moves.stay = moves.enter + enter, moves.leave + leave, moves.stay + stay
            _keep_first(moves.entering, entering)
            _keep_first(moves.leaving, leaving)
        return self

    def stored(self) -> Any:
        """The counts as a JSON value."""
        return {
            name: [each.enter, each.leave, each.stay, each.entering, each.leaving] for name, each in self.moves.items()
        }


def _inside(state: State, catalogue: Catalogue, names: Sequence[str], at: int) -> set[str]:
    present = [name for name in names if name in catalogue.segments]
    return {name for name, verdict in engine.evaluate(state, catalogue, at, present).items() if holds(verdict)}


def _keep_first(sample: list[str], profiles: Sequence[str]) -> None:
    for profile in profiles:
        insort(sample, profile)
    del sample[SAMPLE:]
