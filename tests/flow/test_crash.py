"""The process is killed at every call to AWS in turn and started again: nothing is lost, nothing is sent twice.

A kill before a write, or at a read, leaves what a kill after the write before it leaves, and one before the first write
leaves nothing: so every place between two calls is met by killing after each write. What then comes again is what AWS
brings again: stream batches, queue messages when their visibility ends, ticks, and requests that got no answer.

The same with an answer that is lost on its way: the write took place, and the process goes on without knowing.
"""

import json
from functools import cache
from typing import Any
from unittest import mock

import pytest

from functions.topology import FUNCTIONS, SERVICES
from functions.topology_rows import Function
from local.aws.mailbox import Mailbox
from tests.flow.crash_stories import STORIES
from tests.flow.crash_stories.edit import CROWD
from tests.flow.crash_stories.story import retell, undisturbed
from tests.flow.fault_injection import Faults, Killed, Lost, world
from tests.flow.shop import ANN, checkout, customer
from tests.operations import Operation, called, writes

BLOWS = (Killed, Lost)


@cache
def ending(story: str) -> tuple[dict[str, Any], Faults]:
    """The end of a story when nothing goes wrong, and what each function wrote in it."""
    return undisturbed(STORIES[story]())


@cache
def struck() -> dict[str, set[Operation]]:
    """The writes of each function that is struck in a story, in all its stories."""
    made: dict[str, set[Operation]] = {}
    for name, story in STORIES.items():
        _, faults = ending(name)
        for function in story.functions:
            made.setdefault(function, set()).update(faults.made[function])
    return made


def test_every_write_that_the_adapters_can_make_is_struck_in_a_story() -> None:
    assert {operation for operation in called() if writes(operation)} == set().union(*struck().values())


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_function_is_struck_at_each_service_to_which_it_may_write(function: Function) -> None:
    granted = {SERVICES[grant.kind] for grant in function.grants if grant.access != "read"}
    assert granted == {operation.service for operation in struck().get(function.name, ())}


@pytest.mark.parametrize("blow", BLOWS)
@pytest.mark.parametrize(
    ("name", "function"), [(name, function) for name, story in STORIES.items() for function in story.functions]
)
def test_a_function_that_is_struck_after_any_of_its_writes_changes_no_outcome(
    name: str, function: str, blow: type[BaseException]
) -> None:
    retell(STORIES[name](), function, blow)


def test_the_story_of_a_checkout_reaches_what_it_is_told_for() -> None:
    end, _ = ending("checkout")
    people = end["people"]
    assert people["Ann"] == people["Ann's device"] == people["Ann's account"]
    assert people["Ben"] == people["Ben's cart"]
    assert people["Ann"]["id"] != people["Ben"]["id"]
    causes = ["cart-recovery_entry_cart-recovery-1", "nudge_entry_nudge"]
    assert [["Ann", cause] for cause in causes] == sorted([to, cause] for to, _, cause, _ in end["mails"])
    assert "Segment Entered left-checkout Ann +2100s" in end["announced"]
    assert {"sent", "held"} == {state for _, _, state, _, _ in end["ledger"]}
    assert [] == end["given up"] == end["waiting"]


def test_the_story_of_a_shared_device_divides_two_people() -> None:
    people = ending("shared device")[0]["people"]
    assert people["Ann"] == people["Ann's account"] != people["Ben"] == people["Ann's device"]


def test_the_story_of_an_edit_brings_everybody_in_and_writes_to_the_new_ones() -> None:
    end, _ = ending("edit")
    assert [f"p{number}@x.org" for number in range(0, CROWD, 2)] == end["mails"]
    assert (CROWD, "finished", CROWD) == (end["members"], end["state"], end["seen"])


def test_the_story_of_a_choice_has_a_no_between_two_mails_and_a_yes_after_it() -> None:
    end, _ = ending("choice")
    assert {"Email Unsubscribed": 1, "Email Resubscribed": 1} == end["said"]
    assert [["sent", "cart-recovery-1"], ["held", "cart-recovery-2"]] == [
        [state, cause.rpartition("_")[2]] for _, cause, state, _, _ in end["ledger"]
    ]
    assert "subscribed" == end["people"]["Ann"]["consent"]["marketing"]


def test_the_story_of_a_confirmation_asks_once_and_proves_the_visitor() -> None:
    end, _ = ending("confirmation")
    assert (1, ["sent"], 1) == (end["asked"], end["rows"], end["confirmed"])
    assert end["people"]["Ann"] == end["people"]["Ann's device"]
    assert "subscribed" == end["people"]["Ann"]["consent"]["marketing"]


def test_the_story_of_a_bus_tells_of_one_segment_and_gives_the_other_up() -> None:
    end, _ = ending("bus away")
    assert ["Segment Entered left-checkout Ben +1800s"] == end["announced"]
    assert [("shunned", "MalformedDetail")] == end["given up"]


def test_the_story_of_a_night_finds_whom_it_lost_and_whom_the_new_borders_bring_in() -> None:
    assert {"missing": 0, "too many": 0, "given up": [], "waiting": []} == ending("night")[0]


def test_the_story_of_an_erasure_leaves_nothing_of_one_and_everything_of_the_other() -> None:
    end, _ = ending("erasure")
    assert (None, []) == (end["people"]["Ann"], end["left of her"])
    assert [["Ben", "second"]] == [[to, subject] for to, subject, *_ in end["mails"]]
    assert 3 == len(end["ledger"])


def test_the_story_of_somebody_who_came_back_has_one_order_and_the_no_of_before() -> None:
    end, _ = ending("came back")
    assert (2, "unsubscribed") == (end["rows"], end["people"]["Ann"]["consent"]["marketing"])


def test_the_story_of_what_was_parked_asks_once_as_if_it_had_been_folded_at_once() -> None:
    end, _ = ending("parked")
    assert (1, ["sent"], 1) == (end["asked"], end["rows"], end["confirmed"])
    assert [] == end["given up"] == end["waiting"]


@pytest.mark.parametrize("blow", [Killed, Lost])
def test_a_message_that_ses_may_have_is_not_sent_again_while_the_word_of_ses_is_late(blow: type[BaseException]) -> None:
    faults = Faults("send", 1, blow, counted=Operation("sesv2", "SendEmail").__eq__)
    with world(faults) as host:
        host.webhook("customers/create", customer(ANN, consent="subscribed"))
        host.webhook("checkouts/create", checkout("ch1", ANN, cart="c1"))
        with mock.patch.object(Mailbox, "collect", lambda _: None):
            host.clock.advance("1h10m")
            assert faults.struck
            assert ["claimed"] == [row["state"] for row in json.loads(host.api("GET", "messages").body)["messages"]]
        host.clock.advance("5h")
        assert ["sent"] == [row["state"] for row in json.loads(host.api("GET", "messages").body)["messages"]]
        assert 1 == len(host.mailbox())
