"""One message a cause, whatever SES and other processes did in between: what is answered and what the ledger says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from functions.core.base.errors import OutcomeUnknown, SegueError, SendRefused, Unavailable
from functions.core.flows.records import Run
from functions.core.messages.records import Message, MessageState
from functions.usecases.message_claim import SETTLE, Outcome
from functions.usecases.run_version import version_of
from functions.usecases.send import MERGE_WAIT, YIELD, send
from functions.usecases.situation import situation
from tests.fakes.ledger import FakeLedger
from tests.flow.told_shop import ANN, DAY, HELLO, HOUR, START, ToldShop

ACCOUNT = "user_id:7"
DUE = START + HOUR
WAITING = "waiting for SES to say whether it has the message"
WHY = "Signed Up, and no Order Completed since"


class RacedLedger(FakeLedger):
    """A ledger before whose next claim something happens once."""

    def __init__(self) -> None:
        super().__init__()
        self.race: Callable[[Message], None] | None = None

    def claim(self, message: Message) -> Message | None:
        race, self.race = self.race, None
        if race:
            race(message)
        return super().claim(message)

    def put(self, message: Message) -> None:
        """A row as another process left it."""
        self.rows[message.profile][message.cause] = message


class TroubledShop(ToldShop):
    """A shop whose SES answers with the given error, if any; Ann signed up an hour ago, and her mail is due."""

    ledger: RacedLedger

    def __init__(self, flow: str = HELLO) -> None:
        super().__init__(flow)
        self.ledger = RacedLedger()
        self.trouble: SegueError | None = None
        self.tags: list[dict[str, str]] = []
        self.tell("Signed Up", ANN)
        self.now = DUE
        self.stalled = True

    def mailed(self, raw: bytes, tags: Mapping[str, str]) -> None:
        if self.trouble:
            raise self.trouble
        self.tags.append(dict(tags))
        super().mailed(raw, tags)

    def run(self) -> Run:
        """Ann's run, the first."""
        return self.all_runs()[0]

    def row(self, state: MessageState, at: int, **fields: Any) -> Message:
        """The row of Ann's message, as another process left it."""
        run = self.run()
        row = Message(run.profile, f"hello_{run.entry}_{run.step}", "hello", "note", state, at, address="ann@x.org")
        return replace(row, **fields)

    def send(self) -> Outcome:
        """Send the message of Ann's run."""
        placed = version_of(self.context, self.run())
        assert placed
        run_situation = situation(self.context, *placed)
        assert run_situation
        return send(self.context, run_situation)

    def states(self) -> list[tuple[str, int]]:
        """The state and the attempt of each row."""
        return [(row.state, row.attempt) for row in self.rows()]


@pytest.fixture
def shop() -> TroubledShop:
    return TroubledShop()


def test_a_message_is_sent_once_and_the_ledger_says_why_and_to_whom(shop: TroubledShop) -> None:
    assert Outcome("sent", WHY) == shop.send()
    (row,) = shop.rows()
    assert ("sent", "ann@x.org", "Hello", WHY, "ses-1", DUE) == (
        row.state,
        row.address,
        row.subject,
        row.reason,
        row.ses_id,
        row.at,
    )
    # SES gives the tags back in what it reports, which finds the row by them.
    assert [{"profile": row.profile, "cause": row.cause}] == shop.tags
    assert Outcome("sent", WHY) == shop.send()
    assert 1 == len(shop.mails)


def test_a_call_of_unknown_outcome_is_repeated_a_quarter_of_an_hour_later_and_not_before(shop: TroubledShop) -> None:
    shop.trouble = OutcomeUnknown("send")
    assert Outcome("claimed", WAITING, DUE + SETTLE) == shop.send()
    shop.trouble, shop.now = None, DUE + SETTLE - 1
    assert Outcome("claimed", WAITING, DUE + SETTLE) == shop.send()
    assert ([("claimed", 1)], []) == (shop.states(), shop.mails)
    shop.now = DUE + SETTLE
    assert Outcome("sent", WHY) == shop.send()
    assert ([("sent", 2)], 1) == (shop.states(), len(shop.mails))


def test_a_call_that_turns_out_to_have_reached_ses_is_not_repeated(shop: TroubledShop) -> None:
    shop.trouble = OutcomeUnknown("send")
    shop.send()
    (row,) = shop.rows()
    shop.ledger.settle(row.profile, row.cause, "ses-1", DUE + 1)
    shop.trouble, shop.now = None, DUE + SETTLE
    assert Outcome("sent", WHY) == shop.send()
    assert [] == shop.mails


