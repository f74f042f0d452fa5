"""Flows that are paused, drained and resumed: at once, through every door, and what becomes of their runs."""

import json
from typing import Any

import pytest

from tests.flow.host import Host
from tests.flow.shop import ANN, customer, track
from tests.notes import note

FLOW = """
id: try
name: Try
# Every cart, an hour after it was last touched.
start: {event: Product Added, by: cart_id}
steps:
  - wait: 1 hour
  - send: note
"""


@pytest.fixture
def shop(bare: Host) -> Host:
    """A shop with one flow, and Ann, who wants its mail."""
    for kind, name, text in (("templates", "note", note()), ("flows", "try", FLOW)):
        answer = bare.publish(kind, name, text)
        assert answer.status == 200, answer.body
    bare.webhook("customers/create", customer(ANN, consent="subscribed"))
    bare.clock.advance("1m")
    return bare


def turn(host: Host, state: str) -> dict[str, Any]:
    answer = host.api("PUT", "flows/try/state", {"state": state})
    assert answer.status == 200, answer.body
    found: dict[str, Any] = json.loads(answer.body)
    return found


def put(host: Host, cart: str) -> None:
    host.segment("track", track("Product Added", email=ANN.email, cart_id=cart))
    host.settle()


def runs(host: Host) -> list[dict[str, Any]]:
    profile = host.profile(f"email:{ANN.email}")
    assert profile
    found: list[dict[str, Any]] = json.loads(host.api("GET", f"profiles/{profile['id']}/runs").body)["runs"]
    return found


def test_a_pause_holds_for_the_very_next_send_of_a_function_that_knows_the_flow_as_active(shop: Host) -> None:
    put(shop, "c1")
    shop.clock.advance("2s")
    put(shop, "c2")
    shop.clock.advance("59m58s")
    assert 1 == len(shop.mailbox())
    turn(shop, "paused")
    shop.clock.advance("2s")
    assert 1 == len(shop.mailbox())
    assert {("completed", False), (None, True)} == {(run["outcome"], run["paused"]) for run in runs(shop)}


def test_runs_that_waited_go_on_when_the_flow_is_active_again(shop: Host) -> None:
    put(shop, "c1")
    shop.clock.advance("30m")
    turn(shop, "paused")
    shop.clock.advance("5h")
    assert [] == shop.mailbox()
    turn(shop, "active")
    shop.settle()
    assert 1 == len(shop.mailbox())
    assert [("completed", False)] == [(run["outcome"], run["paused"]) for run in runs(shop)]
    shop.clock.advance("3d")
    assert 1 == len(shop.mailbox())


def test_a_mail_that_the_pause_made_stale_ends_as_too_late(shop: Host) -> None:
    put(shop, "c1")
    turn(shop, "paused")
    shop.clock.advance("26h")
    turn(shop, "active")
    shop.clock.advance("1h")
    assert ([], ["too late"]) == (shop.mailbox(), [run["outcome"] for run in runs(shop)])


def test_runs_whose_step_is_not_due_during_the_pause_go_on_as_if_there_had_been_none(shop: Host) -> None:
    put(shop, "c1")
    turn(shop, "paused")
    shop.clock.advance("10m")
    turn(shop, "active")
    shop.clock.advance("49m59s")
    assert [] == shop.mailbox()
    shop.clock.advance("1s")
    assert 1 == len(shop.mailbox())


def test_nothing_starts_while_a_flow_is_paused_and_it_is_not_made_up(shop: Host) -> None:
    turn(shop, "paused")
    put(shop, "c1")
    shop.clock.advance("2h")
    turn(shop, "active")
    shop.clock.advance("2h")
    assert ([], []) == (runs(shop), shop.mailbox())


def test_a_cart_that_goes_on_after_the_pause_starts_a_run(shop: Host) -> None:
    turn(shop, "paused")
    put(shop, "c1")
    shop.clock.advance("2h")
    turn(shop, "active")
    shop.clock.advance("1m")
    put(shop, "c1")
    shop.clock.advance("1h")
    assert 1 == len(shop.mailbox())


def test_what_happens_right_after_a_flow_was_resumed_starts_it(shop: Host) -> None:
    turn(shop, "paused")
    put(shop, "other")
    turn(shop, "active")
    put(shop, "c1")
    shop.clock.advance("1h")
    assert 1 == len(shop.mailbox())


