"""The people around a shared device as the log divides them: whose each event and identifier is, and what is stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from functions.core.base.events import Event
from functions.core.profiles.grouping import Groups
from functions.core.profiles.stored import StoredProfiles


@dataclass(frozen=True, slots=True)
class Division:
    """Who is who among ``events``, which are all that the log has of these people, by id.

    people      the number of each person in ``groups``, by the profile that the person has from now on
    ended       the stored profiles that no person keeps, each with the profile that takes it over
    owned       the events of each person, by the person's number
    new         the ids of the events that count as new: all others are past, and start no flow
    concerned   every profile under which runs and messages of several people may be stored
    until       for a rebuild: what was received up to this instant (seconds UTC) is past
    """

    events: Mapping[str, Event]
    whole: StoredProfiles
    groups: Groups
    owned: Mapping[int, list[Event]]
    people: Mapping[str, int]
    ended: Mapping[str, str]
    new: frozenset[str]
    concerned: frozenset[str]
    until: int | None

    def own(self, profile: str) -> list[Event]:
        """The events of the person who has the profile."""
        return self.owned[self.people[profile]]

    def names(self, profile: str) -> frozenset[str]:
        """The identifiers that the person has, or once had."""
        return self.groups.names(self.people[profile])

    def absorbed(self, profile: str) -> set[str]:
        """The stored profiles that end in this one."""
        return {loser for loser, winner in self.ended.items() if winner == profile}

    def is_quiet(self, profile: str) -> bool:
        """True if the person has nothing new in a rebuild, so that nobody is told of the profile."""
        return self.until is not None and self.new.isdisjoint(event.id for event in self.own(profile))


def owned(events: Iterable[Event], groups: Groups) -> dict[int, list[Event]]:
    """The events by person."""
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[groups.of(event)].append(event)
    return found


def concerned(whole: StoredProfiles, people: Collection[str]) -> frozenset[str]:
    """Every profile under which runs and messages of several people may be stored; none if there is one person."""
    if len(people) < 2:
        return frozenset()
    absorbed = {profile for attributes in whole.attributes.values() for profile in attributes.absorbed}
    return frozenset({*people, *whole.states, *absorbed})
