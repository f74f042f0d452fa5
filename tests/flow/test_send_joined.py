"""A message of a person who is about to become one with another is sent once, and after both are one."""

from dataclasses import replace

import pytest

from functions.core.messages.records import Message, MessageState
from functions.usecases.message_claim import SETTLE, Outcome
from functions.usecases.send import MERGE_WAIT, YIELD
from tests.flow.told_shop import ANN, HELLO, HOUR
from tests.flow.troubled_shop import DUE, WAITING, WHY, TroubledShop

ACCOUNT = "user_id:7"


@pytest.fixture
def shop() -> TroubledShop:
    return TroubledShop()


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
