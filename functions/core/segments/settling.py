"""Settling: memberships with their entry times, and the instant to look again.

From its latest entry on, a segment's course is known exactly, in whatever order the events came. So every
entry by time has the instant that made it, even if nobody looked for months.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from functions.core.events import Event
from functions.core.instants import Instant, holds, until
from functions.core.profile import Cause, Membership, State
from functions.core.segments.catalogue import Catalogue, Segment
from functions.core.segments.folding import fold, joined, missing
from functions.core.segments.snapshot import Snapshot


def fresh(catalogue: Catalogue, profile: str = "") -> State:
    """The state of somebody of whom nothing was known: it lacks no history."""
    return State(built=catalogue.built, profile=profile)


def apply(state: State, events: Sequence[Event], catalogue: Catalogue, now: int) -> State:
    """The state after a batch of events: what time did before them, then what they do."""
    now = max([now, state.evaluated, *(event.time for event in events)])
    folded, touched = fold(state, events, catalogue, now)
    names = {name for address in touched for name in catalogue.feeds.get(address, ())}
    stepped = _stepped(state, catalogue, now, names)
    return settle(replace(stepped, timelines=folded.timelines), catalogue, now, touched, "event")


def advance(state: State, catalogue: Catalogue, now: int) -> State:
    """The state at a later instant: every membership that time changed on the way has the instant as its ``since``.

    A state that lacks its history is left as it is, since nothing can be told from a part: backfill it first.
    """
    if not state.evaluated and not missing(state, catalogue):
        return settle(state, catalogue, now, None, "event")
    return _stepped(state, catalogue, now, catalogue.segments)


def _stepped(state: State, catalogue: Catalogue, now: int, names: Iterable[str]) -> State:
    if missing(state, catalogue) or not state.evaluated:
        return state
    if state.built != catalogue.built:
        return settle(state, catalogue, now, None, "backfill")
    overdue = catalogue.acted if state.due is not None and state.due <= now else ()
    return _settled(state, catalogue, now, {*names, *overdue}, "time")


def settle(state: State, catalogue: Catalogue, now: int, touched: frozenset[str] | None, cause: Cause) -> State:
    """The state with memberships and ``due`` as its timelines now say.

    Evaluates the segments that the touched timelines feed; all of them for None, and at the first time. An entry
    has the given cause unless time made it; with ``backfill`` nothing is announced but what was due before.
    """
    if touched is None or state.built != catalogue.built or not state.evaluated:
        names = set(catalogue.segments)
    else:
        names = {name for address in touched for name in catalogue.feeds.get(address, ())}
        if state.due is not None and state.due <= now:
            names |= catalogue.acted
    return _settled(state, catalogue, now, names, cause)


def _settled(state: State, catalogue: Catalogue, now: int, names: set[str], cause: Cause) -> State:
    now = max(now, state.evaluated)
    whole = len(names) == len(catalogue.segments)
    memberships = {name: held for name, held in state.memberships.items() if not whole or name in names}
    dues = [] if whole or state.due is None or state.due <= now else [state.due]
    course = _Course(state, catalogue, now)
    for name in names:
        verdict, since, timed = course.of(catalogue.segments[name])
        held = memberships.get(name)
        if not holds(verdict):
            memberships.pop(name, None)
        elif held is None or (timed and since > held.since):
            memberships[name] = Membership(since, _cause(state, cause, since, timed))
        instant = until(verdict)
        if instant is not None and name in catalogue.acted:
            dues.append(instant)
    built = state.built[:8] + catalogue.built[8:] if whole and state.built else state.built
    return replace(state, memberships=memberships, evaluated=now, built=built, due=min(dues, default=None))


def _cause(state: State, cause: Cause, since: int, timed: bool) -> Cause:
    """Time, if the instant made it; when backfilling, only if somebody was waiting for the instant."""
    if not timed:
        return cause
    waited = state.due is not None and state.due <= since
    return "time" if cause != "backfill" or waited else "backfill"


class _Course:
    """The courses of segments up to now, from the latest entry of each."""

    __slots__ = ("_catalogue", "_latest", "_now", "_snapshots", "_state")

    def __init__(self, state: State, catalogue: Catalogue, now: int) -> None:
        self._state = state
        self._catalogue = catalogue
        self._now = now
        self._latest: dict[str, int] = {}
        self._snapshots: dict[int, Snapshot] = {}

    def of(self, segment: Segment) -> tuple[Instant, int, bool]:
        """The verdict now, since when it is what it is, and whether time made it so."""
        at = self._start(segment)
        verdict, since, timed = self._at(at).segment(segment.id), at, False
        while (instant := until(verdict)) is not None and instant <= self._now:
            at = max(instant, at + 1)
            before, verdict = verdict, self._at(at).segment(segment.id)
            if holds(before) != holds(verdict):
                since, timed = at, True
        return verdict, since, timed

    def _start(self, segment: Segment) -> int:
        """The time of the segment's latest entry; now if it has none."""
        known, timelines = self._latest, self._state.timelines
        latest: int | None = None
        for address in segment.timelines:
            held = timelines.get(address)
            if held is None:
                continue
            time = known.get(address)
            if time is None:
                time = known[address] = held.entries[-1].time
            latest = time if latest is None or time > latest else latest
        return self._now if latest is None else min(latest, self._now)

    def _at(self, instant: int) -> Snapshot:
        snapshot = self._snapshots.get(instant)
        if snapshot is None:
            snapshot = self._snapshots[instant] = Snapshot(self._state, self._catalogue, instant)
        return snapshot


def merge(a: State, b: State, catalogue: Catalogue, now: int) -> State:
    """The state of two profiles that turn out to be one person: evaluates as the union of their events."""
    a, b = advance(a, catalogue, now), advance(b, catalogue, now)
    added = {address: list(held.entries) for address, held in b.timelines.items() if address in catalogue.specs}
    union, _ = joined(a, added, catalogue)
    memberships = dict(a.memberships)
    for name, held in b.memberships.items():
        memberships[name] = min(held, memberships.get(name, held))
    whole = replace(
        union,
        memberships=memberships,
        evaluated=max(a.evaluated, b.evaluated),
        built=a.built if a.built == b.built else "",
        due=None,
        reachable=a.reachable or b.reachable,
    )
    return settle(whole, catalogue, now, None, "event")


def backfill(state: State, events: Iterable[Event], catalogue: Catalogue, now: int, ids: Iterable[str]) -> State:
    """The state with the timelines filled from the history; what this shows to hold was so before and is no news.

    The history must leave out events that are yet to be applied, or their effects are taken for old.
    """
    wanted = frozenset(ids)
    folded, _ = fold(state, events, catalogue, now)
    timelines = {
        address: held
        for address, held in folded.timelines.items()
        if address in wanted or (address in state.timelines and address in catalogue.specs)
    }
    complete = wanted >= missing(state, catalogue)
    built = catalogue.built[:8] + state.built[8:] if complete else state.built
    settled = settle(replace(folded, timelines=timelines, built=built), catalogue, now, None, "backfill")
    return replace(settled, built=catalogue.built if complete else state.built)


def rebuild(events: Iterable[Event], catalogue: Catalogue, now: int, profile: str = "") -> State:
    """The state of a whole history."""
    return backfill(State(profile=profile), events, catalogue, now, catalogue.specs)
