"""The API's operations: each reads its parts of the request, calls a use case and returns what is answered as JSON."""

import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

from functions.core.answers.views import backfilled_view, fault_view
from functions.core.base import rfc3339
from functions.core.base.errors import Fault, Malformed
from functions.core.messages.records import MessageState
from functions.handlers.api_call import Call
from functions.handlers.api_definitions import change_view, read_texts
from functions.usecases import explain, members, people, quarantine
from functions.usecases import list_definitions as definitions
from functions.usecases import list_messages as ledger
from functions.usecases.list_passes import passes
from functions.usecases.list_segments import segments

MOST_PEOPLE = 100_000
MOST_PASSES = 50
# What becomes of those whom a segment's new version brings in; the first unless the other is asked for.
BACKFILLED = ("silent", "send")
STATES: tuple[MessageState, ...] = get_args(MessageState)


def openapi(call: Call) -> Any:
    """This API's description."""
    return document()


@cache
def document() -> Any:
    """The OpenAPI document, read once."""
    return json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))


def show_schema(call: Call) -> Any:
    """What editors check a kind of definition with."""
    from functions.core.definitions.json_schemas import schema  # brings what publishing brings

    return schema(call.path["kind"])


def list_definitions(call: Call) -> Any:
    """The current definitions of a kind."""
    return definitions.listing(call.path["kind"], call.ports, call.loaded.style)


def show_definition(call: Call) -> Any:
    """A definition as saved."""
    version = call.whole("version", 1, 10**9) if "version" in call.query else None
    return definitions.show(call.path["kind"], call.path["id"], version, call.ports, call.loaded.style)


def publish_definition(call: Call) -> Any:
    """Check a definition and make it current."""
    from functions.usecases import warn
    from functions.usecases.publish import publish  # brings lark, PyYAML and Liquid, which no other path needs

    kind, name, send = call.path["kind"], call.path["id"], call.choice("backfilled", BACKFILLED) == "send"
    if "backfilled" in call.query and kind != "segments":
        raise Malformed(Fault("only a segment's new version brings people in; leave it out", "backfilled"))
    saved = publish(kind, name, call.text(), call.author, call.ports, call.settings, call.now, send_backfilled=send)
    asked = backfilled_view(saved) if "backfilled" in call.query else {}
    there, seen = call.ports.definitions.current(), call.ports.names.all()
    warnings = list(map(fault_view, warn.of_definition(saved, there, seen, call.settings.shop_currency)))
    told = {"id": saved.id, "kind": saved.kind, "version": saved.version, **asked}
    return told | ({"warnings": warnings} if warnings else {})


def withdraw_definition(call: Call) -> Any:
    """Withdraw a definition that nothing refers to."""
    from functions.usecases.withdraw import withdraw  # brings what publishing brings

    gone = withdraw(call.path["kind"], call.path["id"], call.author, call.ports, call.settings, call.now)
    return {"id": gone.id, "kind": gone.kind, "version": gone.version, "withdrawn": True}


def publish_definitions(call: Call) -> Any:
    """Check several definitions and make all of them current, or none."""
    from functions.usecases.publish_together import compare, publish_together  # brings what publishing brings

    send, check_only = call.choice("backfilled", BACKFILLED) == "send", call.flag("check")
    texts = read_texts(call.json())
    if check_only:
        changes = compare(texts, call.ports, call.settings)
    else:
        changes = publish_together(texts, call.author, call.ports, call.settings, call.now, send_backfilled=send)
    return {"checked_only": check_only, "definitions": [change_view(each) for each in changes]}


def set_flow_state(call: Call) -> Any:
    """Pause, drain or resume a flow."""
    from functions.core.flows.flow import FlowState
    from functions.usecases.set_flow_state import set_flow_state as change

    states: dict[Any, FlowState] = {state: state for state in get_args(FlowState)}
    asked = call.json().get("state")
    if not isinstance(asked, str) or asked not in states:
        raise Malformed(Fault(f"not one of {', '.join(states)}", "state", suggestion="paused"))
    saved = change(call.path["id"], states[asked], call.author, call.ports, call.settings, call.now)
    return {"id": saved.id, "kind": saved.kind, "version": saved.version, "state": asked}


