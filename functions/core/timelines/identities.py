"""Which entries are one event: of those with one identity one counts, and short keys are told apart by the log.

A new entry, as an event makes it, has its whole key: the short key and the rest. A stored entry keeps the short key
only, unless another entry of its timeline has the same short key: then both keep the whole key. So what is stored
depends on the kept entries and on nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from functions.core.base.errors import Undecided
from functions.core.timelines.entry import OF_PUBLIC, Entry, Short, in_order
from functions.core.timelines.event_keys import NATURAL, UNKEYED
from functions.core.timelines.spec import TimelineSpec


class AtHand:
    """The entries that the person's events, as read from the log, make in a timeline; computed once when needed.

    The events are all that the person has from ``since`` on (seconds UTC), provided that clocks are right; all events
    if ``since`` is None.
    """

    def __init__(self, make: Callable[[], Iterable[Entry]], *, since: int | None = None) -> None:
        self._make = make
        self._since = since

    @property
    def whole(self) -> bool:
        """True if these are all of the person's events in the log."""
        return self._since is None

    def tells(self, entry: Entry) -> bool:
        """True if a stored entry that is not among these entries is not in the log either."""
        return self._since is None or (entry.key < UNKEYED and entry.time >= self._since)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that the events make in the timeline."""
        return tuple(self._make())

    @cached_property
    def by_short(self) -> Mapping[Short, Sequence[Entry]]:
        """The entries by their short key."""
        entries_by_short: dict[Short, list[Entry]] = {}
        for entry in self.entries:
            entries_by_short.setdefault(entry.short, []).append(entry)
        return entries_by_short

    @cached_property
    def times(self) -> set[int]:
        """The times of the entries, seconds UTC."""
        return {entry.time for entry in self.entries}


def is_of_public(entry: Entry, spec: TimelineSpec) -> bool:
    """True if the entry is a number that the public reports of an occurrence, which others may report too."""
    return spec.value is not None and entry.revision == OF_PUBLIC and entry.key >= UNKEYED


def distinct_entries(
    entries: list[Entry], met: Sequence[Entry], at_hand: AtHand | None, spec: TimelineSpec
) -> list[Entry]:
    """The entry of each identity that counts, oldest first: the greatest, but what is trusted before what is not.

    ``met`` are the entries whose short key is compared with that of the others: these may be the same event.
    """
    greatest: dict[tuple[Short, int], Entry] = {}
    for entry in _told_apart(entries, {entry.short for entry in met}, at_hand):
        previous = greatest.get(entry.identity)
        if previous is None or _weight(entry, spec) > _weight(previous, spec):
            greatest[entry.identity] = entry
    return in_order(greatest.values())


def _weight(entry: Entry, spec: TimelineSpec) -> tuple[bool, tuple[Any, ...]]:
    return not is_of_public(entry, spec), entry.rank


def shortened(entries: tuple[Entry, ...], spec: TimelineSpec) -> tuple[Entry, ...]:
    """The entries with the whole key only where several have the same short key."""
    if spec.whole or not any(entry.rest for entry in entries):
        return entries
    often = Counter(entry.short for entry in entries)
    return tuple(entry if not entry.rest or often[entry.short] > 1 else entry.shortened for entry in entries)


def _told_apart(entries: list[Entry], met: set[Short], at_hand: AtHand | None) -> Iterable[Entry]:
    """The entries, with the whole key for those whose short key is in ``met`` and shared, if it can be known.

    Raises Undecided if the events at hand are needed and are missing or incomplete.
    """
    groups: dict[Short, list[Entry]] = {}
    for entry in entries:
        if entry.short in met and entry.key < NATURAL:
            groups.setdefault(entry.short, []).append(entry)
    doubtful = {short for short, group in groups.items() if len(group) > 1 and not all(one.rest for one in group)}
    if not doubtful:
        return entries
    if at_hand is None:
        raise Undecided(_since([entry for short in doubtful for entry in groups[short] if not entry.rest]))
    distinct = [entry for entry in entries if entry.rest or entry.short not in doubtful]
    for short in doubtful:
        for entry in groups[short]:
            if not entry.rest:
                distinct += _named(entry, groups[short], at_hand)
    return distinct


def _since(stored: Sequence[Entry]) -> int | None:
    """The time from which on events are needed to distinguish these entries; None for all events.

    Entries with natural keys need the events from the oldest of them on; for keys of events, a rare case, all are read.
    """
    return None if any(entry.key < UNKEYED for entry in stored) else min(entry.time for entry in stored)


def _named(entry: Entry, group: Sequence[Entry], at_hand: AtHand) -> list[Entry]:
    """The stored entry once for each event with the same content, with the event's whole key.

    It stays as it is if the log has none of these events any more. Raises Undecided if the events do not go back so
    far.
    """
    candidates = at_hand.by_short.get(entry.short, ())
    rests = {other.rest for other in (*group, *candidates) if other.rest and other.says == entry.says}
    if not rests and not at_hand.tells(entry):
        raise Undecided
    if not rests and entry.key >= UNKEYED:
        # An earlier report, which the log has deleted, of an occurrence that was reported again.
        rests = {other.rest for other in group if other.rest}
        rests = rests if len(rests) == 1 else set()
    return [entry._replace(rest=rest) for rest in rests] or [entry]
