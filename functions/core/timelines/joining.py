"""Joining entries to a timeline, in any order and as often as they come.

An entry as an event makes it has the whole of its key. Stored, it keeps the short key alone, unless another entry of
its timeline has the same short key: then both keep the whole. So what is stored depends on the entries that are kept
and on nothing else. A stored entry with a short key may be the very event that comes now, or another with the same
short key; and what comes may be sealed in a bucket already. The events at hand tell which, and without them
``Undecided`` is raised.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from functions.core.base.errors import Undecided
from functions.core.timelines.entry import Entry, Short
from functions.core.timelines.event_keys import NATURAL, UNKEYED
from functions.core.timelines.retention import CAP, Retentions, needed
from functions.core.timelines.sealing import Bucket, Held, bucket, gathered, lost, opens, reach, seals
from functions.core.timelines.spec import TimelineSpec


class AtHand:
    """The entries that events at hand make in a timeline, made once.

    These are all that the person has from ``since`` on (seconds UTC) if clocks are right; None for all.
    """

    def __init__(self, make: Callable[[], Iterable[Entry]], *, since: int | None = None) -> None:
        self._make = make
        self._since = since

    @property
    def whole(self) -> bool:
        """Whether the log has no others."""
        return self._since is None

    def tells(self, entry: Entry) -> bool:
        """Whether the log does not know a stored entry that is not among these."""
        return self._since is None or (entry.key < UNKEYED and entry.time >= self._since)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return tuple(self._make())

    @cached_property
    def by_short(self) -> Mapping[Short, Sequence[Entry]]:
        """The same by short key."""
        entries_by_short: dict[Short, list[Entry]] = {}
        for entry in self.entries:
            entries_by_short.setdefault(entry.short, []).append(entry)
        return entries_by_short

    @cached_property
    def times(self) -> set[int]:
        """When they happened."""
        return {entry.time for entry in self.entries}


def join(
    contents: Held,
    added: Sequence[Entry],
    retentions: Retentions,
    spec: TimelineSpec,
    at_hand: AtHand | None = None,
    cap: int = CAP,
) -> Held:
    """The timeline with the added entries; of more than ``cap`` the oldest are sealed. Raises Undecided."""
    entries = contents.entries
    if spec.first:
        return Held((), tuple(sorted({*entries, *added})[:1]))
    if (contents.sealed or len(entries) + len(added) > cap) and seals(spec, retentions):
        return _Sealing(retentions, spec, at_hand, cap).join(contents, added)
    if len(added) == 1 and entries and _is_newest(added[0], entries):
        newest = added[0] if spec.whole else added[0].shortened
        if len(retentions) == 1 and retentions[0].keep == 1:
            return Held((), (newest,))
        ordered = [*entries, newest]
        return Held((), _trimmed(ordered, needed(ordered, retentions, cap), spec))
    if all(retention.keep == 1 for retention in retentions):
        # Of one entry it does not matter which event it is.
        return Held((), _shortened(tuple(sorted([*entries, *added])[-1:]), spec))
    ordered = _ordered([*entries, *added], added, at_hand)
    return Held((), _shortened(_trimmed(ordered, needed(ordered, retentions, cap), spec), spec))


def union(
    one: Held, other: Held, retentions: Retentions, spec: TimelineSpec, at_hand: AtHand | None = None, cap: int = CAP
) -> Held:
    """The timeline of two that are one person's; raises Undecided."""
    if other.sealed:
        return _Sealing(retentions, spec, at_hand, cap).from_log([one, other], ())
    return join(one, other.entries, retentions, spec, at_hand, cap)


def trim(contents: Held, retentions: Retentions, spec: TimelineSpec, cap: int = CAP) -> Held:
    """The timeline no longer than it is asked for; single entries beyond the cap are sealed."""
    if contents.sealed and seals(spec, retentions):
        return _Sealing(retentions, spec, None, cap).trim(contents)
    return (
        join(Held((), contents.entries), (), retentions, spec, None, cap)
        if spec.first or contents.entries
        else contents
    )


