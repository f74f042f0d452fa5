"""Advance a flow run: take every step that is due, in order."""

from dataclasses import replace

from functions.core.base.instants import holds
from functions.core.flows import flow as flows
from functions.core.flows.records import Due, Run
from functions.core.flows.reentry import JOINED, UNREACHED
from functions.core.flows.step_kind import End, Moment, Next
from functions.core.segments import engine
from functions.usecases import profile_session, tick
from functions.usecases import send as sending
from functions.usecases.context import Context
from functions.usecases.flow_state import held_up
from functions.usecases.message_claim import Outcome
from functions.usecases.pre_send_check import NO_ADDRESS
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.run_version import ended_meanwhile, version_of
from functions.usecases.situation import Situation, situation


def advance(context: Context, profile: str, run_id: str) -> Run | None:
    """Take the run's due steps and return it as stored; a run that is not due or has ended is returned unchanged.

    None if the run does not exist. Raises Conflict if other writers keep changing it.
    """

    def advance_once() -> Run | None:
        run = context.ports.runs.get(profile, run_id)
        if run is None or run.due is None or run.due > context.now:
            return run
        return _advance(context, run)

    return retry_on_conflict(advance_once, "advance", "the run keeps changing")


def _advance(context: Context, run: Run) -> Run:
    if ended := ended_meanwhile(context, run):
        return save(context, _ended(run, ended))
    placed = version_of(context, run)
    if placed is None:
        return save(context, _ended(run, "the flow was withdrawn"))
    run, version = placed
    run_situation = situation(context, run, version)
    if run_situation is None:
        return save(context, _ended(run, "the person was erased"))
    if not run_situation.runs:
        return save(context, _ended(run_situation.run, "somebody else did what started it"))
    if _is_of_history(run_situation):
        return save(context, _ended(run_situation.run, flows.IMPORTED))
    if not run_situation.goes_on:
        return save(context, replace(_ended(run_situation.run, JOINED), waiting=run_situation.run.due))
    run_situation = run_situation.after(replace(run_situation.run, paused=False))
    while run_situation.run.due is not None and run_situation.run.due <= context.now and not run_situation.run.paused:
        moved = held_up(context, run_situation.run, run_situation.flow) or _step(context, run_situation)
        run_situation = run_situation.after(save(context, moved))
    return _filled_meanwhile(context, run_situation) if run_situation.run.outcome == flows.EMPTY else run_situation.run


def _is_of_history(run_situation: Situation) -> bool:
    """True if every event that started the run was imported as history."""
    run, flow = run_situation.run, run_situation.flow
    began = [event for event in run_situation.person.tail if flows.belongs(flow, event, run.entry)]
    return bool(began) and all(event.imported for event in began)


def _filled_meanwhile(context: Context, run_situation: Situation) -> Run:
    """Start the run again if its cart, found empty, has been filled since; else return it unchanged.

    Whoever folded the new cart event may not have seen yet that the run had ended, and so did not start it again.
    """
    run, flow = run_situation.run, run_situation.flow
    person = profile_session.current(context, run_situation.person.profile, run.since)
    if person is None or flows.is_empty(flow, person.tail, run.entry):
        return run
    state = run_situation.version.state(context, person)
    latest = flows.latest(flow, state, run_situation.version.catalogue, run.entry)
    return save(context, flows.again(flow, run, latest or run.since))


def _step(context: Context, run_situation: Situation) -> Run:
    """Compute the run after its next step, or with a later ``due`` if a newer event restarts the first wait."""
    run, flow, state, catalogue = (
        run_situation.run,
        run_situation.flow,
        run_situation.state,
        run_situation.version.catalogue,
    )
    assert run.due is not None
    later = flows.first_wait_end(flow, run.step, flows.latest(flow, state, catalogue, run.entry))
    if later is not None and later > run.due:
        return replace(run, due=later)
    if context.now - run.due > flows.STALE:
        return _ended(run, "too late")
    step = flow.step(run.step)
    if step is None:
        return _completed(context, run_situation)
    reached = flows.reached(flow, state, catalogue, run.entry, run.since)
    # A step that acts checks the goal itself right before acting, and records why it did nothing.
    if not step.kind.acts and reached:
        return _ended(run, "goal reached")
    if not step.kind.acts and flows.taken_back(flow, state, catalogue, run.entry, context.now):
        return _ended(run, flows.TAKEN_BACK)
    if not reached and flows.is_empty(flow, run_situation.person.tail, run.entry):
        return _ended(run, flows.EMPTY)
    moment = Moment(run.due, context.now, lambda node: holds(engine.judge(node, state, catalogue, context.now)))
    move = step.kind.advance(step.content, moment)
    if isinstance(move, End):
        return _ended(run, move.outcome)
    if isinstance(move, Next):
        return _next(run_situation) if move.due is None else replace(_next(run_situation), due=move.due)
    return _sent(run_situation, sending.send(context, run_situation))


def _completed(context: Context, run_situation: Situation) -> Run:
    """The run with its final outcome: "completed", or UNREACHED if all its messages lacked an address.

    An UNREACHED run does not count as an entry, so that the person can enter once an address is known.
    """
    reasons = {(row.state, row.reason) for row in run_situation.sent(context)}
    return _ended(run_situation.run, UNREACHED if reasons == {("held", NO_ADDRESS)} else "completed")


def _sent(run_situation: Situation, outcome: Outcome) -> Run:
    if outcome.retry_at is not None:
        return replace(run_situation.run, due=outcome.retry_at)
    return _ended(run_situation.run, outcome.reason) if outcome.ends else _next(run_situation)


def _next(run_situation: Situation) -> Run:
    return replace(run_situation.run, step=run_situation.flow.after(run_situation.run.step))


def _ended(run: Run, outcome: str) -> Run:
    return replace(run, due=None, outcome=outcome)


def save(context: Context, run: Run) -> Run:
    """Write the run, and queue it if it falls due within ``tick.SOON`` seconds; return it with its new version.

    Raises Conflict if another writer changed the run.
    """
    context.ports.runs.save(run)
    if run.due is not None and context.now < run.due <= context.now + tick.SOON:
        context.ports.queues.send([tick.dispatch(Due(run.profile, run.id, run.due), context.now)])
    return replace(run, version=run.version + 1)
