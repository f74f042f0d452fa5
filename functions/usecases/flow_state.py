"""Pause and resume flows, and decide what happens to their runs in between.

Functions use definitions for up to DEFINITIONS_MAX_AGE seconds, while a pause must apply to the very next send. So the
flow's current version is read before every send, and before a run is set aside.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from functions.core.base.errors import Conflict
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import ResumeFlow
from functions.core.definitions.records import Definition
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Due, Run
from functions.usecases import tick
from functions.usecases.context import Context

# The most runs that one message resumes.
PAGE = 200
# An invocation that found the flow paused may set a run aside this long (seconds) after the flow was resumed.
UNDER_WAY = 60


def held_up(context: Context, run: Run, flow: Flow) -> Run | None:
    """The run set aside or ended, if its flow is paused or withdrawn; None if its next step is to be taken."""
    step = flow.step(run.step)
    if flow.state != "paused" and not (step and step.kind.acts):
        return None
    current = _current(context, flow)
    if current is None:
        return replace(run, due=None, outcome="the flow was withdrawn")
    if current.state != "paused":
        return None
    if current.when_paused == "end":
        return replace(run, due=None, outcome="the flow was paused")
    return replace(run, paused=True)


def _current(context: Context, flow: Flow) -> Flow | None:
    """The flow's current version, or None if withdrawn; one strong read if it is the version that is loaded."""
    version = context.ports.definitions.latest("flows", flow.id)
    if version == flow.version:
        return flow
    current = context.ports.definitions.version("flows", flow.id, version) if version else None
    return flows.from_body(current.body, current.version, current.resumed) if current else None


def request_resumption(context: Context, published: Definition) -> None:
    """Queue the resumption of waiting runs if the previous version was paused and this one is not.

    Queued twice, since an invocation that read the previous version may still set a run aside.
    """
    before = context.ports.definitions.version("flows", published.id, published.replaces)
    if before and _is_paused(before) and not _is_paused(published):
        task = ResumeFlow(published.id)
        context.ports.queues.send([Dispatch(task), Dispatch(task, UNDER_WAY)])


def resumed(before: Definition | None, body: Mapping[str, Any], now: int) -> int:
    """When a flow with this body last became active again (seconds UTC); ``before`` is the version it replaces."""
    if before is None:
        return 0
    was_off = before.body.get("state", "active") != "active"
    return now if was_off and body.get("state") == "active" else before.resumed


def _is_paused(definition: Definition) -> bool:
    return definition.body.get("state") == "paused"


def resume(context: Context, flow: str) -> int:
    """Resume a page of the runs that wait for the flow, and queue the rest; return how many were resumed.

    Each keeps its ``due``, so a tick finds the runs whose message is lost.
    """
    waiting = context.ports.runs.paused(flow, PAGE)
    runs = [run for profile, run_id in waiting if (run := context.ports.runs.get(profile, run_id)) and run.paused]
    going_on = [run for run in runs if _goes_on(context, run)]
    context.ports.queues.send(
        [tick.dispatch(Due(run.profile, run.id, run.due or context.now), context.now) for run in going_on]
    )
    if len(waiting) == PAGE:
        # The index lags by a moment: runs in it that are resumed already are skipped.
        context.ports.queues.send([Dispatch(ResumeFlow(flow), 1)])
    return len(going_on)


def _goes_on(context: Context, run: Run) -> bool:
    try:
        context.ports.runs.save(replace(run, paused=False))
    except Conflict:
        return False
    return True
