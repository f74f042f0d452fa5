"""Take a flow run as far as it goes now: the steps that are due, in their order."""

from dataclasses import replace

from functions.core.catalogue import Loaded
from functions.core.errors import Conflict
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.instants import holds
from functions.core.ports import Ports
from functions.core.records import Due, Run
from functions.core.segments import engine
from functions.settings import Settings
from functions.usecases import send as sending
from functions.usecases import tick
from functions.usecases.flow_state import held_up
from functions.usecases.look import Look, look

ATTEMPTS = 6


def advance(profile: str, run_id: str, ports: Ports, settings: Settings, loaded: Loaded, now: int) -> Run | None:
    """Advance the run; one that is not due, has ended or is gone stays as it is."""
    for _ in range(ATTEMPTS):
        run = ports.runs.get(profile, run_id)
        if run is None or run.due is None or run.due > now:
            return run
        try:
            return _advance(run, ports, settings, loaded, now)
        except Conflict:
            continue
    raise Conflict("advance", "the run keeps changing")


def _advance(run: Run, ports: Ports, settings: Settings, loaded: Loaded, now: int) -> Run:
    flow = loaded.flows.get(run.flow)
    seen = look(run.profile, run.since, ports, loaded, now) if flow else None
    if flow is None or seen is None:
        return _save(_ended(run, "the flow was withdrawn" if flow is None else "the person was erased"), ports, now)
    run = replace(run, since=_began(run, flow, seen), paused=False)
    while run.due is not None and run.due <= now and not run.paused:
        moved = held_up(run, flow, ports) or _step(run, flow, seen, ports, settings, loaded, now)
        run = _save(moved, ports, now)
    return _filled_meanwhile(run, flow, ports, loaded, now) if run.outcome == flows.EMPTY else run


def _filled_meanwhile(run: Run, flow: Flow, ports: Ports, loaded: Loaded, now: int) -> Run:
    """The run, begun anew if something was put into its empty cart before whoever folded that could see its end."""
    seen = look(run.profile, run.since, ports, loaded, now)
    if seen is None or flows.is_empty(flow, seen.tail, run.entry):
        return run
    latest = flows.starts(flow, seen.state, loaded.catalogue).get(run.entry, run.since)
    return _save(flows.again(flow, run, latest), ports, now)


def _began(run: Run, flow: Flow, seen: Look) -> int:
    """When the run began: an earlier event of its entry may have come in after the run was started."""
    return min([run.since, *(event.time for event in seen.tail if flows.belongs(flow, event, run.entry))])


def _step(run: Run, flow: Flow, seen: Look, ports: Ports, settings: Settings, loaded: Loaded, now: int) -> Run:
    """The run after its next step, or after learning that the first wait begins anew."""
    assert run.due is not None
    latest = flows.starts(flow, seen.state, loaded.catalogue).get(run.entry)
    if flow.events and latest is None and not any(flows.belongs(flow, event, run.entry) for event in seen.tail):
        return _ended(run, "somebody else did what started it")
    later = flows.postponed(flow, run.step, latest)
    if later is not None and later > run.due:
        return replace(run, due=later)
    if now - run.due > flows.STALE:
        return _ended(run, "too late")
    if run.step >= len(flow.steps):
        return _ended(run, "completed")
    step = flow.steps[run.step]
    reached = flows.reached(flow, seen.state, loaded.catalogue, run.entry, run.since)
    # Before a send the goal is looked at by the last look, which writes down why nothing was sent.
    if step.do != "send" and reached:
        return _ended(run, "goal reached")
    if not reached and flows.is_empty(flow, seen.tail, run.entry):
        return _ended(run, flows.EMPTY)
    if step.do == "wait":
        return replace(run, step=run.step + 1, due=run.due + step.span)
    if step.do == "check":
        verdict = engine.judge(step.when, seen.state, loaded.catalogue, now)
        return _next(run) if holds(verdict) else _ended(run, "check failed")
    return _sent(run, sending.send(run, run.step, flow, seen, ports, settings, loaded, now))


def _sent(run: Run, outcome: sending.Outcome) -> Run:
    if outcome.retry_at is not None:
        return replace(run, due=outcome.retry_at)
    return _ended(run, outcome.reason) if outcome.ends else _next(run)


def _next(run: Run) -> Run:
    return replace(run, step=run.step + 1)


def _ended(run: Run, outcome: str) -> Run:
    return replace(run, due=None, outcome=outcome)


def _save(run: Run, ports: Ports, now: int) -> Run:
    ports.runs.save(run)
    if run.due is not None and now < run.due <= now + tick.SOON:
        ports.queues.send([tick.dispatch("steps", Due(run.profile, run.id, run.due), now)])
    return replace(run, version=run.version + 1)
