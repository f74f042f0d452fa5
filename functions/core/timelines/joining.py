"""Joins entries to a timeline; the result does not depend on their order or on repetitions.

Three questions cannot be answered from the stored timeline: whether a stored entry with the same short key is the new
event or another one, whether the new event is counted in a sealed bucket already, and whether somebody trusted reported
the number that the public reports now, or what was left out because the public reported a later one. The person's
events from the log (``AtHand``) answer them; without these events ``Undecided`` is raised.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import itemgetter

from functions.core.base.errors import Undecided
from functions.core.timelines.entry import Entry, in_order, standing
from functions.core.timelines.event_keys import UNKEYED
from functions.core.timelines.identities import AtHand, distinct_entries, is_of_public, shortened
from functions.core.timelines.retention import Retentions, needed
from functions.core.timelines.sealing import (
    Bucket,
    Memory,
    TimelineContent,
    bucket,
    gathered,
    lost,
    opens,
    reach,
    seals,
)
from functions.core.timelines.spec import TimelineSpec

# What a timeline remembers of a state that has room in its row.
DEFAULT = Memory()
# Time, revision and key: the short key of an event's entry.
_order = itemgetter(0, 1, 2)


def join(
    contents: TimelineContent,
    added: Sequence[Entry],
    retentions: Retentions,
    spec: TimelineSpec,
    at_hand: AtHand | None = None,
    memory: Memory = DEFAULT,
) -> TimelineContent:
    """The timeline with the added entries, trimmed to what the retentions need.

    Of more than ``memory.cap`` single entries the oldest are sealed, or dropped if the timeline has no buckets. Raises
    Undecided if ``at_hand`` is needed but is missing or incomplete.
    """
    entries = contents.entries
    if spec.first:
        return TimelineContent((), tuple(in_order({*entries, *added})[:1]))
    if len(added) == 1 and retentions and not (entries or contents.sealed):
        # The usual case of a person's first events.
        return TimelineContent((), (added[0] if spec.whole else added[0].shortened,))
    if spec.trait is not None and (said := (*entries, *added)):
        # Whoever is trusted more outweighs what is said later, as in the profile's traits.
        return TimelineContent((), shortened((max(said, key=lambda each: (standing(each), each.rank)),), spec))
    if _may_be_outweighed(entries, added, spec):
        return _Sealing(retentions, spec, at_hand, memory).from_log([contents], added)
    if (contents.sealed or len(entries) + len(added) > memory.cap) and seals(spec, retentions):
        return _Sealing(retentions, spec, at_hand, memory).join(contents, added)
    if newer := _appended(entries, added):
        newest = newer if spec.whole else [entry.shortened for entry in newer]
        if len(retentions) == 1 and retentions[0].keep == 1:
            return TimelineContent((), (newest[-1],))
        ordered = [*entries, *newest]
        return TimelineContent((), _trimmed(ordered, needed(ordered, retentions, memory.cap), spec))
    if all(retention.keep == 1 for retention in retentions) and not any(is_of_public(each, spec) for each in added):
        # Only the greatest entry is kept, so it does not matter which event it is.
        return TimelineContent((), shortened(tuple(in_order([*entries, *added])[-1:]), spec))
    ordered = distinct_entries([*entries, *added], added, at_hand, spec)
    return TimelineContent((), shortened(_trimmed(ordered, needed(ordered, retentions, memory.cap), spec), spec))


def union(
    one: TimelineContent,
    other: TimelineContent,
    retentions: Retentions,
    spec: TimelineSpec,
    at_hand: AtHand | None = None,
    memory: Memory = DEFAULT,
) -> TimelineContent:
    """The timeline of a person whose events are in two timelines; raises Undecided as ``join`` does."""
    have_both = one.entries and other.entries
    if other.sealed or (have_both and any(is_of_public(entry, spec) for entry in (*one.entries, *other.entries))):
        return _Sealing(retentions, spec, at_hand, memory).from_log([one, other], ())
    return join(one, other.entries, retentions, spec, at_hand, memory)


def trim(
    contents: TimelineContent, retentions: Retentions, spec: TimelineSpec, memory: Memory = DEFAULT
) -> TimelineContent:
    """The timeline without what no retention needs; single entries beyond the cap are sealed."""
    if (contents.sealed or len(contents.entries) > memory.cap) and seals(spec, retentions):
        return _Sealing(retentions, spec, None, memory).trim(contents)
    return (
        join(TimelineContent((), contents.entries), (), retentions, spec, None, memory)
        if spec.first or contents.entries
        else contents
    )


class _Sealing:
    """Joins entries to a timeline that has sealed buckets or needs them now."""

    def __init__(self, retentions: Retentions, spec: TimelineSpec, at_hand: AtHand | None, memory: Memory) -> None:
        self._retentions, self._spec, self._at_hand, self._memory = retentions, spec, at_hand, memory
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
            ordered = distinct_entries([*contents.entries, *added], added, self._at_hand, self._spec)
        older, entries = self._parted(ordered)
        sealed = self._gathered(contents.sealed, older, newest)
        if sealed and contents.entries and not contents.sealed:
            return self.from_log([contents], added)
        return TimelineContent(sealed, shortened(entries, self._spec))

    def trim(self, contents: TimelineContent) -> TimelineContent:
        """The timeline without what no retention needs."""
        older, entries = self._parted(list(contents.entries))
        newest = contents.entries[-1].time
        sealed = self._gathered(contents.sealed, older, newest)
        return TimelineContent(sealed, shortened(entries, self._spec))

    def _parted(self, ordered: list[Entry]) -> tuple[Sequence[Entry], tuple[Entry, ...]]:
        """Split entries into the older ones, which are to be sealed, and those that are kept single."""
        retained = needed(ordered, self._retentions, self._memory.cap)
        return ordered[: len(ordered) - retained], tuple(ordered[len(ordered) - retained :])

    def _gathered(self, sealed: Iterable[Bucket], older: Iterable[Entry], newest: int) -> tuple[Bucket, ...]:
        """The buckets with the older entries in them, without those that no retention needs."""
        grain = self._memory.grain
        return gathered((*sealed, *(bucket(entry, newest, grain) for entry in older)), newest, self._span, grain)

    def _opens(self, time: int, newest: int) -> int:
        return opens(time, newest, self._memory.grain)

    def _may_be_sealed(self, entry: Entry, entries: Sequence[Entry], newest: int) -> bool:
        """True if a bucket may count the entry already, or an earlier report with the same key."""
        if entry.rank <= entries[0].rank:
            return self._span is None or self._opens(entry.time, newest) > newest - self._span
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
        ordered = distinct_entries([*stored, *added, *logged], [*stored, *logged], self._at_hand, self._spec)
        older, entries = self._parted(ordered)
        if not seals(self._spec, self._retentions):
            return TimelineContent((), shortened(entries, self._spec))
        forgotten = lost([each for one in several for each in one.sealed], self._at_hand.times)
        buckets = self._gathered(forgotten, self._not_in(forgotten, older, several, newest), newest)
        return TimelineContent(buckets, shortened(entries, self._spec))

    def _not_in(
        self, forgotten: Sequence[Bucket], older: Sequence[Entry], several: Sequence[TimelineContent], newest: int
    ) -> Iterable[Entry]:
        """The older entries that the buckets in ``forgotten`` do not count: of other days, or kept single so far."""
        openings = {self._opens(each.last, newest) for each in forgotten}
        single = max((one.entries[0].rank for one in several if one.sealed and one.entries), default=None)
        for entry in older:
            is_counted = any(each.first <= entry.time <= each.last for each in forgotten)
            if not (is_counted or self._opens(entry.time, newest) in openings) or (
                single is not None and entry.rank >= single
            ):
                yield entry


def _may_be_outweighed(entries: Sequence[Entry], added: Sequence[Entry], spec: TimelineSpec) -> bool:
    """True if an added entry is the public's report of what somebody trusted may have reported, or the other way round.

    The trusted report need not be among the entries: it may be older than what the timeline keeps.
    """
    reports = [entry for entry in added if entry.key >= UNKEYED]
    if spec.value is None or not entries or not reports:
        return False
    of_public = {entry.key for entry in entries if is_of_public(entry, spec)}
    return any(is_of_public(entry, spec) or entry.key in of_public for entry in reports)


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
    return shortened(retained, spec) if any(entry.rest for entry in ordered[:dropped]) else retained
