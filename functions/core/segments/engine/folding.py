"""Folding of events into timeline entries; neither the order of events nor their repetition changes the result."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from functions.core.base.events import Event
from functions.core.profiles.state import State, Timeline
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.timelines.entry import Entry
from functions.core.timelines.identities import AtHand
from functions.core.timelines.joining import join, trim, union
from functions.core.timelines.matching import matches
from functions.core.timelines.sealing import Memory, TimelineContent
from functions.core.timelines.spec import TimelineSpec

# The entries of consent that are kept one by one however full the state is.
LEAST_OF_CONSENT = 500


class KnownEvents:
    """A person's events in memory, used to tell whether a stored entry is one of the events being applied.

    With ``since`` (seconds UTC) they are only those from then on: enough to identify entries of that time, but not to
    resolve sealed buckets.
    """

    def __init__(self, events: Iterable[Event], *, since: int | None = None) -> None:
        self.events = tuple(events)
        self._since = since
        self._made: dict[str, AtHand] = {}

    def of(self, spec: TimelineSpec) -> AtHand:
        """The entries that the events make in one timeline."""
        at_hand = self._made.get(spec.id)
        if at_hand is None:
            at_hand = self._made[spec.id] = AtHand(lambda: self._entries(spec), since=self._since)
        return at_hand

    def _entries(self, spec: TimelineSpec) -> Iterable[Entry]:
        return (entry for event in self.events for entry in matches(spec, event))


def fold(
    state: State, events: Iterable[Event], catalogue: Catalogue, now: int, history: KnownEvents | None = None
) -> tuple[State, frozenset[str]]:
    """Return the state with the events in its timelines, and the changed timelines' addresses; raises Undecided."""
    timelines, touched = folded(state.timelines, events, catalogue.halved(state.halvings), history)
    return replace(state, timelines=timelines), touched


def folded(
    timelines: Mapping[str, Timeline], events: Iterable[Event], catalogue: Catalogue, history: KnownEvents | None = None
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """Return the timelines with the events' entries in them, and the addresses of those that changed.

    Raises Undecided if a stored entry may or may not be one of the events and ``history`` does not tell.
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
    history: KnownEvents | None = None,
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """Return the timelines with the new entries in them, and the addresses of those that changed; raises Undecided."""
    changed: dict[str, Timeline] = {}
    for address, new in added.items():
        before, spec = _held(timelines, address), catalogue.specs[address]
        at_hand = history.of(spec) if history else None
        after = join(before, new, catalogue.retentions[address], spec, at_hand, memory_of(catalogue, spec))
        if after != before:
            changed[address] = Timeline(after)
    return ({**timelines, **changed} if changed else timelines), frozenset(changed)


def united(
    timelines: Mapping[str, Timeline],
    others: Mapping[str, TimelineContent],
    catalogue: Catalogue,
    history: KnownEvents | None = None,
) -> Mapping[str, Timeline]:
    """Return the timelines merged with those of another state of the same person; raises Undecided."""
    result = dict(timelines)
    for address, other in others.items():
        spec, one = catalogue.specs[address], _held(timelines, address)
        at_hand = history.of(spec) if history else None
        result[address] = Timeline(
            union(one, other, catalogue.retentions[address], spec, at_hand, memory_of(catalogue, spec))
        )
    return result


def memory_of(catalogue: Catalogue, spec: TimelineSpec) -> Memory:
    """How much the timeline remembers; statements of consent are short, and a "no" must stay."""
    return Memory(max(catalogue.cap, LEAST_OF_CONSENT) if spec.consent else catalogue.cap, catalogue.grain)


def _held(timelines: Mapping[str, Timeline], address: str) -> TimelineContent:
    timeline = timelines.get(address)
    return timeline.held if timeline else TimelineContent()


def fitted(timelines: Mapping[str, Timeline], catalogue: Catalogue) -> dict[str, Timeline]:
    """The timelines that the catalogue has, each trimmed to what the catalogue keeps."""
    result: dict[str, Timeline] = {}
    for address, timeline in timelines.items():
        spec = catalogue.specs.get(address)
        if spec is not None:
            result[address] = Timeline(
                trim(timeline.held, catalogue.retentions[address], spec, memory_of(catalogue, spec))
            )
    return result


def missing(state: State, catalogue: Catalogue) -> frozenset[str]:
    """The addresses of the timelines to backfill from the log before the state can be evaluated.

    An absent timeline may be new or merely empty, and a present one may have been kept for a shorter time; the
    publications since the state was built decide. If the state was built with the same or a later publication but other
    timelines, all are missing.
    """
    if state.timelines_digest == catalogue.timelines_digest:
        return frozenset()
    if not state.timelines_digest or state.revision >= catalogue.revision:
        return frozenset(catalogue.specs)
    never = state.revision + 1
    return frozenset(each for each in catalogue.specs if catalogue.since.get(each, never) > state.revision)
