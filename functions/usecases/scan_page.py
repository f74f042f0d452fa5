"""One page of everybody, read once for whatever is asked about it.

For now and the future the stored profiles are used where they keep enough; so they are for an instant of the past at
which a profile already was as it is stored. All else is folded from the log.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from functions.core.base.events import Event
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue
from functions.core.timelines.retention import widest
from functions.usecases import profile_update
from functions.usecases.context import Context
from functions.usecases.tallies import Asked, Tally


class ScanPage:
    """Profiles as they are stored; what more is needed of one of them is read once, however many ask for it."""

    def __init__(self, context: Context, stored_states: Sequence[StoredState]) -> None:
        self._context = context
        self._stored = stored_states
        self._events: dict[str, list[Event]] = {}

    @property
    def profiles(self) -> list[str]:
        """Their ids."""
        return [each.profile for each in self._stored]

    def count(self, asked: Asked, tally: Tally) -> list[str]:
        """Count everybody; return the ids of those who are asked for."""
        views = [self.states(catalogue, asked.at) for catalogue in asked.catalogues]
        return [
            profile
            for profile in self.profiles
            if tally.add(asked, profile, [view[profile] for view in views], asked.at)
        ]

    def states(self, catalogue: Catalogue, at: int) -> Mapping[str, State]:
        """The state of each profile at the instant (seconds UTC), with the timelines that the catalogue needs."""
        kept = keeps(self._context.ruleset.catalogue, catalogue)
        return {
            profile: state if kept and state.evaluated <= at and whole else self._from_log(profile, catalogue, at)
            for profile, (state, whole) in self._unpacked.items()
        }

    @cached_property
    def _unpacked(self) -> Mapping[str, tuple[State, bool]]:
        """The stored states, and whether each has every timeline of the current definitions."""
        ruleset = self._context.ruleset
        states = {each.profile: ruleset.state(each) for each in self._stored}
        return {profile: (state, not engine.missing(state, ruleset.catalogue)) for profile, state in states.items()}

    @cached_property
    def _attributes(self) -> Mapping[str, ProfileAttributes]:
        return self._context.ports.people.load((), self.profiles, with_attributes=True).attributes

    def _from_log(self, profile: str, catalogue: Catalogue, at: int) -> State:
        if profile not in self._events:
            attributes = self._attributes.get(profile, ProfileAttributes(profile))
            self._events[profile] = profile_update.history(self._context, attributes)
        return state_of(profile, self._events[profile], catalogue, at)


def keeps(catalogue: Catalogue, query: Catalogue) -> bool:
    """True if the timelines kept for ``catalogue`` are long enough for ``query``."""
    return all(
        set(widest([*catalogue.retentions.get(address, ()), *retentions])) == set(catalogue.retentions.get(address, ()))
        for address, retentions in query.retentions.items()
    )


def state_of(profile: str, events: Sequence[Event], catalogue: Catalogue, at: int) -> State:
    """Fold the person's state at an instant (seconds UTC) from the events that had happened by then."""
    past = [event for event in events if event.time <= at]
    return engine.fold(engine.fresh(catalogue, profile), past, catalogue, at)[0]
