"""Folding: events become entries of timelines, in any order and as often as they come."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from functions.core.events import Event
from functions.core.profile import State, Timeline
from functions.core.segments.catalogue import Catalogue
from functions.core.timeline import Entry, join, matches


def fold(state: State, events: Iterable[Event], catalogue: Catalogue, now: int) -> tuple[State, frozenset[str]]:
    """The state with the events in its timelines, and the addresses of the timelines that this changed."""
    timelines, touched = folded(state.timelines, events, catalogue)
    return replace(state, timelines=timelines), touched


def folded(
    timelines: Mapping[str, Timeline], events: Iterable[Event], catalogue: Catalogue
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """The timelines with what the events make in them, and the addresses of those that changed."""
    added: dict[str, list[Entry]] = {}
    for event in events:
        for spec in catalogue.candidates(event):
            entries = matches(spec, event)
            if entries:
                added.setdefault(spec.id, []).extend(entries)
    return joined(timelines, added, catalogue)


def joined(
    timelines: Mapping[str, Timeline], added: Mapping[str, list[Entry]], catalogue: Catalogue
) -> tuple[Mapping[str, Timeline], frozenset[str]]:
    """The timelines with the entries in them, and the addresses of those that changed."""
    changed: dict[str, Timeline] = {}
    for address, new in added.items():
        held = timelines.get(address)
        before = held.entries if held else ()
        after = join(before, new, catalogue.asks[address], catalogue.specs[address].first)
        if after != before:
            changed[address] = Timeline(after)
    return ({**timelines, **changed} if changed else timelines), frozenset(changed)


def fitted(timelines: Mapping[str, Timeline], catalogue: Catalogue) -> dict[str, Timeline]:
    """Those of the timelines that the catalogue has, no longer than it asks."""
    return {
        address: Timeline(join(held.entries, (), catalogue.asks[address], catalogue.specs[address].first))
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
