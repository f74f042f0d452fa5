"""Joining entries to a timeline, in any order and as often as they come.

An entry as an event makes it has the whole of its key. Stored, it keeps the short key alone, unless another entry of
its timeline has the same short key: then both keep the whole. So what is stored depends on the entries that are kept
and on nothing else. A stored entry with a short key may be the very event that comes now, or another with the same
short key: the events at hand tell which, and without them ``Undecided`` is raised.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from functions.core.asks import Asks, needed
from functions.core.errors import Undecided
from functions.core.timeline import NATURAL, UNKEYED, Entry, Short, TimelineSpec

# The entries that the events at hand make in the timeline, by short key.
AtHand = Callable[[], Mapping[Short, Sequence[Entry]]]


def join(
    entries: Sequence[Entry], added: Sequence[Entry], asks: Asks, spec: TimelineSpec, at_hand: AtHand | None = None
) -> tuple[Entry, ...]:
    """The timeline with the added entries, oldest first; raises Undecided."""
    if spec.first:
        return tuple(sorted({*entries, *added})[:1])
    if len(added) == 1 and entries and _is_newest(added[0], entries):
        return _trimmed([*entries, added[0] if spec.whole else added[0].shortened], asks, spec)
    if all(ask.keep == 1 for ask in asks):
        # Of one entry it does not matter which event it is.
        return _shortened(tuple(sorted([*entries, *added])[-1:]), spec)
    greatest: dict[tuple[Short, int], Entry] = {}
    for entry in _told_apart([*entries, *added], {entry.short for entry in added}, at_hand):
        known = greatest.get(entry.identity)
        if known is None or entry > known:
            greatest[entry.identity] = entry
    return _shortened(_trimmed(sorted(greatest.values()), asks, spec), spec)


def _is_newest(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether the entry comes after all others and has the short key of none of them."""
    key = entry.key
    return entry.time > entries[-1].time and (key < UNKEYED or all(other.key != key for other in entries))


def _trimmed(ordered: list[Entry], asks: Asks, spec: TimelineSpec) -> tuple[Entry, ...]:
    """Those that are asked for; of two that had one short key the one that stays may need it no longer."""
    dropped = len(ordered) - needed(ordered, asks)
    kept = tuple(ordered[dropped:])
    return _shortened(kept, spec) if any(entry.rest for entry in ordered[:dropped]) else kept


def _shortened(entries: tuple[Entry, ...], spec: TimelineSpec) -> tuple[Entry, ...]:
    """The entries with the whole key only where several have one short key."""
    if spec.whole or not any(entry.rest for entry in entries):
        return entries
    often = Counter(entry.short for entry in entries)
    return tuple(entry if not entry.rest or often[entry.short] > 1 else entry.shortened for entry in entries)


def _told_apart(entries: list[Entry], met: set[Short], at_hand: AtHand | None) -> Iterable[Entry]:
    """The entries, those whose short key is met by another with the whole key where that can be known."""
    groups: dict[Short, list[Entry]] = {}
    for entry in entries:
        if entry.short in met and entry.key < NATURAL:
            groups.setdefault(entry.short, []).append(entry)
    doubtful = {short for short, group in groups.items() if len(group) > 1 and not all(one.rest for one in group)}
    if not doubtful:
        return entries
    if at_hand is None:
        raise Undecided
    known = at_hand()
    found = [entry for entry in entries if entry.rest or entry.short not in doubtful]
    for short in doubtful:
        for entry in groups[short]:
            if not entry.rest:
                found += _named(entry, groups[short], known.get(short, ()))
    return found


def _named(entry: Entry, group: Sequence[Entry], known: Sequence[Entry]) -> list[Entry]:
    """The stored entry as every event that says the same; as it is when the log has none of them any more."""
    rests = {other.rest for other in (*group, *known) if other.rest and other.says == entry.says}
    if not rests and entry.key >= UNKEYED:
        # An earlier telling, which the log has dropped, of what is told again.
        rests = {other.rest for other in group if other.rest}
        rests = rests if len(rests) == 1 else set()
    return [entry._replace(rest=rest) for rest in rests] or [entry]
