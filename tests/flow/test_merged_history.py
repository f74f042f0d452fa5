"""What people had under profiles that are merged into theirs by now counts for caps and for re-entry."""

import pytest

from functions.core.flows.reentry import JOINED
from functions.core.messages.records import Message, MessageState
from tests.flow.told_shop import ANN, DAY, HELLO, HOUR, MINUTE, START, ToldShop

WORK, ACCOUNT = "email:ann@work.org", "user_id:7"
ONCE = HELLO.replace("every time", "once")
# Which of the two profiles had something before they were merged: one of them is absorbed.
EITHER = pytest.mark.parametrize("first", [(ANN, "anonymous_id:phone"), (WORK, ACCOUNT)], ids=["address", "account"])


def merged(shop: ToldShop, first: tuple[str, ...]) -> ToldShop:
    """Two profiles; one of them signed up and has had its mail, and then both turn out to be one person."""
    for names in ((ANN, "anonymous_id:phone"), (WORK, ACCOUNT)):
        shop.tell("Page Viewed", *names)
    shop.tell("Signed Up", first[0])
    shop.to(START + 2 * HOUR)
    shop.tell("Identified", ACCOUNT, "anonymous_id:phone")
    assert (1, 1) == (len(shop.mails), len({state.merged_into for state in shop.people.states.values()} - {None}))
    return shop


@EITHER
def test_a_mail_of_either_profile_before_a_merge_counts_for_the_daily_cap(first: tuple[str, ...]) -> None:
    shop = merged(ToldShop(MESSAGES_PER_DAY="1"), first)
    for name in (ANN, WORK):
        shop.tell("Signed Up", name)
    shop.to(START + 20 * HOUR)
    assert (1, ["1 messages in a day already"] * 2) == (len(shop.mails), shop.held())


@EITHER
def test_the_cap_lets_the_next_mail_go_a_day_after_the_last(first: tuple[str, ...]) -> None:
    shop = merged(ToldShop(MESSAGES_PER_DAY="1"), first)
    shop.to(START + DAY)
    shop.tell("Signed Up", ANN)
    shop.to(START + 2 * DAY)
    assert [START + HOUR, START + DAY + HOUR] == [mail.at for mail in shop.mails]


@EITHER
def test_a_run_of_either_profile_before_a_merge_lets_none_begin_in_a_flow_that_is_entered_once(
    first: tuple[str, ...],
) -> None:
    shop = merged(ToldShop(ONCE), first)
    for name in (ANN, WORK):
        shop.tell("Signed Up", name)
    assert [START] == [run.since for run in shop.all_runs()]


@EITHER
def test_a_message_sent_under_either_profile_before_a_merge_is_not_sent_again(first: tuple[str, ...]) -> None:
    """Both profiles entered a flow that is entered once, and the later run was quicker: its message is the person's."""
    shop, (later,) = ToldShop(ONCE), {(ANN, "anonymous_id:phone"), (WORK, ACCOUNT)} - {first}
    shop.tell("Signed Up", *first)
    shop.to(START + 10 * MINUTE)
    shop.tell("Signed Up", *later)
    _, run = shop.all_runs()
    cause = f"hello_{run.entry}_{run.step}"
    shop.ledger.claim(
        Message(run.profile, cause, "hello", "note", "sent", shop.now, address=later[0].partition(":")[2])
    )
    shop.tell("Identified", ACCOUNT, "anonymous_id:phone")
    shop.to(START + DAY)
    assert ([], ["completed", JOINED]) == (shop.mails, shop.outcomes())


@pytest.mark.parametrize("state", ["claimed", "sent"])
def test_a_message_that_ses_may_have_counts_for_the_daily_cap_like_one_that_it_has(state: MessageState) -> None:
    shop = ToldShop(MESSAGES_PER_DAY="1")
    shop.tell("Signed Up", ANN)
    profile = shop.people.pointers[ANN].profile
    shop.ledger.claim(Message(profile, "other_1_first", "other", "else", state, START, address="ann@x.org"))
    shop.to(START + 2 * HOUR)
    assert ([], ["1 messages in a day already"]) == (shop.mails, shop.held())


@pytest.mark.parametrize("state", ["released", "held", "failed"])
def test_a_message_that_ses_does_not_have_does_not_count_for_the_daily_cap(state: MessageState) -> None:
    shop = ToldShop(MESSAGES_PER_DAY="1")
    shop.tell("Signed Up", ANN)
    profile = shop.people.pointers[ANN].profile
    shop.ledger.claim(Message(profile, "other_1_first", "other", "else", state, START, address="ann@x.org"))
    shop.to(START + 2 * HOUR)
    assert 1 == len(shop.mails)
