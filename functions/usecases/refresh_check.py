"""Fold a profile again from the log, compare, and repair what differs.

The timelines and the stored memberships must be equal, and a timer must be set for the next instant at which one of
these may change. What the log no longer holds is taken as stored. Recent events may not have been folded yet, so they
are folded into the stored state before the comparison.
"""

from dataclasses import replace

from functions.core.base.events import Event
from functions.core.base.instants import holds, until
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles import daily
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.state import State, Timeline
from functions.core.segments import engine
from functions.core.segments.engine.folding import folded, united
from functions.core.timelines.sealing import TimelineContent
from functions.usecases import profile_session, profile_update
from functions.usecases.context import Context
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.stored_profiles import of_profile

DAY = 86_400

# An event that is older was folded, or waits among the dead letters of fold, which have an alarm of their own.
UNDER_WAY = 3_600


def check(context: Context, stored_state: StoredState) -> bool:
    """Compare the profile with the log and repair it; return True if it differed."""

    def check_once() -> bool:
        stored = of_profile(context, stored_state.profile)
        current = stored.states.get(stored_state.profile)
        if current is None or current.merged_into:
            return False
        return _check_once(context, current, stored.attributes_of(stored_state.profile))

    return retry_on_conflict(check_once, "refresh", "the profile keeps changing")


def _check_once(context: Context, stored_state: StoredState, attributes: ProfileAttributes) -> bool:
    state, catalogue = context.ruleset.state(stored_state), context.ruleset.catalogue
    if engine.missing(state, catalogue) or context.now < state.evaluated:
        # Built by other definitions: the backfill for these brings it up to date.
        return False
    history, complete = profile_update.whole_history(context, attributes)
    if not complete or daily.LIMIT in attributes.limits:
        # Something of it does not count, which the stored state may have counted about right.
        return False
    recent = [event for event in history if event.received > context.now - UNDER_WAY]
    stored, _ = engine.fold(state, recent, catalogue, context.now, engine.KnownEvents(history))
    oldest = context.now - context.settings.log_retention_days * DAY
    right = _from_log(stored, history, oldest, context.ruleset, context.now)
    settled = recent or state.built != catalogue.built or _is_settled(stored_state, state, context.ruleset, context.now)
    if settled and stored.timelines == right.timelines:
        return False
    repaired = engine.settle(replace(right, due=None), catalogue, context.now, "backfill")
    profile_session.save_state(context, stored_state._replace(due=None), repaired)
    return True


def _from_log(stored: State, history: list[Event], oldest: int, ruleset: Ruleset, now: int) -> State:
    """The stored state with its timelines rebuilt from the log; entries that the log may have dropped are kept."""
    catalogue = ruleset.catalogue.halved(stored.halvings)
    stored_timelines = {
        address: _until(oldest, timeline.held)
        for address, timeline in stored.timelines.items()
        if address in catalogue.specs
    }
    empty: dict[str, Timeline] = {}
    folded_timelines, _ = folded(empty, history, catalogue)
    older = {address: contents for address, contents in stored_timelines.items() if contents.sealed or contents.entries}
    timelines = united(folded_timelines, older, catalogue, engine.KnownEvents(history))
    return replace(stored, timelines=timelines)


def _until(oldest: int, contents: TimelineContent) -> TimelineContent:
    """The timeline's contents up to the instant (seconds UTC)."""
    return TimelineContent(
        tuple(bucket for bucket in contents.sealed if bucket.last <= oldest),
        tuple(entry for entry in contents.entries if entry.time <= oldest),
    )


def _is_settled(stored_state: StoredState, state: State, ruleset: Ruleset, now: int) -> bool:
    """True if the stored memberships hold now and a timer is set for the next change, or a wake is due."""
    if stored_state.due is not None and stored_state.due <= now:
        return True
    catalogue = ruleset.catalogue
    verdicts = engine.evaluate(state, catalogue, now, catalogue.active)
    inside = {name for name, verdict in verdicts.items() if holds(verdict)}
    coming = min((instant for instant in map(until, verdicts.values()) if instant is not None), default=None)
    timed = coming is None or (stored_state.due is not None and stored_state.due <= coming)
    return timed and inside == state.memberships.keys()
