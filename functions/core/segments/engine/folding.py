"""Folding: events become entries of timelines, in any order and as often as they come."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from functions.core.base.events import Event
from functions.core.profiles.state import State, Timeline
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.timelines.entry import Entry
from functions.core.timelines.joining import AtHand, join, trim, union
from functions.core.timelines.matching import matches
from functions.core.timelines.sealing import Held
from functions.core.timelines.spec import TimelineSpec


class Known:
    """A person's events at hand: what they make in a timeline tells what the stored entries and buckets do not.

    With ``since`` (seconds UTC) they are those from then on: a part that tells entries apart which it covers, but not
    what is sealed.
    """

    def __init__(self, events: Iterable[Event], *, since: int | None = None) -> None:
        self.events = tuple(events)
        self._since = since
        self._made: dict[str, AtHand] = {}

    def of(self, spec: TimelineSpec) -> AtHand:
        """The entries of one timeline."""
        at_hand = self._made.get(spec.id)
        if at_hand is None:
            at_hand = self._made[spec.id] = AtHand(lambda: self._entries(spec), since=self._since)
        return at_hand

    def _entries(self, spec: TimelineSpec) -> Iterable[Entry]:
        return (entry for event in self.events for entry in matches(spec, event))


def fold(
    state: State, events: Iterable[Event], catalogue: Catalogue, now: int, history: Known | None = None
) -> tuple[State, frozenset[str]]:
    """The state with the events in its timelines, and the addresses of the timelines that this changed."""
    timelines, touched = folded(state.timelines, events, catalogue, history)
    return replace(state, timelines=timelines), touched


def folded(
    timelines: Mapping[str, Timeline], events: Iterable[Event], catalogue: Catalogue, history: Known | None = None
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """The timelines with what the events make in them, and the addresses of those that changed.

    Raises Undecided where a stored entry may be one of the events or another, and ``known`` does not say.
    """
    added: dict[str, list[Entry]] = {}
    for event in events:
        for spec in catalogue.candidates(event):
            entries = matches(spec, event)
            if entries:
                added.setdefault(spec.id, []).extend(entries)
    return joined(timelines, added, catalogue, history)


def joined(
    timelines: Mapping[str, Timeline],
    added: Mapping[str, list[Entry]],
    catalogue: Catalogue,
    history: Known | None = None,
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """The timelines with the entries in them, and the addresses of those that changed; raises Undecided."""
    changed: dict[str, Timeline] = {}
    for address, new in added.items():
        before, spec = _held(timelines, address), catalogue.specs[address]
        at_hand = history.of(spec) if history else None
        after = join(before, new, catalogue.retentions[address], spec, at_hand, catalogue.cap)
        if after != before:
            changed[address] = Timeline(after)
    return ({**timelines, **changed} if changed else timelines), frozenset(changed)


def united(
    timelines: Mapping[str, Timeline], others: Mapping[str, Held], catalogue: Catalogue, history: Known | None = None
) -> Mapping[str, Timeline]:
    """The timelines with those of another state of the same person; raises Undecided."""
    result = dict(timelines)
    for address, other in others.items():
        spec, one = catalogue.specs[address], _held(timelines, address)
        at_hand = history.of(spec) if history else None
        result[address] = Timeline(union(one, other, catalogue.retentions[address], spec, at_hand, catalogue.cap))
    return result


def _held(timelines: Mapping[str, Timeline], address: str) -> Held:
    timeline = timelines.get(address)
    return timeline.held if timeline else Held()


def fitted(timelines: Mapping[str, Timeline], catalogue: Catalogue) -> dict[str, Timeline]:
    """Those of the timelines that the catalogue has, no longer than it asks."""
    result: dict[str, Timeline] = {}
    for address, timeline in timelines.items():
        spec = catalogue.specs.get(address)
        if spec is not None:
            result[address] = Timeline(trim(timeline.held, catalogue.retentions[address], spec, catalogue.cap))
    return result


def missing(state: State, catalogue: Catalogue) -> frozenset[str]:
    """The timelines to backfill from the log before the state can be trusted.

    An address that is absent may be new or empty, and one that is present may have been kept shorter: what was
    published since the state was built says which. Of a state that later definitions built, nothing is known.
    """
    if state.timelines_digest == catalogue.timelines_digest:
        return frozenset()
    if not state.timelines_digest or state.revision >= catalogue.revision:
        return frozenset(catalogue.specs)
    never = state.revision + 1
    return frozenset(each for each in catalogue.specs if catalogue.since.get(each, never) > state.revision)