class _Sealing:
    """Joins entries to a timeline that has sealed buckets, or comes to have them."""

    def __init__(self, retentions: Retentions, spec: TimelineSpec, at_hand: AtHand | None, cap: int) -> None:
        self._retentions, self._spec, self._at_hand, self._cap = retentions, spec, at_hand, cap
        self._span = reach(retentions)

    def join(self, contents: Held, added: Sequence[Entry]) -> Held:
        """The timeline with the entries, from the log where they may be sealed or nothing was sealed before.

        What was stored before there were buckets has forgotten what is beyond the cap.
        """
        newest = max(entry.time for entry in (*contents.entries[-1:], *added))
        if contents.sealed and any(self._may_be_sealed(entry, contents.entries, newest) for entry in added):
            return self.from_log([contents], added)
        if len(added) == 1 and contents.entries and _is_newest(added[0], contents.entries):
            ordered = [*contents.entries, added[0].shortened]
        else:
            ordered = _ordered([*contents.entries, *added], added, self._at_hand)
        older, entries = self._parted(ordered)
        sealed = gathered((*contents.sealed, *(bucket(entry, newest) for entry in older)), newest, self._span)
        if sealed and contents.entries and not contents.sealed:
            return self.from_log([contents], added)
        return Held(sealed, _shortened(entries, self._spec))

    def trim(self, contents: Held) -> Held:
        """The timeline as far as it is asked for."""
        older, entries = self._parted(list(contents.entries))
        newest = contents.entries[-1].time
        sealed = gathered((*contents.sealed, *(bucket(entry, newest) for entry in older)), newest, self._span)
        return Held(sealed, _shortened(entries, self._spec))

    def _parted(self, ordered: list[Entry]) -> tuple[Sequence[Entry], tuple[Entry, ...]]:
        """The older entries, and those that are kept single."""
        retained = needed(ordered, self._retentions, self._cap)
        return ordered[: len(ordered) - retained], tuple(ordered[len(ordered) - retained :])

    def _may_be_sealed(self, entry: Entry, entries: Sequence[Entry], newest: int) -> bool:
        """Whether a bucket may count the entry, or an earlier telling of it."""
        if entry.says <= entries[0].says:
            return self._span is None or opens(entry.time, newest) > newest - self._span
        if entry.key < UNKEYED or any(other.key == entry.key for other in entries):
            return False
        return self._at_hand is None or not self._at_hand.whole or self._is_told_again(entry)

    def _is_told_again(self, entry: Entry) -> bool:
        """Whether the events at hand tell it more than once; a stored entry may have its short key only."""
        same_short = self._at_hand.by_short.get(entry.short, ()) if self._at_hand else ()
        return any(other.says != entry.says for other in same_short if not entry.rest or other.rest == entry.rest)

    def from_log(self, several: Sequence[Held], added: Sequence[Entry]) -> Held:
        """The timeline as the log tells it up to its newest entry, with the buckets whose entries the log forgot."""
        if self._at_hand is None or not self._at_hand.whole:
            raise Undecided
        stored = [entry for each in several for entry in each.entries]
        newest = max(entry.time for entry in (*stored, *added))
        logged = [entry for entry in self._at_hand.entries if entry.time <= newest]
        older, entries = self._parted(_ordered([*stored, *added, *logged], [*stored, *logged], self._at_hand))
        forgotten = lost([each for one in several for each in one.sealed], self._at_hand.times)
        sealed = (bucket(entry, newest) for entry in self._not_in(forgotten, older, several, newest))
        return Held(gathered((*forgotten, *sealed), newest, self._span), _shortened(entries, self._spec))

    def _not_in(
        self, forgotten: Sequence[Bucket], older: Sequence[Entry], several: Sequence[Held], newest: int
    ) -> Iterable[Entry]:
        """The entries that those buckets do not count: of other days, or single until now."""
        taken = {opens(each.last, newest) for each in forgotten}
        single = max((one.entries[0].says for one in several if one.sealed and one.entries), default=None)
        for entry in older:
            if opens(entry.time, newest) not in taken or (single is not None and entry.says >= single):
                yield entry


def _ordered(entries: list[Entry], met: Sequence[Entry], at_hand: AtHand | None) -> list[Entry]:
    """The greatest entry of each identity, oldest first, given those whose short key may be another's."""
    greatest: dict[tuple[Short, int], Entry] = {}
    for entry in _told_apart(entries, {entry.short for entry in met}, at_hand):
        previous = greatest.get(entry.identity)
        if previous is None or entry > previous:
            greatest[entry.identity] = entry
    return sorted(greatest.values())


def _is_newest(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether the entry comes after all others and has the short key of none of them."""
    key = entry.key
    return entry.time > entries[-1].time and (key < UNKEYED or all(other.key != key for other in entries))


def _trimmed(ordered: list[Entry], count: int, spec: TimelineSpec) -> tuple[Entry, ...]:
    """The newest; of two that had one short key the one that stays may need it no longer."""
    dropped = len(ordered) - count
    if not dropped:
        return tuple(ordered)
    retained = tuple(ordered[dropped:])
    return _shortened(retained, spec) if any(entry.rest for entry in ordered[:dropped]) else retained


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
        raise Undecided(_since([entry for short in doubtful for entry in groups[short] if not entry.rest]))
    distinct = [entry for entry in entries if entry.rest or entry.short not in doubtful]
    for short in doubtful:
        for entry in groups[short]:
            if not entry.rest:
                distinct += _named(entry, groups[short], at_hand)
    return distinct


def _since(stored: Sequence[Entry]) -> int | None:
    """From when on events tell natural keys apart; None for keys of events, of which the log is rarely asked."""
    return None if any(entry.key < UNKEYED for entry in stored) else min(entry.time for entry in stored)


def _named(entry: Entry, group: Sequence[Entry], at_hand: AtHand) -> list[Entry]:
    """The stored entry as every event that says the same; as it is when the log has none of them any more."""
    candidates = at_hand.by_short.get(entry.short, ())
    rests = {other.rest for other in (*group, *candidates) if other.rest and other.says == entry.says}
    if not rests and not at_hand.tells(entry):
        raise Undecided
    if not rests and entry.key >= UNKEYED:
        # An earlier telling, which the log has dropped, of what is told again.
        rests = {other.rest for other in group if other.rest}
        rests = rests if len(rests) == 1 else set()
    return [entry._replace(rest=rest) for rest in rests] or [entry]
