"""Joins entries to a timeline; the result does not depend on their order or on repetitions.

A new entry, as an event makes it, has its whole key: the short key and the rest. A stored entry keeps the short key
only, unless another entry of its timeline has the same short key: then both keep the whole key. So what is stored
depends on the kept entries and on nothing else.

Three questions cannot be answered from the stored timeline: whether a stored entry with the same short key is the new
event or another one, whether the new event is counted in a sealed bucket already, and whether somebody trusted reported
the number that the public reports now, or what was left out because the public reported a later one. The person's
events from the log (``AtHand``) answer them; without these events ``Undecided`` is raised.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Any

from functions.core.base.errors import Undecided
from functions.core.timelines.entry import OF_PUBLIC, Entry, Short, in_order, standing
from functions.core.timelines.event_keys import NATURAL, UNKEYED
from functions.core.timelines.retention import CAP, Retentions, needed
from functions.core.timelines.sealing import Bucket, TimelineContent, bucket, fewer, gathered, lost, opens, reach, seals
from functions.core.timelines.spec import TimelineSpec

# Time, revision and key: the short key of an event's entry.
_order = itemgetter(0, 1, 2)


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


def join(
    contents: TimelineContent,
    added: Sequence[Entry],
    retentions: Retentions,
    spec: TimelineSpec,
    at_hand: AtHand | None = None,
    cap: int = CAP,
) -> TimelineContent:
    """The timeline with the added entries, trimmed to what the retentions need.

    Of more than ``cap`` single entries the oldest are sealed, or dropped if the timeline has no buckets. Raises
    Undecided if ``at_hand`` is needed but is missing or incomplete.
    """
    entries = contents.entries
    if spec.first:
        return TimelineContent((), tuple(in_order({*entries, *added})[:1]))
    if spec.trait is not None and (said := (*entries, *added)):
        # Whoever is trusted more outweighs what is said later, as in the profile's traits.
        return TimelineContent((), _shortened((max(said, key=lambda each: (standing(each), each.rank)),), spec))
    if _may_be_outweighed(entries, added, spec):
        return _Sealing(retentions, spec, at_hand, cap).from_log([contents], added)
    if (contents.sealed or len(entries) + len(added) > cap) and seals(spec, retentions):
        return _Sealing(retentions, spec, at_hand, cap).join(contents, added)
    if newer := _appended(entries, added):
        newest = newer if spec.whole else [entry.shortened for entry in newer]
        if len(retentions) == 1 and retentions[0].keep == 1:
            return TimelineContent((), (newest[-1],))
        ordered = [*entries, *newest]
        return TimelineContent((), _trimmed(ordered, needed(ordered, retentions, cap), spec))
    if all(retention.keep == 1 for retention in retentions) and not any(_is_of_public(each, spec) for each in added):
        # Only the greatest entry is kept, so it does not matter which event it is.
        return TimelineContent((), _shortened(tuple(in_order([*entries, *added])[-1:]), spec))
    ordered = _ordered([*entries, *added], added, at_hand, spec)
    return TimelineContent((), _shortened(_trimmed(ordered, needed(ordered, retentions, cap), spec), spec))


def union(
    one: TimelineContent,
    other: TimelineContent,
    retentions: Retentions,
    spec: TimelineSpec,
    at_hand: AtHand | None = None,
    cap: int = CAP,
) -> TimelineContent:
    """The timeline of a person whose events are in two timelines; raises Undecided as ``join`` does."""
    reported = [entry for entry in (*one.entries, *other.entries) if one.entries and other.entries]
    if other.sealed or any(_is_of_public(entry, spec) for entry in reported):
        return _Sealing(retentions, spec, at_hand, cap).from_log([one, other], ())
    return join(one, other.entries, retentions, spec, at_hand, cap)


def trim(contents: TimelineContent, retentions: Retentions, spec: TimelineSpec, cap: int = CAP) -> TimelineContent:
    """The timeline without what no retention needs; single entries beyond the cap are sealed."""
    if (contents.sealed or len(contents.entries) > cap) and seals(spec, retentions):
        return _Sealing(retentions, spec, None, cap).trim(contents)
    return (
        join(TimelineContent((), contents.entries), (), retentions, spec, None, cap)
        if spec.first or contents.entries
        else contents
    )


class _Sealing:
    """Joins entries to a timeline that has sealed buckets or needs them now."""

    def __init__(self, retentions: Retentions, spec: TimelineSpec, at_hand: AtHand | None, cap: int) -> None:
        self._retentions, self._spec, self._at_hand, self._cap = retentions, spec, at_hand, cap
        self._span = reach(retentions)

    def join(self, contents: TimelineContent, added: Sequence[Entry]) -> TimelineContent:
        """The timeline with the added entries; raises Undecided.

        It is computed from the log if a bucket may count an added entry already, and also if entries are sealed for the
        first time: a timeline that was stored before there were buckets has lost the entries beyond the cap.
        """
        newest = max(entry.time for entry in (*contents.entries[-1:], *added))
        if contents.sealed and any(self._may_be_sealed(entry, contents.entries, newest) for entry in added):
            return self.from_log([contents], added)
        if newer := _appended(contents.entries, added):
            ordered = [*contents.entries, *(entry.shortened for entry in newer)]
        else:
            ordered = _ordered([*contents.entries, *added], added, self._at_hand, self._spec)
        older, entries = self._parted(ordered)
        sealed = gathered((*contents.sealed, *(bucket(entry, newest) for entry in older)), newest, self._span)
        if sealed and contents.entries and not contents.sealed:
            return self.from_log([contents], added)
        return TimelineContent(fewer(sealed, self._cap), _shortened(entries, self._spec))

    def trim(self, contents: TimelineContent) -> TimelineContent:
        """The timeline without what no retention needs."""
        older, entries = self._parted(list(contents.entries))
        newest = contents.entries[-1].time
        sealed = gathered((*contents.sealed, *(bucket(entry, newest) for entry in older)), newest, self._span)
        return TimelineContent(fewer(sealed, self._cap), _shortened(entries, self._spec))

    def _parted(self, ordered: list[Entry]) -> tuple[Sequence[Entry], tuple[Entry, ...]]:
        """Split entries into the older ones, which are to be sealed, and those that are kept single."""
        retained = needed(ordered, self._retentions, self._cap)
        return ordered[: len(ordered) - retained], tuple(ordered[len(ordered) - retained :])

    def _may_be_sealed(self, entry: Entry, entries: Sequence[Entry], newest: int) -> bool:
        """True if a bucket may count the entry already, or an earlier report with the same key."""
        if entry.rank <= entries[0].rank:
            return self._span is None or opens(entry.time, newest) > newest - self._span
        if entry.key < UNKEYED or any(other.key == entry.key for other in entries):
            return False
        return self._at_hand is None or not self._at_hand.whole or self._is_told_again(entry)

    def _is_told_again(self, entry: Entry) -> bool:
        """True if the events at hand report it more than once; a stored entry may have its short key only."""
        same_short = self._at_hand.by_short.get(entry.short, ()) if self._at_hand else ()
        return any(other.says != entry.says for other in same_short if not entry.rest or other.rest == entry.rest)

    def from_log(self, several: Sequence[TimelineContent], added: Sequence[Entry]) -> TimelineContent:
        """The timeline computed from the log up to the newest entry, plus buckets whose entries the log has deleted.

        A timeline that has no buckets is the same without them.

        Raises Undecided if the events at hand are not the person's whole log.
        """
        if self._at_hand is None or not self._at_hand.whole:
            raise Undecided
        stored = [entry for each in several for entry in each.entries]
        newest = max(entry.time for entry in (*stored, *added))
        logged = [entry for entry in self._at_hand.entries if entry.time <= newest]
        ordered = _ordered([*stored, *added, *logged], [*stored, *logged], self._at_hand, self._spec)
        older, entries = self._parted(ordered)
        if not seals(self._spec, self._retentions):
            return TimelineContent((), _shortened(entries, self._spec))
        forgotten = lost([each for one in several for each in one.sealed], self._at_hand.times)
        sealed = (bucket(entry, newest) for entry in self._not_in(forgotten, older, several, newest))
        buckets = gathered((*forgotten, *sealed), newest, self._span)
        return TimelineContent(fewer(buckets, self._cap), _shortened(entries, self._spec))

    def _not_in(
        self, forgotten: Sequence[Bucket], older: Sequence[Entry], several: Sequence[TimelineContent], newest: int
    ) -> Iterable[Entry]:
        """The older entries that the buckets in ``forgotten`` do not count: of other days, or kept single so far."""
        openings = {opens(each.last, newest) for each in forgotten}
        single = max((one.entries[0].rank for one in several if one.sealed and one.entries), default=None)
        for entry in older:
            is_counted = any(each.first <= entry.time <= each.last for each in forgotten)
            if not (is_counted or opens(entry.time, newest) in openings) or (
                single is not None and entry.rank >= single
            ):
                yield entry


def _is_of_public(entry: Entry, spec: TimelineSpec) -> bool:
    """True if the entry is a number that the public reports of an occurrence, which others may report too."""
    return spec.value is not None and entry.revision == OF_PUBLIC and entry.key >= UNKEYED


def _may_be_outweighed(entries: Sequence[Entry], added: Sequence[Entry], spec: TimelineSpec) -> bool:
    """True if an added entry is the public's report of what somebody trusted may have reported, or the other way round.

    The trusted report need not be among the entries: it may be older than what the timeline keeps.
    """
    reports = [entry for entry in added if entry.key >= UNKEYED]
    if spec.value is None or not entries or not reports:
        return False
    of_public = {entry.key for entry in entries if _is_of_public(entry, spec)}
    return any(_is_of_public(entry, spec) or entry.key in of_public for entry in reports)


def _ordered(entries: list[Entry], met: Sequence[Entry], at_hand: AtHand | None, spec: TimelineSpec) -> list[Entry]:
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
    return not _is_of_public(entry, spec), entry.rank


def _appended(entries: Sequence[Entry], added: Sequence[Entry]) -> Sequence[Entry]:
    """The added entries, oldest first, if they only have to be appended: all are later than the others, and none has
    the short key of another. Empty if that is not so, or not known at once.
    """
    if len(added) == 1 and entries:
        return added if _is_newest(added[0], entries) else ()
    if not entries or any(entry.key >= UNKEYED for entry in added):
        return ()
    # The short key of an event is unique enough within its second only.
    ordered = sorted(added, key=_order)
    distinct = all(_order(one) != _order(other) for one, other in pairwise(ordered))
    return ordered if distinct and ordered and ordered[0].time > entries[-1].time else ()


def _is_newest(entry: Entry, entries: Sequence[Entry]) -> bool:
    """True if the entry is later than all others and has the short key of none of them."""
    key = entry.key
    return entry.time > entries[-1].time and (key < UNKEYED or all(other.key != key for other in entries))


def _trimmed(ordered: list[Entry], count: int, spec: TimelineSpec) -> tuple[Entry, ...]:
    """The newest ``count`` entries, with short keys where a dropped entry was the reason for the whole key."""
    dropped = len(ordered) - count
    if not dropped:
        return tuple(ordered)
    retained = tuple(ordered[dropped:])
    return _shortened(retained, spec) if any(entry.rest for entry in ordered[:dropped]) else retained


def _shortened(entries: tuple[Entry, ...], spec: TimelineSpec) -> tuple[Entry, ...]:
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