def test_a_flow_that_drains_finishes_its_runs_and_starts_none(shop: Host) -> None:
    put(shop, "c1")
    turn(shop, "draining")
    put(shop, "c2")
    shop.clock.advance("2h")
    assert (1, 1) == (len(shop.mailbox()), len(runs(shop)))


def test_a_paused_flow_that_drains_lets_its_runs_finish(shop: Host) -> None:
    put(shop, "c1")
    turn(shop, "paused")
    shop.clock.advance("2h")
    turn(shop, "draining")
    shop.settle()
    assert 1 == len(shop.mailbox())


def test_runs_end_with_the_pause_where_the_flow_says_so(shop: Host) -> None:
    assert 200 == shop.publish("flows", "try", f"{FLOW}when paused: end\n").status
    put(shop, "c1")
    turn(shop, "paused")
    shop.clock.advance("2h")
    assert (["the flow was paused"], []) == ([run["outcome"] for run in runs(shop)], shop.mailbox())
    turn(shop, "active")
    shop.clock.advance("2h")
    assert [] == shop.mailbox()


def test_runs_end_with_a_pause_that_was_over_before_their_step_was_due(shop: Host) -> None:
    assert 200 == shop.publish("flows", "try", f"{FLOW}when paused: end\n").status
    put(shop, "c1")
    turn(shop, "paused")
    turn(shop, "active")
    put(shop, "c2")
    shop.clock.advance("2h")
    assert {"the flow was paused", "completed"} == {run["outcome"] for run in runs(shop)}
    assert 1 == len(shop.mailbox())


def test_runs_of_a_flow_that_was_withdrawn_do_not_go_on_when_it_is_published_again(shop: Host) -> None:
    put(shop, "c1")
    assert 200 == shop.api("DELETE", "definitions/flows/try").status
    assert 200 == shop.publish("flows", "try", FLOW).status
    shop.clock.advance("2h")
    assert (["the flow was withdrawn"], []) == ([run["outcome"] for run in runs(shop)], shop.mailbox())


def test_a_paused_run_whose_cart_is_touched_waits_its_hour_anew(shop: Host) -> None:
    put(shop, "c1")
    turn(shop, "paused")
    shop.clock.advance("2h")
    put(shop, "c1")
    turn(shop, "active")
    shop.clock.advance("59m")
    assert [] == shop.mailbox()
    shop.clock.advance("1m")
    assert 1 == len(shop.mailbox())


@pytest.mark.parametrize("paused", [False, True])
def test_runs_of_a_withdrawn_flow_end_and_say_so(shop: Host, paused: bool) -> None:
    put(shop, "c1")
    shop.clock.advance("30m")
    if paused:
        turn(shop, "paused")
        shop.clock.advance("1h")
    assert 200 == shop.api("DELETE", "definitions/flows/try").status
    shop.clock.advance("1h")
    assert (["the flow was withdrawn"], []) == ([run["outcome"] for run in runs(shop)], shop.mailbox())


def test_pausing_by_the_text_is_the_same(shop: Host) -> None:
    put(shop, "c1")
    assert 200 == shop.publish("flows", "try", f"{FLOW}state: paused\n").status
    shop.clock.advance("2h")
    assert [] == shop.mailbox()
    assert 200 == shop.publish("flows", "try", FLOW).status
    shop.settle()
    assert 1 == len(shop.mailbox())


def test_the_state_is_a_line_of_the_text_and_a_version_of_its_own(shop: Host) -> None:
    assert {"id": "try", "kind": "flows", "version": 2, "state": "paused"} == turn(shop, "paused")
    shown = json.loads(shop.api("GET", "definitions/flows/try").body)
    assert FLOW.replace("name: Try\n", "name: Try\nstate: paused\n") == shown["text"]
    assert ("paused", 2) == (shown["json"]["state"], shown["version"])
    assert 2 == turn(shop, "paused")["version"]
    assert 3 == turn(shop, "active")["version"]


def test_a_state_or_flow_that_does_not_exist_is_refused_by_name(shop: Host) -> None:
    answer = shop.api("PUT", "flows/try/state", {"state": "pause"})
    assert (400, "paused") == (answer.status, json.loads(answer.body)["faults"][0]["suggestion"])
    answer = shop.api("PUT", "flows/tri/state", {"state": "paused"})
    assert (404, "try") == (answer.status, json.loads(answer.body)["faults"][0]["suggestion"])
    answer = shop.publish("flows", "try", f"{FLOW}state: pausd\n")
    assert (422, "paused") == (answer.status, json.loads(answer.body)["faults"][0]["suggestion"])
