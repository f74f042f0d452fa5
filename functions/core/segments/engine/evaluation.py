"""Evaluation of a profile's state: memberships with their entry times, and the next instant to evaluate it again.

Only active segments, which a flow or destination uses, have stored memberships. Other segments are evaluated when they
are read, which is equally exact.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from functions.core.base.events import Event
from functions.core.base.instants import holds, until
from functions.core.profiles.state import UNBUILT, Cause, Membership, State
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.segments.engine.current_membership import CurrentMembership
from functions.core.segments.engine.folding import KnownEvents, fitted, folded, missing, united
from functions.core.segments.engine.snapshot import Snapshot

_time = attrgetter("time")


def fresh(catalogue: Catalogue, profile: str = "") -> State:
    """The state of a new profile without events; it needs no backfill."""
    return State(
        timelines_digest=catalogue.timelines_digest,
        segments_digest=catalogue.segments_digest,
        revision=catalogue.revision,
        profile=profile,
        entry_revision=catalogue.entry_revision,
    )


def apply(
    state: State, events: Sequence[Event], catalogue: Catalogue, now: int, history: KnownEvents | None = None
) -> State:
    """Return the state after a batch of events, each applied at its own time.

    At each second, changes that time causes before it come first, then the events, then changes that time causes at it.
    ``history`` is every event of the person, this batch included. Without it, raises Undecided if a stored entry may or
    may not be one of these events.
    """
    catalogue = catalogue.halved(state.halvings)
    if history is None and not state.timelines:
        history = KnownEvents(events)
    if missing(state, catalogue):
        timelines, _ = folded(state.timelines, events, catalogue, history)
        at = max([now, state.evaluated, *map(_time, events)])
        return settle(replace(state, timelines=timelines), catalogue, at, "event")
    for at, batch in _moments(events, state.evaluated):
        before = advance(state, catalogue, at - 1) if state.evaluated else state
        state = _happened(before, batch, catalogue, at, history)
    return advance(state, catalogue, max(now, state.evaluated))


def _moments(events: Sequence[Event], evaluated: int) -> Iterator[tuple[int, list[Event]]]:
    """Group events by the instant at which to apply them; late ones come first, at the instant last evaluated."""
    if len(events) == 1:
        yield max(events[0].time, evaluated), list(events)
        return
    for at, batch in groupby(sorted(events, key=_time), key=lambda event: max(event.time, evaluated)):
        yield at, list(batch)


def _happened(
    state: State, events: Sequence[Event], catalogue: Catalogue, at: int, history: KnownEvents | None
) -> State:
    """The state after events of one instant, or late ones; it must have been advanced to just before that instant."""
    timelines, touched = folded(state.timelines, events, catalogue, history)
    after = State(
        timelines=timelines,
        memberships=state.memberships,
        evaluated=at,
        timelines_digest=state.timelines_digest,
        segments_digest=state.segments_digest,
        due=state.due,
        reachable=state.reachable,
        revision=catalogue.revision,
        profile=state.profile,
        entry_revision=state.entry_revision,
        halvings=state.halvings,
    )
    if not state.evaluated:
        return settle(after, catalogue, at, "event")
    if not touched:
        return after
    if any(event.time < at for event in events) or (state.due is not None and state.due <= at):
        names = {name for address in touched for name in catalogue.feeds.get(address, ())}
    else:
        names = _moved(Snapshot(state, catalogue, at), Snapshot(after, catalogue, at), touched, catalogue)
    return _settled(after, catalogue, at, names, "event") if names else after


def _moved(before: Snapshot, after: Snapshot, touched: Iterable[str], catalogue: Catalogue) -> set[str]:
    """The segments that use a condition whose verdict changed, or may now change sooner by time alone than before.

    Membership and next evaluation of all other segments are unaffected.
    """
    names: set[str] = set()
    for address in touched:
        for verdict, segments in catalogue.leaves.get(address, ()):
            was, now = verdict(before), verdict(after)
            if was != now and ((was > 0) != (now > 0) or abs(now) < abs(was)):
                names.update(segments)
    return names


def advance(state: State, catalogue: Catalogue, now: int) -> State:
    """Return the state at a later instant; memberships that time changed meanwhile have their exact ``since``.

    A state with missing timelines is returned unchanged, since part of the history is no basis for a verdict: backfill
    it first.
    """
    if missing(state, catalogue):
        return state
    if not state.evaluated:
        return settle(_edited(state, catalogue), catalogue, now, "event")
    if state.built != catalogue.built:
        return settle(_edited(state, catalogue), catalogue, now, "backfill")
    if state.due is None or state.due > now:
        return state
    return _settled(state, catalogue, now, catalogue.active, "time")


def _edited(state: State, catalogue: Catalogue) -> State:
    """The state marked as built with this catalogue, its timelines trimmed to it; it must not be missing any."""
    timelines = fitted(state.timelines, catalogue.halved(state.halvings))
    return replace(
        state,
        timelines=timelines,
        timelines_digest=catalogue.timelines_digest,
        segments_digest=catalogue.segments_digest,
        revision=catalogue.revision,
    )


def settle(state: State, catalogue: Catalogue, now: int, cause: Cause) -> State:
    """Return the state with every membership and ``due`` recomputed from its timelines.

    An entry has the given cause unless time caused it. With the cause ``backfill``, an entry is announced only if time
    caused it at an instant that was already due, or if the version that adds the profile counts it as entering.
    """
    return _settled(state, catalogue, now, catalogue.active, cause)


def _settled(state: State, catalogue: Catalogue, now: int, names: Iterable[str], cause: Cause) -> State:
    now = max(now, state.evaluated)
    whole = names is catalogue.active
    dues = [] if whole or state.due is None else [state.due]
    memberships = _active(state, catalogue) if whole else dict(state.memberships)
    membership_now = CurrentMembership(state, catalogue, now)
    for name in names:
        verdict, since, timed = membership_now.of(catalogue.segments[name])
        membership = memberships.get(name)
        if not holds(verdict):
            memberships.pop(name, None)
        elif membership is None or (timed and since > membership.since):
            entry = Membership(since, _cause(state, cause, since, timed))
            if membership is None and entry.cause == "backfill" and _brought_in(name, state, catalogue, now):
                entry = Membership(now, "published")
            memberships[name] = entry
        instant = until(verdict)
        if instant is not None:
            dues.append(instant)
    due = min(dues, default=None)
    entry_revision = max(state.entry_revision, catalogue.entry_revision) if whole else state.entry_revision
    return State(
        timelines=state.timelines,
        memberships=memberships,
        evaluated=now,
        timelines_digest=state.timelines_digest,
        segments_digest=state.segments_digest,
        due=due,
        reachable=state.reachable,
        revision=state.revision,
        profile=state.profile,
        entry_revision=entry_revision,
        halvings=state.halvings,
    )


def _brought_in(name: str, state: State, catalogue: Catalogue, now: int) -> bool:
    """True if the segment's new version adds this profile and asks for that to count as entering.

    A state handles each such publication once. Later entries of cause ``backfill`` come from another definition or from
    a merge that was undone.
    """
    compiled_entry = catalogue.entries_on_publish.get(name)
    if compiled_entry is None or state.entry_revision >= compiled_entry.revision:
        return False
    return compiled_entry.before is None or not holds(Snapshot(state, catalogue, now).verdict(compiled_entry.before))


def _active(state: State, catalogue: Catalogue) -> dict[str, Membership]:
    """The memberships without those of segments that are no longer active."""
    return {name: membership for name, membership in state.memberships.items() if name in catalogue.active}


def _cause(state: State, cause: Cause, since: int, timed: bool) -> Cause:
    """The cause of an entry: ``time`` if time made it; while backfilling, only if the state was already due by then."""
    if not timed:
        return cause
    waited = state.due is not None and state.due <= since
    return "time" if cause != "backfill" or waited else "backfill"


def merge(a: State, b: State, catalogue: Catalogue, now: int, history: KnownEvents | None = None) -> State:
    """Return the state of two profiles that proved to be one person; it evaluates as the union of their events.

    ``history`` is the events of both. Without it, raises Undecided if an entry of one may or may not be one of the
    other.
    """
    a, b = advance(a, catalogue, now), advance(b, catalogue, now)
    others = {address: timeline.held for address, timeline in b.timelines.items() if address in catalogue.specs}
    halvings = max(a.halvings, b.halvings)
    fewer = catalogue.halved(halvings)
    ours = a.timelines if halvings == a.halvings else {**a.timelines, **fitted(a.timelines, fewer)}
    timelines = united(ours, others, fewer, history)
    memberships = dict(a.memberships)
    for name, membership in b.memberships.items():
        memberships[name] = min(membership, memberships.get(name, membership))
    timelines_digest, segments_digest = a.built if a.built == b.built else UNBUILT
    whole = replace(
        a,
        timelines=timelines,
        memberships=memberships,
        evaluated=max(a.evaluated, b.evaluated),
        timelines_digest=timelines_digest,
        segments_digest=segments_digest,
        revision=min(a.revision, b.revision),
        due=None,
        reachable=a.reachable or b.reachable,
        entry_revision=max(a.entry_revision, b.entry_revision),
        halvings=halvings,
    )
    return settle(whole, catalogue, now, "event")


def backfill(state: State, events: Iterable[Event], catalogue: Catalogue, now: int, ids: Iterable[str]) -> State:
    """Return the state with the timelines ``ids`` filled from the history; resulting entries are not announced.

    The history must leave out events that have yet to be applied: their effects would otherwise be taken for old. It
    may hold events in flight that the caller could not exclude. Timelines that are not in ``ids`` stay unchanged, so
    there at least such events still count as new when they are applied. If the history has events later than ``now``
    (another clock), the state is evaluated at the last of them.
    """
    timeline_ids, history = frozenset(ids), list(events)
    # What is computed from the log alone has all that the log has.
    state = replace(state, halvings=0) if timeline_ids >= catalogue.specs.keys() else state
    now = max([now, *map(_time, history)])
    timelines, touched = folded(state.timelines, history, catalogue.halved(state.halvings), KnownEvents(history))
    complete = timeline_ids >= missing(state, catalogue)
    filled = replace(state, timelines={**state.timelines, **{each: timelines[each] for each in touched & timeline_ids}})
    if complete:
        return settle(_edited(filled, catalogue), catalogue, now, "backfill")
    return replace(settle(filled, catalogue, now, "backfill"), entry_revision=state.entry_revision)


def rebuild(events: Iterable[Event], catalogue: Catalogue, now: int, profile: str = "") -> State:
    """Return the state computed from a complete history."""
    empty = State(profile=profile, entry_revision=catalogue.entry_revision)
    return backfill(empty, events, catalogue, now, catalogue.specs)


def unannounced(before: State, after: State) -> State:
    """The later state with the memberships that it has and the earlier one had not as found by a backfill."""
    told = {
        name: membership if before.memberships.get(name) == membership else membership._replace(cause="backfill")
        for name, membership in after.memberships.items()
    }
    return replace(after, memberships=told)
