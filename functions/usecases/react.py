"""Turn changes of a profile into flow runs and transitions for destinations.

The stream holds a profile before and after each write, and memberships and start events are read from both. So a record
that is delivered twice finds its run started already, and sends the same transitions again under the same keys.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from functions.core.definitions.ruleset import Ruleset
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Due, Run
from functions.core.flows.reentry import may_begin
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.state import State
from functions.core.profiles.transition import Transition, order
from functions.usecases import links, tick
from functions.usecases.context import Context
from functions.usecases.deliver import Receivers, announce
from functions.usecases.stored_profiles import of_profile


class ProfileChange(NamedTuple):
    """A profile's state before and after one write of ``version``; ``before`` is empty for a new profile."""

    profile: str
    before: State
    after: State
    version: int = 0

    @property
    def order(self) -> int:
        """A number that orders the writes of a profile."""
        return order(self.after.evaluated, self.version)


def react(context: Context, change: ProfileChange, receivers: Receivers) -> list[Transition]:
    """Start the runs that the change calls for, send its transitions to the receivers, and return these."""
    moved = list(transitions(change, context.ruleset, context.now))
    announce(context, moved, receivers)
    ruleset = context.ruleset
    starts = [start for flow in ruleset.flows.values() for start in _starts(flow, change, moved, ruleset)]
    for run, flow in starts:
        _start(context, run, flow)
    for flow in ruleset.flows.values():
        _begin_again(context, flow, change)
    return moved


def transitions(change: ProfileChange, ruleset: Ruleset, now: int) -> Iterable[Transition]:
    """The segments that the profile entered and left."""
    before, after = change.before.memberships, change.after.memberships
    for segment in sorted(after.keys() - before.keys()):
        yield _entered(segment, change)
    for segment in sorted(before.keys() - after.keys()):
        cause = "backfill" if _is_edited(segment, change, ruleset) else "time"
        yield Transition(change.profile, segment, False, change.after.evaluated or now, cause, change.order)
    for segment in sorted(before.keys() & after.keys()):
        # The profile left and re-entered between two evaluations.
        if after[segment].since > before[segment].since:
            yield _entered(segment, change)


def _entered(segment: str, change: ProfileChange) -> Transition:
    since, cause = change.after.memberships[segment]
    return Transition(change.profile, segment, True, since, cause, change.order)


def _is_edited(segment: str, change: ProfileChange, ruleset: Ruleset) -> bool:
    """True if the segment's definition changed between the two states, so that leaving it was no act of the person."""
    if change.before.built == change.after.built:
        return False
    return change.before.revision < ruleset.edited.get(segment, change.before.revision + 1)


def _starts(
    flow: Flow, change: ProfileChange, moved: Iterable[Transition], ruleset: Ruleset
) -> Iterable[tuple[Run, Flow]]:
    """The runs that the change would start, before the re-entry rule is applied."""
    if flow.state != "active":
        return
    if flow.segment:
        for t in moved:
            asked_for = t.segment == flow.segment and t.entered is (flow.on == "enter")
            if asked_for and t.cause != "backfill" and t.at >= flow.resumed:
                before = change.before.memberships.get(flow.segment)
                entered = before.since if before and flow.on == "leave" else None
                yield replace(begin(flow, change.profile, str(t.at), t.at), entered=entered), flow
        return
    if change.after.reachable:
        entries = _known(flow, change, ruleset)
        for entry, since in sorted(flows.starts(flow, change.after, ruleset.catalogue).items()):
            if entry not in entries and since >= flow.resumed:
                yield begin(flow, change.profile, entry, since), flow


def _begin_again(context: Context, flow: Flow, change: ProfileChange) -> None:
    """Restart the runs that ended because their cart was empty, if it has been filled since."""
    if flow.state != "active" or not flow.carts or not change.after.reachable:
        return
    before = flows.starts(flow, change.before, context.ruleset.catalogue)
    after = flows.starts(flow, change.after, context.ruleset.catalogue)
    later = (entry for entry in before.keys() & after.keys() if before[entry] < after[entry] >= flow.resumed)
    for entry in sorted(later):
        for run in _runs(context, flow, change.profile)[1]:
            if run.entry == entry and run.outcome == flows.EMPTY:
                _resume(context, flows.again(flow, run, after[entry]))


def _resume(context: Context, run: Run) -> None:
    if run.due is not None and context.now - run.due <= flows.STALE:
        context.ports.runs.save(run)
        _queue(context, run)


def _known(flow: Flow, change: ProfileChange, ruleset: Ruleset) -> set[str]:
    """The entries that started the flow before, or that never will.

    Nothing is started for a person without an address, so a cart that gets its owner's address later is not lost.
    """
    began = flows.starts(flow, change.before, ruleset.catalogue) if change.before.reachable else {}
    past, after = _past(flow, change.before, ruleset), flows.starts(flow, change.after, ruleset.catalogue)
    # What began while the flow was paused began nothing: a cart that goes on afterwards is one for it. Of the second in
    # which it was resumed nobody knows, until the cart goes on; a run that is there is not started twice.
    entries = {entry for entry, since in began.items() if since > flow.resumed or since == after.get(entry)}
    return entries | {entry for entry, since in after.items() if since <= past}


def _past(flow: Flow, before: State, ruleset: Ruleset) -> int:
    """The instant (seconds UTC) up to which start events come from the log's past and start no run; 0 if none do.

    It applies only if the profile was last evaluated before the flow existed: it is the instant of that evaluation, or
    of the flow's publication if that came first. Other publications in between do not make a start event past.
    """
    revision, time = ruleset.begun[flow.id]
    return min(before.evaluated, time) if before.revision < revision else 0


def begin(flow: Flow, profile: str, entry: str, since: int) -> Run:
    """A new run at its first step; it is not written."""
    step, due = flows.begin(flow, since)
    return Run(profile, flow.id, entry, since, started=0, step=step, due=due, flow_version=flow.version)


def _start(context: Context, run: Run, flow: Flow) -> None:
    if run.due is not None and context.now - run.due <= flows.STALE and _may_enter(context, run, flow):
        start(context, run)


def start(context: Context, run: Run) -> None:
    """Write the run unless it exists, and queue it if it is due soon."""
    context.ports.runs.start(replace(run, started=context.now))
    # A run that was started already is queued again: the first time may have died before this line.
    _queue(context, run)


def _queue(context: Context, run: Run) -> None:
    if run.due is not None and run.due <= context.now + tick.SOON:
        context.ports.queues.send([tick.dispatch(Due(run.profile, run.id, run.due), context.now)])


def _may_enter(context: Context, run: Run, flow: Flow) -> bool:
    """True if the flow's re-entry rule lets the run begin, counting runs of profiles merged into the person's.

    If the person was divided from others, runs under other profiles are not counted, not even one of the same entry:
    whose they are is decided when the run is advanced.
    """
    attributes, runs = _runs(context, flow, run.profile)
    own = [each for each in runs if each.profile == run.profile or not attributes.parted]
    if any(each.entry == run.entry and each.profile != run.profile for each in own):
        return False
    return may_begin(flow, run, own)


def _runs(context: Context, flow: Flow, profile: str) -> tuple[ProfileAttributes, list[Run]]:
    """The person's attributes, and their runs of the flow under all profiles merged into or divided from theirs."""
    stored = of_profile(context, profile, fresh=False)
    attributes = links.with_profiles(context, stored.attributes_of(stored.living(profile)))
    profiles = sorted({profile, attributes.profile} | attributes.absorbed | attributes.parted)
    return attributes, [run for each in profiles for run in context.ports.runs.of(each, flow.id)]