def test_a_refusal_of_ses_is_final_and_named(shop: TroubledShop) -> None:
    shop.trouble = SendRefused("MessageRejected")
    refused = Outcome("failed", "SES refused it: MessageRejected")
    assert refused == shop.send()
    shop.trouble = None
    assert refused == shop.send()
    assert ([("failed", 1)], ["SES refused it: MessageRejected"]) == (shop.states(), [r.reason for r in shop.rows()])


def test_a_message_that_cannot_be_made_has_failed_for_good_with_the_reason(shop: TroubledShop) -> None:
    shop.tell("Signed Up", "email:bob@x,org", ago=HOUR)
    shop.stalled = False
    shop.settle()
    (row,) = shop.ledger.of(shop.people.pointers["email:bob@x,org"].profile)
    assert ("failed", "To: not an address that mail can be sent to") == (row.state, row.reason)
    assert [None, "completed"] == sorted((run.outcome for run in shop.all_runs()), key=str)


def test_a_call_that_ses_did_not_take_is_released_and_made_again_at_the_next_try(shop: TroubledShop) -> None:
    shop.trouble = Unavailable("send")
    with pytest.raises(Unavailable):
        shop.send()
    assert [("released", 1)] == shop.states()
    shop.trouble = None
    assert Outcome("sent", WHY) == shop.send()
    assert ([("sent", 2)], 1) == (shop.states(), len(shop.mails))


@pytest.mark.parametrize("state", ["claimed", "released"])
def test_a_no_before_the_next_try_holds_what_ses_did_not_take(shop: TroubledShop, state: MessageState) -> None:
    shop.ledger.put(replace(shop.row(state, DUE - SETTLE), attempt=3))
    shop.tell("Identified", ANN, consent="unsubscribed")
    assert Outcome("held", "unsubscribed") == shop.send()
    assert ([("held", 3)], ["unsubscribed"]) == (shop.states(), [row.reason for row in shop.rows()])


def test_a_no_does_not_hide_a_message_that_ses_may_have(shop: TroubledShop) -> None:
    shop.ledger.put(shop.row("claimed", DUE - 1))
    shop.tell("Identified", ANN, consent="unsubscribed")
    assert Outcome("claimed", WAITING, DUE - 1 + SETTLE) == shop.send()
    assert [("claimed", 1)] == shop.states()


@pytest.mark.parametrize("state", ["held", "failed"])
def test_what_was_decided_at_an_earlier_try_stands_whatever_has_come_since(
    shop: TroubledShop, state: MessageState
) -> None:
    """The step is delivered again: it answers as the first time, so that the run goes the same way."""
    shop.ledger.put(shop.row(state, DUE - 10, reason="earlier"))
    shop.tell("Order Completed", ANN)
    assert Outcome(state, "earlier") == shop.send()
    assert ([(state, 1)], []) == (shop.states(), shop.mails)


def test_a_goal_that_is_reached_ends_the_run_and_is_recorded(shop: TroubledShop) -> None:
    shop.tell("Order Completed", ANN)
    assert Outcome("held", "goal reached: Order Completed", ends=True) == shop.send()
    assert [("held", 1)] == shop.states()


@pytest.mark.parametrize("state", ["sent", "held", "failed"])
def test_what_another_process_decided_between_the_look_and_the_claim_stands(
    shop: TroubledShop, state: MessageState
) -> None:
    shop.ledger.race = lambda message: shop.ledger.put(replace(message, state=state, reason="by another"))
    assert Outcome(state, "by another") == shop.send()
    assert ([(state, 1)], []) == (shop.states(), shop.mails)


def test_what_another_process_claimed_between_the_look_and_the_claim_is_waited_for(shop: TroubledShop) -> None:
    shop.ledger.race = shop.ledger.put
    assert Outcome("claimed", WAITING, DUE + SETTLE) == shop.send()
    assert ([("claimed", 1)], []) == (shop.states(), shop.mails)


def test_what_another_process_released_between_the_look_and_the_claim_is_claimed_again(shop: TroubledShop) -> None:
    shop.ledger.race = lambda message: shop.ledger.put(replace(message, state="released", attempt=4))
    assert Outcome("sent", WHY) == shop.send()
    assert ([("sent", 5)], 1) == (shop.states(), len(shop.mails))


