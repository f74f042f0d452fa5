"""The ledger: one claim per cause, and nothing that was reported is lost."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError

from functions.core.base.errors import Conflict, Malformed
from functions.core.messages.records import Message, MessageState
from functions.core.ports import Ports
from tests.aws import Aws

CLAIM = Message(
    "p1", "flow_1_2", "flow", "cart", "claimed", 100, reason="member", address="ann@x.org", subject="Hé", attempt=1
)


def test_a_cause_is_claimed_by_the_first_who_claims_it(ports: Ports) -> None:
    assert ports.ledger.claim(CLAIM) is None
    assert CLAIM == ports.ledger.claim(CLAIM)
    assert CLAIM == ports.ledger.claim(replace(CLAIM, at=300, state="held"))
    assert CLAIM == ports.ledger.get("p1", "flow_1_2")
    assert ports.ledger.get("p1", "flow_1_3") is None


def test_a_claim_whose_answer_was_lost_is_still_ours(place: Aws, ports: Ports) -> None:
    lost: list[ConnectionClosedError] = []

    def lose(response: tuple[AWSResponse, dict] | None, **_: object) -> Any:
        """Forget the first answer, as a broken connection does, and have botocore ask again."""
        if response is None or lost:
            return None
        lost.append(ConnectionClosedError(endpoint_url="https://dynamodb"))
        return 0

    events = place.clients.get("dynamodb").meta.events
    events.register_first("needs-retry.dynamodb.PutItem", lose)
    try:
        assert ports.ledger.claim(CLAIM) is None
    finally:
        events.unregister("needs-retry.dynamodb.PutItem", lose)
    assert lost
    assert CLAIM == ports.ledger.claim(CLAIM)


def test_a_row_is_replaced_if_state_and_attempt_are_as_expected(ports: Ports) -> None:
    ports.ledger.claim(CLAIM)
    sent = replace(CLAIM, state="sent", ses_id="ses-1", at=101)
    ports.ledger.save(sent, expected=("claimed", 1))
    assert sent == ports.ledger.get("p1", "flow_1_2")
    for expected in (("claimed", 1), ("sent", 2)):
        with pytest.raises(Conflict):
            ports.ledger.save(CLAIM, expected=expected)
    with pytest.raises(Conflict):
        ports.ledger.save(replace(CLAIM, cause="other"), expected=("claimed", 1))


def test_saving_keeps_what_was_counted_meanwhile(ports: Ports) -> None:
    ports.ledger.claim(CLAIM)
    ports.ledger.tally("p1", "flow_1_2", "opens")
    ports.ledger.tally("p1", "flow_1_2", "opens")
    ports.ledger.tally("p1", "flow_1_2", "clicks")
    ports.ledger.report("p1", "flow_1_2", "bounce")
    ports.ledger.save(replace(CLAIM, state="sent"), expected=("claimed", 1))
    found = ports.ledger.get("p1", "flow_1_2")
    assert replace(CLAIM, state="sent", opens=2, clicks=1, feedback="bounce") == found


def test_settling_makes_a_claim_sent_and_touches_nothing_else(ports: Ports) -> None:
    ports.ledger.claim(CLAIM)
    ports.ledger.claim(replace(CLAIM, cause="held", state="held"))
    for cause in ("flow_1_2", "held", "unknown"):
        ports.ledger.settle("p1", cause, "ses-9", 105)
    ports.ledger.settle("p1", "flow_1_2", "ses-10", 200)
    assert replace(CLAIM, state="sent", ses_id="ses-9", at=105) == ports.ledger.get("p1", "flow_1_2")
    other = ports.ledger.get("p1", "held")
    assert other
    assert "held" == other.state
    assert ports.ledger.get("p1", "unknown") is None


def test_feedback_on_a_message_that_is_not_there_makes_none(ports: Ports) -> None:
    ports.ledger.tally("p1", "erased", "clicks")
    ports.ledger.report("p1", "erased", "bounce")
    assert ports.ledger.get("p1", "erased") is None


ALL: tuple[MessageState, ...] = ("claimed", "released", "sent", "held", "failed")


def listed(ports: Ports, *states: MessageState, limit: int = 7) -> list[Message]:
    """Every page, one after the other."""
    found, start = ports.ledger.page(states or ALL, limit)
    while start is not None:
        rows, start = ports.ledger.page(states or ALL, limit, start)
        assert len(rows) <= limit
        found += rows
    return found


def test_messages_are_found_by_profile_and_newest_first_by_pages(ports: Ports) -> None:
    made = [
        replace(CLAIM, profile=f"p{n % 5}", cause=f"flow_{n}_1", at=1000 + n // 3, state=ALL[n % 5]) for n in range(60)
    ]
    for message in made:
        ports.ledger.claim(message)
    assert 12 == len(ports.ledger.of("p1"))
    for states in ((), ("held",), ("sent", "failed")):
        wanted = [message for message in made if message.state in (states or ALL)]
        found = listed(ports, *states)
        assert sorted(wanted, key=lambda message: message.cause) == sorted(found, key=lambda message: message.cause)
        assert sorted((message.at for message in found), reverse=True) == [message.at for message in found]


def test_what_was_held_is_found_however_much_was_sent_since(ports: Ports) -> None:
    ports.ledger.claim(replace(CLAIM, cause="old", state="held", at=1))
    for n in range(150):
        ports.ledger.claim(replace(CLAIM, profile=f"p{n}", state="sent", at=1000 + n))
    found, following = ports.ledger.page(("held",), 10)
    assert (["old"], None) == ([message.cause for message in found], following)


def test_a_message_is_listed_by_the_state_that_it_is_in_now(ports: Ports) -> None:
    ports.ledger.claim(CLAIM)
    ports.ledger.save(replace(CLAIM, state="released"), expected=("claimed", 1))
    assert [["released"], [], ["released"]] == [
        [message.state for message in listed(ports, *states)] for states in ((), ("claimed",), ("released",))
    ]
    ports.ledger.save(replace(CLAIM, attempt=2), expected=("released", 1))
    ports.ledger.settle("p1", "flow_1_2", "ses-1", 200)
    ports.ledger.tally("p1", "flow_1_2", "opens")
    (found,) = listed(ports)
    assert ("sent", 200, 1) == (found.state, found.at, found.opens)
    assert [] == listed(ports, "claimed", "released")


def test_a_message_that_comes_while_somebody_pages_moves_nothing(ports: Ports) -> None:
    for n in range(20):
        ports.ledger.claim(replace(CLAIM, cause=f"flow_{n}_1", at=1000 + n))
    first, start = ports.ledger.page(ALL, 8)
    ports.ledger.claim(replace(CLAIM, cause="new", at=2000))
    second, _ = ports.ledger.page(ALL, 8, start)
    assert list(range(1019, 1003, -1)) == [message.at for message in first + second]


@pytest.mark.parametrize("start", ["", "yesterday", "old:", 'old:["p"]', 'old:["", ""]', "old:{}", "9" * 400])
def test_a_place_that_no_page_named_is_refused(ports: Ports, start: str) -> None:
    with pytest.raises(Malformed, match="next"):
        ports.ledger.page(ALL, 10, start)


def test_rows_of_before_there_was_an_index_are_listed_last(
    place: Aws, ports: Ports, environment: dict[str, str]
) -> None:
    for n in range(30):
        ports.ledger.claim(replace(CLAIM, cause=f"flow_{n}_1", at=1000 + n, state=("held", "sent")[n % 2]))
    for n in range(20):
        place.clients.get("dynamodb").update_item(
            TableName=environment["TABLE_MESSAGES"],
            Key={"pk": {"S": "p1"}, "sk": {"S": f"flow_{n}_1"}},
            UpdateExpression="REMOVE group_shard, time_key",
        )
    found = listed(ports, "held", limit=3)
    assert [1028, 1026, 1024, 1022, 1020] == [message.at for message in found[:5]]
    assert {f"flow_{n}_1" for n in range(0, 30, 2)} == {message.cause for message in found}
    ports.ledger.save(replace(CLAIM, cause="flow_1_1", at=3000), expected=("sent", 1))
    assert "flow_1_1" == listed(ports)[0].cause


def test_forgetting_a_profile_deletes_its_messages_only(ports: Ports) -> None:
    for n in range(30):
        ports.ledger.claim(replace(CLAIM, cause=f"flow_{n}_1"))
    ports.ledger.claim(replace(CLAIM, profile="p2"))
    ports.ledger.forget("p1", ["flow_3_1", "flow_4_1", "flow_none_1"])
    assert 28 == len(ports.ledger.of("p1"))
    ports.ledger.forget("p1")
    assert [] == ports.ledger.of("p1")
    assert 1 == len(ports.ledger.of("p2"))
    assert ["p2"] == [message.profile for message in listed(ports)]
