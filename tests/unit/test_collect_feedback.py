"""What SES reports, from EventBridge's event into the log and the ledger."""

from typing import Any

import pytest

from functions.core.base.errors import Unavailable
from functions.core.messages.records import Message
from functions.core.profiles.records import Pointer
from functions.handlers.feedback import handler
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.requests import NOW

AT = "2026-11-21T18:30:00.250Z"
CAUSE = "cart-recovery_1795280000_0"


@pytest.fixture(autouse=True)
def _claimed(fakes: FakePorts) -> None:
    fakes.ledger.claim(Message("p1", CAUSE, "cart-recovery", "cart-recovery-1", "claimed", NOW - 60))


def event(kind: str, part: str, said: dict[str, Any], tags: bool = True) -> dict[str, Any]:
    mail = {"timestamp": "2026-11-21T18:00:00.000Z", "messageId": "0100-1", "destination": ["ann@x.org"]}
    ours = {"tags": {"profile": ["p1"], "cause": [CAUSE]}} if tags else {}
    return {"source": "aws.ses", "detail": {"eventType": kind, "mail": {**mail, **ours}, part: said}}


def row(fakes: FakePorts) -> Message:
    return fakes.ledger.rows["p1"][CAUSE]


def test_a_send_event_settles_a_claim(fakes: FakePorts) -> None:
    handler(event("Send", "send", {}), CONTEXT)
    assert ("sent", "0100-1") == (row(fakes).state, row(fakes).ses_id)


@pytest.mark.parametrize(("kind", "part", "tally"), [("Open", "open", "opens"), ("Click", "click", "clicks")])
def test_an_open_or_click_brought_twice_counts_once(kind: str, part: str, tally: str, fakes: FakePorts) -> None:
    for _ in range(2):
        handler(event(kind, part, {"timestamp": AT, "link": "https://x.org"}), CONTEXT)
    assert (1, 1) == (getattr(row(fakes), tally), len(fakes.log.events))
    handler(event(kind, part, {"timestamp": "2026-11-21T18:31:00Z", "link": "https://x.org"}), CONTEXT)
    assert (2, 2) == (getattr(row(fakes), tally), len(fakes.log.events))


def test_two_links_clicked_at_one_instant_are_two_clicks(fakes: FakePorts) -> None:
    for link in ("https://x.org/a", "https://x.org/b"):
        handler(event("Click", "click", {"timestamp": AT, "link": link}), CONTEXT)
    assert 2 == row(fakes).clicks


def test_a_permanent_bounce_suppresses_the_address(fakes: FakePorts) -> None:
    said = {"timestamp": AT, "bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "Ann@x.org"}]}
    handler(event("Bounce", "bounce", said), CONTEXT)
    assert [("email:ann@x.org", "bounce")] == [(each.identifier, each.suppression) for each in fakes.log.events]
    assert ("sent", "bounce: permanent") == (row(fakes).state, row(fakes).feedback)


def test_a_complaint_about_a_message_that_is_not_ours_suppresses_an_address_that_is_known(fakes: FakePorts) -> None:
    fakes.people.point([Pointer("email:ann@x.org", "p1", NOW, "shopify")])
    said = {"timestamp": AT, "complainedRecipients": [{"emailAddress": "ann@x.org"}]}
    handler(event("Complaint", "complaint", said, tags=False), CONTEXT)
    assert ["complaint"] == [each.suppression for each in fakes.log.events]
    assert "" == row(fakes).feedback


@pytest.mark.parametrize("tags", [True, False])
def test_a_report_on_a_message_that_the_ledger_does_not_know_writes_nothing(tags: bool, fakes: FakePorts) -> None:
    fakes.ledger.forget("p1")
    complaint = {"timestamp": AT, "complainedRecipients": [{"emailAddress": "ann@x.org"}]}
    happened = [event("Open", "open", {"timestamp": AT}, tags), event("Complaint", "complaint", complaint, tags)]
    assert [{"new": 0}, {"new": 0}] == [handler(each, CONTEXT) for each in happened]
    assert ([], []) == (fakes.log.events, fakes.ledger.of("p1"))


def test_a_message_that_an_erasure_moved_to_its_reader_is_known(fakes: FakePorts) -> None:
    fakes.ledger.forget("p1")
    fakes.people.point([Pointer("email:ann@x.org", "p2", NOW, "shopify")])
    fakes.ledger.claim(Message("p2", CAUSE, "cart-recovery", "cart-recovery-1", "sent", NOW - 60))
    handler(event("Open", "open", {"timestamp": AT}), CONTEXT)
    assert (1, 1) == (fakes.ledger.rows["p2"][CAUSE].opens, len(fakes.log.events))


def test_what_is_not_understood_is_kept(fakes: FakePorts) -> None:
    assert {"new": 0} == handler({"source": "aws.ses", "detail": {"eventType": "Dance"}}, CONTEXT)
    assert "Dance" in fakes.quarantine.of("ses")[0].body


def test_when_aws_fails_lambda_is_told_to_bring_it_again(fakes: FakePorts) -> None:
    fakes.lose("log")
    with pytest.raises(Unavailable):
        handler(event("Open", "open", {"timestamp": AT}), CONTEXT)
    assert 0 == row(fakes).opens
