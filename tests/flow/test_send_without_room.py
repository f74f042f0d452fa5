"""A message that SES has no room for waits, whether that was known before or SES says so: no failure, and no mail."""

from dataclasses import replace

import pytest

from functions.core.base.errors import QuotaUsedUp, SendingPaused, Throttled, Unavailable
from functions.core.messages.pace import Allowance, Bounds
from functions.usecases.message_claim import Outcome
from functions.usecases.pace import REASONS
from tests.flow.troubled_shop import DUE, WHY, TroubledShop


@pytest.fixture
def shop() -> TroubledShop:
    return TroubledShop()


@pytest.mark.parametrize(
    ("trouble", "shortage", "wait"),
    [
        (Throttled("send", "TooManyRequestsException"), "rate", 1),
        (QuotaUsedUp("send"), "day", 10_800),
        (SendingPaused("send"), "paused", 10_800),
    ],
)
def test_what_ses_refuses_for_want_of_room_waits_in_line_and_is_sent_when_its_turn_comes(
    shop: TroubledShop, trouble: Unavailable, shortage: str, wait: int
) -> None:
    shop.mailer.allowed = Allowance(rate=1, per_day=1, sent=0)
    shop.trouble = trouble
    outcome = shop.send()
    assert outcome == Outcome("released", REASONS[shortage], DUE + wait)
    assert [("released", REASONS[shortage], 1)] == [(row.state, row.reason, row.attempt) for row in shop.rows()]
    assert [] == shop.mails
    budget = shop.pace.budget(DUE)
    assert budget is not None
    assert {f"{shortage}_marketing"} == budget.lines.keys()
    shop.trouble, shop.now = None, DUE + 90_000
    assert Outcome("sent", WHY) == shop.send()
    assert [("sent", 2)] == shop.states()


def test_what_is_known_to_have_no_room_is_recorded_once_and_reaches_ses_in_its_turn(shop: TroubledShop) -> None:
    shop.mailer.allowed = Allowance(rate=1, per_day=1, sent=1)
    waiting = Outcome("released", REASONS["day"], DUE + 10_800)
    assert waiting == shop.send()
    assert [("released", REASONS["day"], 1)] == [(row.state, row.reason, row.attempt) for row in shop.rows()]
    (row,) = shop.rows()
    assert replace(waiting, retry_at=DUE + 2 * 10_800) == shop.send()
    assert [row] == shop.rows()
    assert [] == shop.mails
    shop.mailer.allowed, shop.now = Allowance(rate=1, per_day=1, sent=0), DUE + 10_800
    assert Outcome("sent", WHY) == shop.send()


def test_a_message_that_could_not_ask_for_room_comes_again_within_a_minute(
    shop: TroubledShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(second: int, bounds: Bounds) -> None:
        raise Throttled("update pace")

    monkeypatch.setattr(shop.pace, "take", refuse)
    outcome = shop.send()
    assert ("released", REASONS["rate"]) == (outcome.state, outcome.reason)
    assert outcome.retry_at is not None
    assert DUE < outcome.retry_at <= DUE + 60
    assert [] == shop.mails


def test_what_ses_refuses_while_nobody_can_note_it_comes_again_within_a_minute(
    shop: TroubledShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(shortage: str) -> None:
        raise Unavailable("update pace")

    shop.trouble = QuotaUsedUp("send")
    monkeypatch.setattr(shop.pace, "note", refuse)
    outcome = shop.send()
    assert ("released", REASONS["day"]) == (outcome.state, outcome.reason)
    assert outcome.retry_at is not None
    assert DUE < outcome.retry_at <= DUE + 60


def test_what_ses_refuses_for_another_reason_keeps_the_reason_that_it_had(shop: TroubledShop) -> None:
    shop.trouble = Unavailable("send")
    with pytest.raises(Unavailable):
        shop.send()
    assert [("released", WHY)] == [(row.state, row.reason) for row in shop.rows()]
