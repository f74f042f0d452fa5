"""Pause, drain or resume a flow: its current text with another state, published as the next version."""

from collections.abc import Iterable
from dataclasses import replace

from functions.core.base.errors import Fault, NotFound
from functions.core.base.spelling import nearest
from functions.core.definitions.flow_state_text import with_state
from functions.core.definitions.records import Definition
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.flows.flow import FlowState
from functions.usecases import flow_state
from functions.usecases.context import Context
from functions.usecases.profile_session import retry_on_conflict


def set_flow_state(context: Context, name: str, state: FlowState, author: str) -> Definition:
    """Publish the flow with this state; a flow that has it already is left unchanged. Raises NotFound.

    The rest of the text does not change and is not checked, so a flow can be paused even if newer rules would refuse
    its text. The timelines kept do not change either, so no backfill is needed.
    """

    def publish_once() -> Definition:
        definitions = context.ports.definitions.current()
        current = _named(name, definitions)
        if current.body.get("state", "active") == state:
            return current
        new = _changed(current, state, author, context.now)
        all_definitions = [new, *(each for each in definitions if (each.kind, each.id) != ("flows", name))]
        keeps = KeptTimelines(
            definitions, all_definitions, context.settings.shop_timezone, context.settings.shop_currency
        ).kept(new)
        return context.ports.definitions.publish(replace(new, kept=keeps))

    current = retry_on_conflict(publish_once, "definitions", "the flow keeps changing")
    flow_state.request_resumption(context, current)
    return current


def _named(name: str, definitions: Iterable[Definition]) -> Definition:
    flows = {each.id: each for each in definitions if each.kind == "flows"}
    if name not in flows:
        raise NotFound(Fault(f"there is no flow {name!r}", "id", suggestion=nearest(name, flows)))
    return flows[name]


def _changed(current: Definition, state: FlowState, author: str, now: int) -> Definition:
    body = {**current.body, "state": state}
    return replace(
        current,
        text=with_state(current.text, state),
        body=body,
        author=author,
        time=now,
        replaces=current.version,
        resumed=flow_state.resumed(current, body, now),
    )
