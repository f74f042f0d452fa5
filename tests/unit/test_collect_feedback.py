"""What SES reports, from EventBridge's event into the log and the ledger."""

from typing import Any

import pytest

from functions import wiring
from functions.core.base.errors import Unavailable
from functions.core.messages.records import Message
from functions.handlers.feedback import handler
from tests.fakes import FakePorts, Unreachable
from tests.lambda_context import CONTEXT

NOW = 1_795_288_320
AT = "2026-11-21T18:30:00.250Z"
CAUSE = "cart-recovery_1795280000_0"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> FakePorts:
    fakes = FakePorts()
    claimed = Message("p1", CAUSE, "cart-recovery", "cart-recovery-1", "claimed", NOW - 60)
    fakes.ledger.claim(claimed)
    monkeypatch.setattr(wiring, "ports", lambda: fakes)
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    return fakes


def event(kind: str, part: str, said: dict[str, Any], tags: bool = True) -> dict[str, Any]:
    mail = {"timestamp": "2026-11-21T18:00:00.000Z", "messageId": "0100-1", "destination": ["ann@x.org"]}
    ours = {"tags": {"profile": ["p1"], "cause": [CAUSE]}} if tags else {}
    return {"source": "aws.ses", "detail": {"eventType": kind, "mail": {**mail, **ours}, part: said}}


def row(world: FakePorts) -> Message:
    return world.ledger.rows["p1"][CAUSE]


def test_a_send_event_settles_a_claim(world: FakePorts) -> None:
    handler(event("Send", "send", {}), CONTEXT)
    assert ("sent", "0100-1") == (row(world).state, row(world).ses_id)


@pytest.mark.parametrize(("kind", "part", "tally"), [("Open", "open", "opens"), ("Click", "click", "clicks")])
def test_an_open_or_click_brought_twice_counts_once(kind: str, part: str, tally: str, world: FakePorts) -> None:
    for _ in range(2):
        handler(event(kind, part, {"timestamp": AT, "link": "https://x.org"}), CONTEXT)
    assert (1, 1) == (getattr(row(world), tally), len(world.log.events))
    handler(event(kind, part, {"timestamp": "2026-11-21T18:31:00Z", "link": "https://x.org"}), CONTEXT)
    assert (2, 2) == (getattr(row(world), tally), len(world.log.events))


def test_two_links_clicked_at_one_instant_are_two_clicks(world: FakePorts) -> None:
    for link in ("https://x.org/a", "https://x.org/b"):
        handler(event("Click", "click", {"timestamp": AT, "link": link}), CONTEXT)
    assert 2 == row(world).clicks


def test_a_permanent_bounce_suppresses_the_address(world: FakePorts) -> None:
    said = {"timestamp": AT, "bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "Ann@x.org"}]}
    handler(event("Bounce", "bounce", said), CONTEXT)
    assert [("email:ann@x.org", "bounce")] == [(each.identifier, each.suppression) for each in world.log.events]
    assert ("sent", "bounce: permanent") == (row(world).state, row(world).feedback)


def test_a_complaint_about_a_message_that_is_not_ours_suppresses_too(world: FakePorts) -> None:
    said = {"timestamp": AT, "complainedRecipients": [{"emailAddress": "ann@x.org"}]}
    handler(event("Complaint", "complaint", said, tags=False), CONTEXT)
    assert ["complaint"] == [each.suppression for each in world.log.events]
    assert "" == row(world).feedback


def test_what_is_not_understood_is_kept(world: FakePorts) -> None:
    assert {"new": 0} == handler({"source": "aws.ses", "detail": {"eventType": "Dance"}}, CONTEXT)
    assert "Dance" in world.quarantine.of("ses")[0].body


def test_when_aws_fails_lambda_is_told_to_bring_it_again(world: FakePorts) -> None:
    world.log = Unreachable()  # type: ignore[assignment]
    with pytest.raises(Unavailable):
        handler(event("Open", "open", {"timestamp": AT}), CONTEXT)
    assert 0 == row(world).opens
