"""One message a cause, whatever SES and other processes did in between: what is answered and what the ledger says."""

from dataclasses import replace

import pytest

from functions.core.base.errors import OutcomeUnknown, SendRefused, Unavailable
from functions.core.messages.records import MessageState
from functions.usecases.message_claim import SETTLE, Outcome
from tests.flow.told_shop import ANN, DAY, HOUR, START
from tests.flow.troubled_shop import DUE, WAITING, WHY, TroubledShop


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


def test_a_run_whose_mail_was_refused_takes_its_next_step_a_day_on(shop: TroubledShop) -> None:
    shop.trouble, shop.stalled = SendRefused("MessageRejected"), False
    shop.to(START + DAY)
    assert (["completed"], [("failed", 1)]) == (shop.outcomes(), shop.states())