@pytest.mark.parametrize("state", ["sent", "held", "failed"])
def test_a_message_of_the_template_from_another_step_counts_only_if_it_was_sent(
    shop: TroubledShop, state: MessageState
) -> None:
    """A run may have been moved to a version in which another step sends the template."""
    run = shop.run()
    shop.ledger.put(shop.row(state, START, cause=f"hello_{run.entry}_before", reason="earlier"))
    assert Outcome("sent", "earlier" if state == "sent" else WHY) == shop.send()
    assert (0 if state == "sent" else 1) == len(shop.mails)


def test_a_message_of_the_template_that_ses_may_have_from_another_step_is_waited_for(shop: TroubledShop) -> None:
    run = shop.run()
    shop.ledger.put(shop.row("claimed", DUE - 10, cause=f"hello_{run.entry}_before"))
    assert Outcome("claimed", WAITING, DUE - 10 + SETTLE) == shop.send()
    shop.now = DUE - 10 + SETTLE
    assert Outcome("sent", WHY) == shop.send()


def test_another_template_sent_in_the_run_is_no_reason_not_to_send(shop: TroubledShop) -> None:
    run = shop.run()
    for state in ("sent", "claimed"):
        shop.ledger.put(shop.row(state, DUE - 1, cause=f"hello_{run.entry}_{state}", template="other"))
    assert Outcome("sent", WHY) == shop.send()


class JoiningShop(TroubledShop):
    """A shop in which Ann also has an account, a profile of its own, that an event may join to hers."""

    def __init__(self, flow: str = HELLO) -> None:
        super().__init__(flow)
        self.stalled = False
        self.tell("Page Viewed", ACCOUNT)
        self.stalled = True

    def join(self) -> None:
        """An event that says that both are one, which is not folded yet."""
        self.tell("Identified", ANN, ACCOUNT)


MERGING = Outcome("released", "two profiles are being merged", DUE + YIELD)


def test_nothing_is_sent_before_an_event_that_joins_two_profiles_is_folded() -> None:
    shop = JoiningShop()
    shop.join()
    assert MERGING == shop.send()
    assert ([], []) == (shop.mails, shop.states())
    shop.stalled = False
    shop.to(DUE + HOUR)
    assert ["ann@x.org"] == [mail.to for mail in shop.mails]


def test_an_event_that_is_never_folded_holds_the_mail_back_for_half_a_day() -> None:
    shop = JoiningShop()
    shop.join()
    shop.now = DUE + MERGE_WAIT - 1
    assert replace(MERGING, retry_at=shop.now + YIELD) == shop.send()
    shop.now = DUE + MERGE_WAIT
    assert Outcome("sent", WHY) == shop.send()


def test_an_event_that_joins_two_profiles_right_before_the_claim_releases_it() -> None:
    shop = JoiningShop()
    shop.ledger.race = lambda _: shop.join()
    assert MERGING == shop.send()
    assert ([("released", 1)], []) == (shop.states(), shop.mails)


@pytest.mark.parametrize(
    ("state", "expected"),
    [("sent", Outcome("sent", "by the other", DUE + YIELD)), ("claimed", Outcome("claimed", WAITING, DUE + SETTLE))],
)
def test_the_same_message_of_another_run_that_became_one_with_this_right_before_the_claim_is_told_of(
    state: MessageState, expected: Outcome
) -> None:
    """Both runs claimed under profiles of their own; this claim gives way, and the run comes back later."""
    shop = JoiningShop(HELLO.replace("every time", "once"))
    shop.stalled = False
    shop.tell("Signed Up", ACCOUNT, "email:ann@work.org", ago=HOUR - 1)
    shop.stalled = True
    other = shop.all_runs()[1]

    def race(_: Message) -> None:
        cause = f"hello_{other.entry}_{other.step}"
        shop.ledger.put(Message(other.profile, cause, "hello", "note", state, DUE, "by the other"))
        shop.stalled = False
        shop._queue.clear()
        shop.join()

    shop.ledger.race = race
    assert expected == shop.send()
    assert "released" == next(row.state for row in shop.rows() if row.profile == shop.run().profile)
    assert [] == shop.mails


def test_a_run_whose_mail_was_refused_takes_its_next_step_a_day_on(shop: TroubledShop) -> None:
    shop.trouble, shop.stalled = SendRefused("MessageRejected"), False
    shop.to(START + DAY)
    assert (["completed"], [("failed", 1)]) == (shop.outcomes(), shop.states())
