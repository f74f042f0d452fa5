"""Correct the flow runs of a person who was divided from others, so that each person has their own.

While two people were taken for one, a run of one of them went on for both, and events of the other started none. Runs
that had joined another's run are resumed at the step where they stopped, and start events that are still recent enough
start a run.
"""

from dataclasses import replace

from functions.core.base.errors import Conflict
from functions.core.definitions.ruleset import Ruleset
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Due, Run
from functions.core.flows.reentry import JOINED, may_begin, together
from functions.usecases import profile_session, react, tick
from functions.usecases.context import Context
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.situation import others_of, stay_of


def divide_runs(context: Context, profile: str) -> None:
    """Resume the person's runs that had joined another person's run, and start those that were never started."""
    person = profile_session.current(context, profile, context.now - flows.START_HORIZON)
    if person is None:
        return
    for flow in context.ruleset.flows.values():
        runs = others_of(context, Run(person.profile, flow.id, "", context.now, context.now), flow, person)
        for run in runs:
            _take_up(context, run, runs, flow, person)
        for run in _never_begun(runs, flow, person, context.ruleset):
            if run.due is not None and context.now - run.due <= flows.STALE and may_begin(flow, run, runs):
                react.start(context, run)
                runs.append(run)


def _take_up(context: Context, run: Run, runs: list[Run], flow: Flow, person: CurrentPerson) -> None:
    if run.outcome != JOINED or run.waiting is None or together(flow, run, runs, stay_of(flow, person))[0] != run:
        return
    try:
        context.ports.runs.save(replace(run, due=run.waiting, outcome=None, waiting=None))
    except Conflict:
        # Another invocation has resumed it.
        return
    context.ports.queues.send([tick.dispatch(Due(run.profile, run.id, run.waiting), context.now)])


def _never_begun(runs: list[Run], flow: Flow, person: CurrentPerson, ruleset: Ruleset) -> list[Run]:
    """The runs, not stored yet, of start events after the flow's publication."""
    if not flow.events or not person.state.reachable:
        return []
    entries, started = {run.entry for run in runs}, flows.starts(flow, person.state, ruleset.catalogue)
    fresh = {entry: since for entry, since in started.items() if entry not in entries}
    later = ruleset.begun[flow.id].time
    return [react.begin(flow, person.profile, entry, since) for entry, since in sorted(fresh.items()) if since > later]
