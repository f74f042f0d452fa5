"""SES's sandbox, one message a second and 200 a day, and what SES answers where it takes no more."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from functions.core.base.errors import QuotaUsedUp, SendingPaused, Throttled, Unavailable
from functions.core.base.tasks.steps import AskConfirmation
from functions.core.messages.pace import Allowance
from functions.usecases import pace
from functions.usecases.ask_confirmation import ask_confirmation
from functions.usecases.context import Context
from functions.usecases.message_claim import Outcome
from tests.fakes.mailer import FakeMailer
from tests.flow.told_shop import ANN, DAY, HELLO, HOUR, RECEIPT, START, ToldShop
from tests.flow.troubled_shop import DUE, WHY, TroubledShop
from tests.notes import note

PEOPLE, PER_DAY, KEPT = 300, 200, 20


class Sandbox(FakeMailer):
    """SES, which refuses what is above its limits; others have sent ``before`` of the day."""

    def __init__(self, shop: "SandboxShop") -> None:
        super().__init__(taken=shop.mailed)
        self.shop, self.refused, self.before = shop, 0, 0

    def allowance(self) -> Allowance:
        sent = self.before + sum(mail.at > self.shop.now - DAY for mail in self.shop.mails)
        return Allowance(1, PER_DAY, sent)

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        if self.allowance().sent >= PER_DAY or any(mail.at == self.shop.now for mail in self.shop.mails):
            self.refused += 1
            raise Throttled("send e-mail")
        return super().send(raw, tags)


class Silent(FakeMailer):
    """SES, which does not say what it allows."""

    def allowance(self) -> Allowance:
        raise Unavailable("get account", "AccessDeniedException")


class SandboxShop(ToldShop):
    """A shop in the sandbox; ``counts`` is what was counted."""

    mailer: Sandbox

    def __init__(self, *flows: str) -> None:
        self.counts: Counter[str] = Counter()
        super().__init__(*flows, needed=[("templates", note("link", kind="transactional"))])
        self.mailer = Sandbox(self)

    @property
    def context(self) -> Context:
        return replace(super().context, counts=self.counts)


def test_of_300_messages_due_at_once_200_go_on_the_first_day_and_the_rest_on_the_second() -> None:
    shop = SandboxShop()
    for number in range(PEOPLE):
        shop.tell("Signed Up", f"email:u{number}@x.org")
    shop.to(START + HOUR + 10 * 60)
    first = {mail.to for mail in shop.mails}
    seconds = [mail.at for mail in shop.mails]
    assert PER_DAY - KEPT == len(first) == len(set(seconds))
    # One after the other: while there are any, hardly a second passes without one.
    assert max(seconds) - min(seconds) < PER_DAY
    assert {"released"} == {row.state for row in shop.rows() if row.address not in first}

    buyers = sorted({f"u{number}@x.org" for number in range(PEOPLE)} - first)[:12]
    for buyer in buyers:
        shop.tell("Order Completed", f"email:{buyer}")
    shop.to(START + HOUR + DAY - 1)
    assert PER_DAY - KEPT == len(shop.mails)
    # What is looked at while nothing may be sent does not grow with how many wait.
    assert shop.counts["SendQuotaUsedUp"] < 8 * PER_DAY + PEOPLE
    shop.to(START + HOUR + DAY + 4 * HOUR)

    told = Counter(mail.to for mail in shop.mails)
    assert (PEOPLE - len(buyers), {1}) == (len(told), set(told.values()))
    assert not told.keys() & set(buyers)
    assert ["goal reached: Order Completed"] * len(buyers) == shop.held()
    assert {"sent", "held"} == {row.state for row in shop.rows()}
    assert (0, []) == (shop.mailer.refused, shop.dead)


def test_transactional_mail_has_its_share_and_does_not_stand_behind_marketing() -> None:
    shop = SandboxShop(HELLO, RECEIPT)
    for number in range(PEOPLE):
        shop.tell("Signed Up", f"email:u{number}@x.org")
    shop.to(START + 2 * HOUR)
    asked = shop.now
    for number in range(KEPT + 1):
        shop.tell("Password Forgotten", f"email:u{number}@x.org")
    shop.to(asked + 120)
    receipts = [mail for mail in shop.mails if mail.cause.startswith("receipt_")]
    assert (KEPT, PER_DAY) == (len(receipts), len(shop.mails))
    assert 0 == shop.mailer.refused


@pytest.mark.parametrize(
    ("error", "shortage"),
    [(Throttled("send"), "rate"), (QuotaUsedUp("send"), "day"), (SendingPaused("send"), "paused")],
)
def test_what_ses_takes_no_more_of_waits_and_is_no_failure(error: Unavailable, shortage: str) -> None:
    shop = TroubledShop()
    shop.trouble = error
    outcome = shop.send()
    assert ("released", pace.REASONS[shortage], False) == (outcome.state, outcome.reason, outcome.ends)
    assert outcome.retry_at and DUE < outcome.retry_at <= DUE + pace.LONGEST
    assert [("released", 1)] == shop.states()
    shop.trouble, shop.now = None, max(outcome.retry_at, DUE + pace.REFRESH)
    assert Outcome("sent", WHY) == shop.send()
    assert ([("sent", 2)], 1) == (shop.states(), len(shop.mails))


def test_a_quota_that_ses_says_is_used_up_stops_the_others_until_ses_is_asked_again() -> None:
    shop = TroubledShop()
    shop.mailer.allowed = Allowance(14, 50_000, 40_000)
    shop.trouble = QuotaUsedUp("send")
    shop.send()
    shop.trouble = None
    # SES is not called.
    assert "released" == shop.send().state
    assert [] == shop.mails
    shop.now += pace.REFRESH
    assert "sent" == shop.send().state


def test_while_the_account_is_paused_everything_waits_and_goes_once_it_may() -> None:
    shop = TroubledShop()
    shop.mailer.allowed = Allowance(14, 50_000, 0, is_sending=False)
    outcome = shop.send()
    assert ("released", pace.REASONS["paused"]) == (outcome.state, outcome.reason)
    shop.mailer.allowed = Allowance(14, 50_000, 0)
    shop.now = DUE + pace.REFRESH
    assert "sent" == shop.send().state


def test_while_ses_does_not_say_what_it_allows_nothing_is_held_back() -> None:
    shop = TroubledShop()
    shop.mailer = Silent(taken=shop.mailed)
    context = shop.context
    assert None is pace.admit(context, shop.row("claimed", DUE), "marketing")
    assert 1 == context.counts[pace.UNREAD]
    assert "sent" == shop.send().state


def test_nobody_waits_longer_than_some_hours_without_a_look_and_not_all_come_at_once() -> None:
    shop = SandboxShop()
    shop.mailer.before = PER_DAY
    for number in range(600):
        shop.tell("Signed Up", f"email:u{number}@x.org")
    shop.to(START + HOUR)
    dues = [run.due - shop.now for run in shop.all_runs() if run.due]
    assert 600 == len(dues)
    assert max(dues) <= pace.LONGEST
    late = [due for due in dues if due > pace.LONGEST // 2]
    assert max(Counter(late).values()) < 10


def test_an_e_mail_that_asks_for_a_confirmation_waits_too_and_is_counted_once_in_its_hour() -> None:
    shop = SandboxShop()
    shop.mailer.before = PER_DAY
    task = AskConfirmation("email:new@x.org", "", START)
    ask_confirmation(shop.context, task)
    ask_confirmation(shop.context, task)
    assert [("released", pace.REASONS["day"])] == [(row.state, row.reason) for row in shop.rows()]
    assert 1 == shop.counters.counts["ConfirmationMails"][1]
    shop.mailer.before = 0
    shop.to(START + HOUR)
    assert ["new@x.org"] == [mail.to for mail in shop.mails]


def test_a_no_while_a_message_waits_is_heard() -> None:
    shop = TroubledShop()
    shop.trouble = QuotaUsedUp("send")
    shop.send()
    shop.trouble, shop.now = None, DUE + DAY
    shop.tell("Identified", ANN, consent="unsubscribed")
    assert Outcome("held", "unsubscribed") == shop.send()
