"""A flow that is paused while a function still holds the definitions of before."""

from dataclasses import replace

from functions.core.base.events import Event
from functions.core.definitions.records import Definition
from functions.usecases.flow_state import resume
from functions.usecases.set_flow_state import set_flow_state
from tests.flow.in_memory_app import InMemoryApp
from tests.flow.test_flow_states import FLOW
from tests.notes import note

START, HOUR = 1_700_000_000, 3600


def shop() -> InMemoryApp:
    """A shop with one flow, which Ann's cart has started."""
    found = InMemoryApp(START)
    found.publish_text("templates", "note", note())
    found.publish_text("flows", "try", FLOW)
    agreed = Event("Identify", START, START, ("email:ann@x.org",), "2026#0", "t", consent="subscribed")
    added = replace(agreed, name="Product Added", sort="2026#1", properties={"cart_id": "c1"}, consent=None)
    found.log.append([agreed])
    found.log.append([added])
    found.settle()
    return found


def outcomes(found: InMemoryApp) -> list[tuple[str | None, bool]]:
    return [(run.outcome, run.paused) for rows in found.runs.rows.values() for run in rows.values()]


def test_a_pause_holds_although_the_definitions_in_memory_are_older() -> None:
    found = shop()
    set_flow_state(found.context, "try", "paused", "ann")
    assert "active" == found.ruleset.flows["try"].state
    found.to(START + 2 * HOUR)
    assert ([], [(None, True)]) == (found.mails, outcomes(found))


def test_a_flow_that_was_active_again_before_they_are_newer_sends() -> None:
    found = shop()
    for state in ("paused", "active"):
        set_flow_state(found.context, "try", state, "ann")
    found.to(START + 2 * HOUR)
    assert (1, [("completed", False)]) == (len(found.mails), outcomes(found))


def test_a_run_that_is_set_aside_after_the_flow_was_resumed_is_found_by_the_second_look() -> None:
    found = shop()
    set_flow_state(found.context, "try", "paused", "ann")
    found.to(START + HOUR)
    set_flow_state(found.context, "try", "active", "ann")
    (run,) = found.runs.of(*found.runs.rows)
    assert 1 == resume(found.context, "try")
    found.runs.save(replace(run, paused=True, version=run.version + 1))
    found.to(START + HOUR + 61)
    assert (1, [("completed", False)]) == (len(found.mails), outcomes(found))


def test_a_flow_that_was_withdrawn_sends_nothing_more() -> None:
    found = shop()
    del found.definitions.rows["flows", "try"]
    found.to(START + 2 * HOUR)
    assert ([], [("the flow was withdrawn", False)]) == (found.mails, outcomes(found))


def test_a_flow_is_paused_although_its_text_would_be_refused_today() -> None:
    found = shop()
    (stored,) = found.definitions.rows["flows", "try"]
    found.definitions.rows["flows", "try"] = [replace(stored, text=FLOW + "of yesterday: 1\n")]
    assert isinstance(set_flow_state(found.context, "try", "paused", "ann"), Definition)
