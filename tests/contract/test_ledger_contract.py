"""The ledger: one claim per cause, and nothing that was reported is lost."""

from dataclasses import replace

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError

from functions.core.errors import Conflict
from functions.core.records import Message
from functions.wiring import Wiring
from tests.aws import Aws

CLAIM = Message(
    "p1", "flow_1_2", "flow", "cart", "claimed", 100, reason="member", address="ann@x.org", subject="Hé", attempt=1
)


def test_a_cause_is_claimed_once(ports: Wiring) -> None:
    assert ports.ledger.claim(CLAIM) is None
    assert CLAIM == ports.ledger.claim(CLAIM)
    assert CLAIM == ports.ledger.claim(replace(CLAIM, at=300, state="held"))
    assert CLAIM == ports.ledger.get("p1", "flow_1_2")
    assert ports.ledger.get("p1", "flow_1_3") is None


def test_a_claim_whose_answer_was_lost_is_still_ours(place: Aws, ports: Wiring) -> None:
    lost = []

    def lose(response: tuple[AWSResponse, dict] | None, **_: object) -> float | None:
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


def test_a_row_is_replaced_if_state_and_attempt_are_as_expected(ports: Wiring) -> None:
    ports.ledger.claim(CLAIM)
    sent = replace(CLAIM, state="sent", ses_id="ses-1", at=101)
    ports.ledger.save(sent, expected=("claimed", 1))
    assert sent == ports.ledger.get("p1", "flow_1_2")
    for expected in (("claimed", 1), ("sent", 2)):
        with pytest.raises(Conflict):
            ports.ledger.save(CLAIM, expected=expected)
    with pytest.raises(Conflict):
        ports.ledger.save(replace(CLAIM, cause="other"), expected=("claimed", 1))


def test_saving_keeps_what_was_counted_meanwhile(ports: Wiring) -> None:
    ports.ledger.claim(CLAIM)
    ports.ledger.tally("p1", "flow_1_2", "opens")
    ports.ledger.tally("p1", "flow_1_2", "opens")
    ports.ledger.tally("p1", "flow_1_2", "clicks")
    ports.ledger.report("p1", "flow_1_2", "bounce")
    ports.ledger.save(replace(CLAIM, state="sent"), expected=("claimed", 1))
    found = ports.ledger.get("p1", "flow_1_2")
    assert replace(CLAIM, state="sent", opens=2, clicks=1, feedback="bounce") == found


def test_settling_makes_a_claim_sent_and_touches_nothing_else(ports: Wiring) -> None:
    ports.ledger.claim(CLAIM)
    ports.ledger.claim(replace(CLAIM, cause="held", state="held"))
    for cause in ("flow_1_2", "held", "unknown"):
        ports.ledger.settle("p1", cause, "ses-9", 105)
    ports.ledger.settle("p1", "flow_1_2", "ses-10", 200)
    assert replace(CLAIM, state="sent", ses_id="ses-9", at=105) == ports.ledger.get("p1", "flow_1_2")
    assert "held" == ports.ledger.get("p1", "held").state
    assert ports.ledger.get("p1", "unknown") is None


def test_feedback_on_a_message_that_is_not_there_makes_none(ports: Wiring) -> None:
    ports.ledger.tally("p1", "erased", "clicks")
    ports.ledger.report("p1", "erased", "bounce")
    assert ports.ledger.get("p1", "erased") is None


def test_messages_are_found_by_profile_and_by_age(ports: Wiring) -> None:
    for n in range(30):
        ports.ledger.claim(replace(CLAIM, profile=f"p{n % 2}", cause=f"flow_{n}_1", at=1000 + n))
    assert 15 == len(ports.ledger.of("p1"))
    assert [1029, 1028, 1027] == [message.at for message in ports.ledger.recent(3)]
    assert 30 == len(ports.ledger.recent(100))


def test_forgetting_a_profile_deletes_its_messages_only(ports: Wiring) -> None:
    for n in range(30):
        ports.ledger.claim(replace(CLAIM, cause=f"flow_{n}_1"))
    ports.ledger.claim(replace(CLAIM, profile="p2"))
    ports.ledger.forget("p1")
    assert [] == ports.ledger.of("p1")
    assert 1 == len(ports.ledger.of("p2"))
