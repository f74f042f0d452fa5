"""What SES reports, from its queue into the log and the ledger."""

import json
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
    return {"eventType": kind, "mail": {**mail, **ours}, part: said}


def record(name: str, body: str) -> dict[str, Any]:
    return {"messageId": name, "body": body, "messageAttributes": {}}


def told(*bodies: str) -> list[str]:
    """Which of a batch, by their numbers, come again."""
    answer = handler({"Records": [record(str(number), body) for number, body in enumerate(bodies)]}, CONTEXT)
    return [str(each["itemIdentifier"]) for each in answer["batchItemFailures"]]


def tell(*events: dict[str, Any]) -> None:
    assert [] == told(*map(json.dumps, events))


def row(fakes: FakePorts) -> Message:
    return fakes.ledger.rows["p1"][CAUSE]


def test_a_send_event_settles_a_claim(fakes: FakePorts) -> None:
    tell(event("Send", "send", {}))
    assert ("sent", "0100-1") == (row(fakes).state, row(fakes).ses_id)


@pytest.mark.parametrize(("kind", "part", "tally"), [("Open", "open", "opens"), ("Click", "click", "clicks")])
def test_an_open_or_click_brought_twice_counts_once(kind: str, part: str, tally: str, fakes: FakePorts) -> None:
    for _ in range(2):
        tell(event(kind, part, {"timestamp": AT, "link": "https://x.org"}))
    assert (1, 1) == (getattr(row(fakes), tally), len(fakes.log.events))
    tell(event(kind, part, {"timestamp": "2026-11-21T18:31:00Z", "link": "https://x.org"}))
    assert (2, 2) == (getattr(row(fakes), tally), len(fakes.log.events))


def test_two_links_clicked_at_one_instant_are_two_clicks(fakes: FakePorts) -> None:
    for link in ("https://x.org/a", "https://x.org/b"):
        tell(event("Click", "click", {"timestamp": AT, "link": link}))
    assert 2 == row(fakes).clicks


def test_a_permanent_bounce_suppresses_the_address(fakes: FakePorts) -> None:
    said = {"timestamp": AT, "bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "Ann@x.org"}]}
    tell(event("Bounce", "bounce", said))
    assert [("email:ann@x.org", "bounce")] == [(each.identifier, each.suppression) for each in fakes.log.events]
    assert ("sent", "bounce: permanent") == (row(fakes).state, row(fakes).feedback)


def test_a_complaint_about_a_message_that_is_not_ours_suppresses_an_address_that_is_known(fakes: FakePorts) -> None:
    fakes.people.point([Pointer("email:ann@x.org", "p1", NOW, "shopify")])
    said = {"timestamp": AT, "complainedRecipients": [{"emailAddress": "ann@x.org"}]}
    tell(event("Complaint", "complaint", said, tags=False))
    assert ["complaint"] == [each.suppression for each in fakes.log.events]
    assert "" == row(fakes).feedback


@pytest.mark.parametrize("tags", [True, False])
def test_a_report_on_a_message_that_the_ledger_does_not_know_writes_nothing(tags: bool, fakes: FakePorts) -> None:
    fakes.ledger.forget("p1")
    complaint = {"timestamp": AT, "complainedRecipients": [{"emailAddress": "ann@x.org"}]}
    happened = [event("Open", "open", {"timestamp": AT}, tags), event("Complaint", "complaint", complaint, tags)]
    tell(*happened)
    assert ([], []) == (fakes.log.events, fakes.ledger.of("p1"))


def test_a_message_that_an_erasure_moved_to_its_reader_is_known(fakes: FakePorts) -> None:
    fakes.ledger.forget("p1")
    fakes.people.point([Pointer("email:ann@x.org", "p2", NOW, "shopify")])
    fakes.ledger.claim(Message("p2", CAUSE, "cart-recovery", "cart-recovery-1", "sent", NOW - 60))
    tell(event("Open", "open", {"timestamp": AT}))
    assert (1, 1) == (fakes.ledger.rows["p2"][CAUSE].opens, len(fakes.log.events))


def test_what_is_not_understood_is_kept(fakes: FakePorts) -> None:
    tell({"eventType": "Dance"})
    assert "Dance" in fakes.quarantine.of("ses")[0].body


def test_when_aws_fails_the_queue_is_told_to_bring_it_again(fakes: FakePorts) -> None:
    fakes.lose("log")
    assert ["0"] == told(json.dumps(event("Open", "open", {"timestamp": AT})))
    assert 0 == row(fakes).opens


def test_one_at_which_the_program_fails_comes_again_alone(
    fakes: FakePorts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle = fakes.ledger.settle
    broken = iter([KeyError("ann@x.org")])

    def settled(*said: Any) -> None:
        if fault := next(broken, None):
            raise fault
        settle(*said)

    monkeypatch.setattr(fakes.ledger, "settle", settled)
    sent = json.dumps(event("Send", "send", {}))
    assert ["0"] == told(sent, sent)
    assert "sent" == row(fakes).state
    assert "ann@x.org" not in capsys.readouterr().out


def test_what_ses_says_to_a_new_topic_is_passed_over(fakes: FakePorts) -> None:
    assert [] == told("Successfully validated SNS topic for Amazon SES event publishing.")
    assert ([], []) == (fakes.log.events, fakes.quarantine.of("ses"))


def test_what_is_no_json_is_kept(fakes: FakePorts) -> None:
    assert [] == told("hello")
    assert ["hello"] == [each.body for each in fakes.quarantine.of("ses")]


def test_a_report_that_came_by_the_event_bus_counts_too(fakes: FakePorts) -> None:
    """One that was on its way when the release with the queue was deployed, and what quarantine holds of before."""
    report = {"source": "aws.ses", "detail-type": "Email Sent", "detail": event("Send", "send", {})}
    assert {"batchItemFailures": []} == handler(report, CONTEXT)
    assert "sent" == row(fakes).state
    fakes.lose("ledger")
    with pytest.raises(Unavailable):
        handler(report, CONTEXT)
