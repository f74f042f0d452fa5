"""Turn what changed in a profile into flow runs and announcements.

The stream shows a profile before and after; memberships and start events are read from both, so that a record that
comes twice finds its run started already and announces the same thing again, under the same key.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from functions.core.definitions.ruleset import Ruleset
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Due, Run
from functions.core.flows.reentry import may_begin
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.state import State
from functions.core.profiles.transition import Transition, order
from functions.usecases import tick
from functions.usecases.context import Context
from functions.usecases.deliver import Receivers, announce
from functions.usecases.stored_profiles import of_profile


@dataclass(frozen=True, slots=True)
class Change:
    """A profile's state before and after one write, ``version`` as it was stored; ``before`` is empty for a new one."""

    profile: str
    before: State
    after: State
    version: int = 0

    @property
    def order(self) -> int:
        """The place of the write among those of the profile."""
        return order(self.after.evaluated, self.version)


def react(context: Context, change: Change, receivers: Receivers) -> list[Transition]:
    """Start the runs that the change calls for and tell the receivers of its transitions; return these."""
    moved = list(transitions(change, context.ruleset, context.now))
    announce(context, moved, receivers)
    ruleset = context.ruleset
    starts = [start for flow in ruleset.flows.values() for start in _starts(flow, change, moved, ruleset)]
    for run, flow in starts:
        _start(context, run, flow)
    for flow in ruleset.flows.values():
        _begin_again(context, flow, change)
    return moved


def transitions(change: Change, ruleset: Ruleset, now: int) -> Iterable[Transition]:
    """What the profile entered and left."""
    before, after = change.before.memberships, change.after.memberships
    for segment in sorted(after.keys() - before.keys()):
        yield _entered(segment, change)
    for segment in sorted(before.keys() - after.keys()):
        cause = "backfill" if _is_edited(segment, change, ruleset) else "time"
        yield Transition(change.profile, segment, False, change.after.evaluated or now, cause, change.order)
    for segment in sorted(before.keys() & after.keys()):
        # It left and came back between two evaluations.
        if after[segment].since > before[segment].since:
            yield _entered(segment, change)


def _entered(segment: str, change: Change) -> Transition:
    since, cause = change.after.memberships[segment]
    return Transition(change.profile, segment, True, since, cause, change.order)


def _is_edited(segment: str, change: Change, ruleset: Ruleset) -> bool:
    """Whether the segment itself changed between the two: whoever leaves by that did nothing, and no time passed."""
    if change.before.built == change.after.built:
        return False
    return change.before.revision < ruleset.edited.get(segment, change.before.revision + 1)


def _starts(flow: Flow, change: Change, moved: Iterable[Transition], ruleset: Ruleset) -> Iterable[tuple[Run, Flow]]:
    """The runs that the change would start, before re-entry is looked at."""
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


def _begin_again(context: Context, flow: Flow, change: Change) -> None:
    """Begin the runs anew that ended since their cart was empty, and whose cart something was put into."""
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


def _known(flow: Flow, change: Change, ruleset: Ruleset) -> set[str]:
    """The entries that started the flow before, or never will.

    Nothing starts for somebody who cannot be written to: a cart that gets its name after the hour is not lost.
    """
    began = flows.starts(flow, change.before, ruleset.catalogue) if change.before.reachable else {}
    past, after = _past(flow, change.before, ruleset), flows.starts(flow, change.after, ruleset.catalogue)
    # What began while the flow was paused began nothing: a cart that goes on afterwards is one for it. Of the second in
    # which it was resumed nobody knows, until the cart goes on; a run that is there is not started twice.
    entries = {entry for entry, since in began.items() if since > flow.resumed or since == after.get(entry)}
    return entries | {entry for entry, since in after.items() if since <= past}


def _past(flow: Flow, before: State, ruleset: Ruleset) -> int:
    """The instant up to which the flow's start events are the past, which came in from the log and starts nothing.

    There is one only for who was last looked at before the flow was there: at that look, or when the flow was
    published if that came first. Whatever else is published meanwhile does not make a start the past.
    """
    revision, time = ruleset.begun[flow.id]
    return min(before.evaluated, time) if before.revision < revision else 0


def begin(flow: Flow, profile: str, entry: str, since: int) -> Run:
    """A run at its beginning, which nobody has started yet."""
    step, due = flows.begin(flow, since)
    return Run(profile, flow.id, entry, since, started=0, step=step, due=due, flow_version=flow.version)


def _start(context: Context, run: Run, flow: Flow) -> None:
    if run.due is not None and context.now - run.due <= flows.STALE and _may_enter(context, run, flow):
        start(context, run)


def start(context: Context, run: Run) -> None:
    """Write the run unless it is there, and queue it if it is due soon."""
    context.ports.runs.start(replace(run, started=context.now))
    # A run that was started already is queued again: the first time may have died before this line.
    _queue(context, run)


def _queue(context: Context, run: Run) -> None:
    if run.due is not None and run.due <= context.now + tick.SOON:
        context.ports.queues.send([tick.dispatch(Due(run.profile, run.id, run.due), context.now)])


def _may_enter(context: Context, run: Run, flow: Flow) -> bool:
    """Whether the flow's re-entry rule lets the run begin, counting the runs of profiles that were merged in.

    Of people who were divided, what is stored under another profile may be another's, an equal entry too: whose it is
    is found when the run is advanced.
    """
    attributes, runs = _runs(context, flow, run.profile)
    own = [each for each in runs if each.profile == run.profile or not attributes.parted]
    if any(each.entry == run.entry and each.profile != run.profile for each in own):
        return False
    return may_begin(flow, run, own)


def _runs(context: Context, flow: Flow, profile: str) -> tuple[ProfileAttributes, list[Run]]:
    """The person's attributes and runs of the flow, those of profiles that were merged in or divided from it too."""
    stored = of_profile(context, profile, fresh=False)
    attributes = stored.attributes_of(stored.living(profile))
    profiles = sorted({profile, attributes.profile} | attributes.absorbed | attributes.parted)
    return attributes, [run for each in profiles for run in context.ports.runs.of(each, flow.id)]
