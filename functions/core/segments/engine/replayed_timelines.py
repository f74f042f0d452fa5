"""The timelines of a replay: which events make something in each, and what they made of it by an instant.

Nothing is matched or folded before somebody reads it: of a person with many events most timelines of a formula never
decide anything.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, groupby
from operator import attrgetter
from typing import cast

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER
from functions.core.profiles.state import Timeline
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.segments.engine.folding import memory_of
from functions.core.timelines.entry import Entry
from functions.core.timelines.filters import equalities, path_of, values
from functions.core.timelines.identities import AtHand
from functions.core.timelines.joining import join
from functions.core.timelines.matching import matches
from functions.core.timelines.retention import Retention, Retentions
from functions.core.timelines.sealing import Memory, TimelineContent
from functions.core.timelines.spec import TimelineSpec

_time, _id = attrgetter("time"), attrgetter("id")
KeyOf = Callable[[Entry], Hashable]


class MatchedEvents:
    """All of a person's events that make entries in one timeline, by instant.

    The entries of a plain timeline, most of which nobody reads, are made when they are asked for.
    """

    def __init__(self, spec: TimelineSpec, events: Iterable[Event], retentions: Retentions, memory: Memory) -> None:
        self.spec, self.retentions, self.memory = spec, retentions, memory
        self.instants: list[int] = []
        # All in one list, with the places where those of each instant begin: a list for each would be many.
        self._starts: list[int] = []
        self._waiting: list[Event] = []
        self._made: list[Entry | None] = []
        self._by_key: dict[KeyOf, Mapping[Hashable, list[int]]] = {}
        if _is_of_events(spec) and spec.is_plain:
            self._postpone(events)
        else:
            self._make(events)
        self._starts.append(len(self._made))

    def _postpone(self, events: Iterable[Event]) -> None:
        timely, accepts = self.spec.timely, self.spec.accepts
        self._waiting = [event for event in events if timely(event.time) and accepts(event.properties)]
        self._made = [None] * len(self._waiting)
        for place, event in enumerate(self._waiting):
            self._note(event.time, place)

    def _make(self, events: Iterable[Event]) -> None:
        for event in events:
            if made := matches(self.spec, event):
                self._note(event.time, len(self._made))
                self._made.extend(made)

    def _note(self, at: int, place: int) -> None:
        if not self.instants or self.instants[-1] != at:
            self.instants.append(at)
            self._starts.append(place)

    def entries(self, begin: int, end: int) -> Sequence[Entry]:
        """The entries of the instants from one place up to another."""
        first, last = self._starts[begin], self._starts[end]
        if not self._waiting:
            return cast("list[Entry]", self._made[first:last])
        return [self._made[place] or self._made_now(place) for place in range(first, last)]

    def _made_now(self, place: int) -> Entry:
        (entry,) = matches(self.spec, self._waiting[place])
        self._made[place] = entry
        return entry

    def all_entries(self) -> Sequence[Entry]:
        """The entries of all events, oldest first."""
        return self.entries(0, len(self.instants))

    def reach(self, end: int) -> int:
        """The first place whose entries may still be kept once those up to ``end`` are folded."""
        # Of one occurrence that is reported twice with a number the older report may be the one that counts.
        if not end or self.spec.value is not None:
            return 0
        return min(self._reach(each, end) for each in self.retentions)

    def _reach(self, retention: Retention, end: int) -> int:
        begin = 0
        if retention.horizon is not None:
            begin = bisect_right(self.instants, self.instants[end - 1] - retention.horizon, 0, end)
        return begin if retention.keep is None or not self._waiting else self._latest(retention.keep, begin, end)

    def _latest(self, count: int, begin: int, end: int) -> int:
        """The place, not before ``begin``, from which on there are so many different things that happened."""
        identities: set[Hashable] = set()
        place = end
        while place > begin and len(identities) < count:
            place -= 1
            identities.update(entry.identity for entry in self.entries(place, place + 1))
        return place

    def next_after(self, now: int) -> int:
        """The instant of the next event; FOREVER if none comes."""
        return _next(self.instants, now)

    def following(self, now: int) -> Iterator[int]:
        """The instants of events after ``now``."""
        return map(self.instants.__getitem__, range(bisect_right(self.instants, now), len(self.instants)))

    def next_of(self, key_of: KeyOf, key: Hashable, now: int) -> int:
        """The instant of the next event that may change which entries with the key are kept; FOREVER if none comes."""
        if self._overflows:
            return self.next_after(now)
        if key_of not in self._by_key:
            self._by_key[key_of] = self._instants_by_key(key_of)
        return _next(self._by_key[key_of].get(key, ()), now)

    @cached_property
    def _overflows(self) -> bool:
        """True if a coming event may displace an older one of another key, since more come than are kept."""
        horizons = [each.horizon for each in self.retentions if each.keep is None]
        if not horizons:
            return True
        times, span = [entry.time for entry in self.all_entries()], _longest(horizons)
        far_apart = zip(times, times[self.memory.cap :], strict=False)
        return any(span is None or late - early < span for early, late in far_apart)

    def _instants_by_key(self, key_of: KeyOf) -> Mapping[Hashable, list[int]]:
        """The instants of the entries with each key, and of those of the same identity, which take their place."""
        keys: dict[Hashable, set[Hashable]] = defaultdict(set)
        for entry in self.all_entries():
            keys[entry.identity].add(key_of(entry))
        instants: dict[Hashable, list[int]] = defaultdict(list)
        for entry in self.all_entries():
            for key in keys[entry.identity]:
                instants[key].append(entry.time)
        return instants


def _is_of_events(spec: TimelineSpec) -> bool:
    return spec.trait is None and not spec.consent


def _longest(horizons: Iterable[int | None]) -> int | None:
    """The longest of them; None if one has no bound."""
    longest = 0
    for each in horizons:
        if each is None:
            return None
        longest = max(longest, each)
    return longest


def _next(instants: Sequence[int], now: int) -> int:
    place = bisect_right(instants, now)
    return instants[place] if place < len(instants) else FOREVER


def _in_order(events: Iterable[Event]) -> Sequence[Event]:
    """The events by time, those of one second by id, which takes long to tell."""
    by_time = groupby(sorted(events, key=_time), key=_time)
    return [event for _, batch in by_time for event in _by_id(list(batch))]


def _by_id(events: list[Event]) -> list[Event]:
    return events if len(events) == 1 else sorted(events, key=_id)


class EventIndex:
    """A person's events up to ``now`` (seconds UTC), and those of them that each timeline of a catalogue holds.

    ``events`` are by time, those of one second by id.
    """

    def __init__(self, events: Iterable[Event], catalogue: Catalogue, now: int) -> None:
        self.events, self.catalogue = _in_order(event for event in events if event.time <= now), catalogue
        self._matched: dict[str, MatchedEvents] = {}
        self._by_text: dict[tuple[str, str], Mapping[str, list[int]]] = {}

    def matched(self, timeline: str) -> MatchedEvents:
        """The events of the timeline with that address."""
        if timeline not in self._matched:
            spec, retentions = self.catalogue.specs[timeline], self.catalogue.retentions[timeline]
            memory = memory_of(self.catalogue, spec)
            self._matched[timeline] = MatchedEvents(spec, self._candidates(spec), retentions, memory)
        return self._matched[timeline]

    def at(self, now: int) -> Sequence[Event]:
        """The events of the instant."""
        return self.events[bisect_left(self._times, now) : bisect_right(self._times, now)]

    @cached_property
    def _times(self) -> Sequence[int]:
        return [event.time for event in self.events]

    def _candidates(self, spec: TimelineSpec) -> Iterable[Event]:
        """The events that may match, in order."""
        if not _is_of_events(spec):
            return (event for event in self.events if event.traits or event.consent)
        equality = next(equalities(spec.where), None)
        several = [self._places(name, equality) for name in set(spec.events)]
        places = several[0] if len(several) == 1 else sorted(chain.from_iterable(several))
        return map(self.events.__getitem__, places)

    def _places(self, name: str, equality: tuple[str, str] | None) -> Sequence[int]:
        """Where the events of that name are, or those of them with that text at that path."""
        if equality is None:
            return self._by_name.get(name, ())
        path, text = equality
        if (name, path) not in self._by_text:
            self._by_text[name, path] = self._texts(name, path)
        return self._by_text[name, path].get(text, ())

    @cached_property
    def _by_name(self) -> Mapping[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, event in enumerate(self.events):
            places[event.name].append(place)
        return places

    def _texts(self, name: str, path: str) -> Mapping[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        steps = path_of(path)
        for place in self._by_name.get(name, ()):
            for text in {each for each in values(self.events[place].properties, steps) if isinstance(each, str)}:
                places[text].append(place)
        return places


class ReplayedTimeline:
    """One timeline at an instant that only moves forward, folded when it is read with all events since last time."""

    def __init__(self, matched: MatchedEvents) -> None:
        self.matched = matched
        self._folded = 0
        self._content = self._before = TimelineContent()
        self._batch = FOREVER
        self._join = partial(
            join,
            retentions=matched.retentions,
            spec=matched.spec,
            at_hand=AtHand(matched.all_entries),
            memory=matched.memory,
        )

    def at(self, now: int) -> Timeline | None:
        """The timeline at the instant (seconds UTC), which is never before the last one; None before the first."""
        begin, instants = self._folded, self.matched.instants
        if begin < len(instants) and instants[begin] <= now:
            self._folded = end = bisect_right(instants, now, begin)
            present = end - (instants[end - 1] == now)
            self._before, self._batch = self._fold(begin, present), now
            self._content = self._before
            self._content = self._fold(present, end)
        return Timeline(self._content) if self._folded else None

    def _fold(self, begin: int, end: int) -> TimelineContent:
        added = self.matched.entries(max(begin, self.matched.reach(end)), end) if begin < end else ()
        return self._join(self._content, added) if added else self._content

    def is_touched(self, now: int) -> bool:
        """True if events of the instant itself changed the timeline."""
        self.at(now)
        return self._batch == now and self._content != self._before
