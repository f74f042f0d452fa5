"""What is counted of flow runs under way: at which step of which version of their flow they stand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from functions.core.profiles.state import State
from functions.usecases.tallies import Asked, Moves, MovesTally


class Place(NamedTuple):
    """A version of a flow, and the id of a step of it, empty past the last."""

    version: int
    step: str


@dataclass(slots=True)
class RunsTally:
    """How many runs stand at each place of each flow that is asked about."""

    standing: dict[str, Counter[Place]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, asked: Asked, profile: str, states: Sequence[State], at: int) -> bool:
        """Count nobody: only runs are counted."""
        return False

    def add_run(self, flow: str, place: Place) -> None:
        """Count a run."""
        self.standing[flow][place] += 1

    def plus(self, stored: Any) -> Self:
        """Add what another had stored."""
        for flow, version, step, count in stored:
            self.standing[flow][Place(version, step)] += count
        return self

    def stored(self) -> Any:
        """The counts as a JSON value."""
        return [[flow, *place, count] for flow, places in self.standing.items() for place, count in places.items()]


@dataclass(slots=True)
class ImpactTally:
    """What would become of the members of segments, and where the runs of flows stand."""

    people: MovesTally = field(default_factory=MovesTally)
    runs: RunsTally = field(default_factory=RunsTally)

    @property
    def moves(self) -> dict[str, Moves]:
        """What would become of the members of each segment."""
        return self.people.moves

    @property
    def standing(self) -> dict[str, Counter[Place]]:
        """How many runs stand at each place of each flow."""
        return self.runs.standing

    def add(self, asked: Asked, profile: str, states: Sequence[State], at: int) -> bool:
        """Count a person."""
        return self.people.add(asked, profile, states, at)

    def add_run(self, flow: str, place: Place) -> None:
        """Count a run."""
        self.runs.add_run(flow, place)

    def plus(self, stored: Any) -> Self:
        """Add what another had stored."""
        people, runs = stored
        self.people.plus(people)
        self.runs.plus(runs)
        return self

    def stored(self) -> Any:
        """The counts as a JSON value."""
        return [self.people.stored(), self.runs.stored()]
