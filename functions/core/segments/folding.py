"""Folding: events become entries of timelines, in any order and as often as they come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from functions.core.events import Event
from functions.core.joining import AtHand, join
from functions.core.profile import State, Timeline
from functions.core.segments.catalogue import Catalogue
from functions.core.timeline import Entry, Short, TimelineSpec, matches


class Known:
    """A person's events at hand: what they make in a timeline tells apart what the stored entries do not."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)
        self._entries: dict[str, Mapping[Short, Sequence[Entry]]] = {}

    def of(self, spec: TimelineSpec) -> AtHand:
        """The entries of the timeline, made when they are asked for and once."""

        def entries() -> Mapping[Short, Sequence[Entry]]:
            if spec.id not in self._entries:
                self._entries[spec.id] = self._made(spec)
            return self._entries[spec.id]

        return entries

    def _made(self, spec: TimelineSpec) -> Mapping[Short, Sequence[Entry]]:
        found: dict[Short, list[Entry]] = {}
        for event in self._events:
            for entry in matches(spec, event):
                found.setdefault(entry.short, []).append(entry)
        return found


def fold(
    state: State, events: Iterable[Event], catalogue: Catalogue, now: int, known: Known | None = None
) -> tuple[State, frozenset[str]]:
    """The state with the events in its timelines, and the addresses of the timelines that this changed."""
    timelines, touched = folded(state.timelines, events, catalogue, known)
    return replace(state, timelines=timelines), touched


def folded(
    timelines: Mapping[str, Timeline], events: Iterable[Event], catalogue: Catalogue, known: Known | None = None
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
    return joined(timelines, added, catalogue, known)


def joined(
    timelines: Mapping[str, Timeline],
    added: Mapping[str, list[Entry]],
    catalogue: Catalogue,
    known: Known | None = None,
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """The timelines with the entries in them, and the addresses of those that changed; raises Undecided."""
    changed: dict[str, Timeline] = {}
    for address, new in added.items():
        held, spec = timelines.get(address), catalogue.specs[address]
        before = held.entries if held else ()
        after = join(before, new, catalogue.asks[address], spec, known.of(spec) if known else None)
        if after != before:
            changed[address] = Timeline(after)
    return ({**timelines, **changed} if changed else timelines), frozenset(changed)


def fitted(timelines: Mapping[str, Timeline], catalogue: Catalogue) -> dict[str, Timeline]:
    """Those of the timelines that the catalogue has, no longer than it asks."""
    return {
        address: Timeline(join(held.entries, (), catalogue.asks[address], catalogue.specs[address]))
        for address, held in timelines.items()
        if address in catalogue.specs
    }


def missing(state: State, catalogue: Catalogue) -> frozenset[str]:
    """The timelines to backfill from the log before the state can be trusted.

    An address that is absent may be new or empty, and one that is present may have been kept shorter: what was
    published since the state was built says which. Of a state that later definitions built, nothing is known.
    """
    if state.built[:8] == catalogue.built[:8]:
        return frozenset()
    if not state.built or state.revision >= catalogue.revision:
        return frozenset(catalogue.specs)
    never = state.revision + 1
    return frozenset(each for each in catalogue.specs if catalogue.since.get(each, never) > state.revision)