def list_backfills(call: Call) -> Any:
    """The latest passes over everybody."""
    return passes(call.whole("limit", 5, MOST_PASSES), call.ports)


def find_profile(call: Call) -> Any:
    """The person who has an identifier."""
    if "identifier" not in call.query:
        raise Malformed(Fault("missing", "identifier", suggestion="?identifier=email:ann@example.org"))
    return people.view(people.by_identifier(call.query["identifier"], call.ports), call.ports, call.loaded, call.now)


def show_profile(call: Call) -> Any:
    """A person."""
    return people.view(people.by_id(call.path["id"], call.ports), call.ports, call.loaded, call.now)


def list_events(call: Call) -> Any:
    """What the log holds of a person."""
    return people.events(people.by_id(call.path["id"], call.ports), call.whole("limit", 1000, 10_000), call.ports)


def list_messages_of(call: Call) -> Any:
    """What was sent to a person."""
    return people.messages(people.by_id(call.path["id"], call.ports), call.ports)


def list_runs_of(call: Call) -> Any:
    """A person's ways through flows."""
    return people.runs(people.by_id(call.path["id"], call.ports), call.ports)


def explain_membership(call: Call) -> Any:
    """Why a person is in a segment or is not."""
    somebody = people.by_id(call.path["id"], call.ports)
    return explain.explain(somebody, call.path["segment"], call.at(), call.ports, call.loaded, call.now)


def list_segments(call: Call) -> Any:
    """Every segment with its sentence."""
    return segments(call.ports, call.loaded, call.now, counted=call.flag("count"))


def list_members(call: Call) -> Any:
    """Who is in a segment."""
    limit = call.whole("limit", 10_000, MOST_PEOPLE)
    return members.page(call.path["id"], call.at(), limit, call.query.get("next"), call.ports, call.loaded, call.now)


def tell_impact(call: Call) -> Any:
    """What publishing a segment would change."""
    from functions.usecases.impact import impact  # brings what publishing brings

    days, send = call.settings.log_retention_days, call.choice("backfilled", BACKFILLED) == "send"
    return impact(call.path["id"], call.text(), call.ports, call.loaded, call.now, days, send_backfilled=send)


def tell_flow_impact(call: Call) -> Any:
    """What publishing a flow would do to its runs under way."""
    from functions.usecases.flow_impact import flow_impact  # brings what publishing brings

    return flow_impact(call.path["id"], call.text(), call.ports, call.settings, call.loaded)


def preview_condition(call: Call) -> Any:
    """Count the people for whom a condition holds."""
    from functions.usecases.preview import preview  # brings lark

    asked = call.json()
    at = rfc3339.parse(asked["at"], "at") if asked.get("at") is not None else call.now
    if not isinstance(asked.get("when"), str):
        raise Malformed(Fault("missing or not text", "when"))
    return preview(asked["when"], at, call.ports, call.loaded, call.now, call.settings.log_retention_days)


def list_messages(call: Call) -> Any:
    """Messages of everybody."""
    state: MessageState | None = next((each for each in STATES if each == call.query.get("state")), None)
    if state is None and "state" in call.query:
        raise Malformed(Fault("no such state", "state", suggestion=", ".join(STATES)))
    wanted = ledger.Wanted(state, call.query.get("flow"), call.query.get("template"))
    return ledger.listing(wanted, call.whole("limit", 100, 1000), call.query.get("next"), call.ports)


def list_quarantine(call: Call) -> Any:
    """Requests that were not understood, without what was in them."""
    limit = call.whole("limit", 100, 1000)
    return quarantine.listing(call.query.get("source"), limit, call.query.get("next"), call.ports)


def show_quarantined(call: Call) -> Any:
    """A request in quarantine, whole."""
    return quarantine.show(call.path["source"], call.path["id"], call.ports)


def replay_quarantined(call: Call) -> Any:
    """Take a request from quarantine again."""
    return quarantine.again(call.path["source"], call.path["id"], call.settings.shop_currency, call.ports)


def drop_quarantined(call: Call) -> Any:
    """Delete a request from quarantine."""
    return quarantine.drop(call.path["source"], call.path["id"], call.ports)
