"""What a message is not sent for, in words, and whether the run takes its next step or ends."""

import pytest

from tests.flow.told_shop import ANN, DAY, HELLO, HOUR, START, ToldShop
from tests.notes import note

BOUGHT = """
id: bought
name: Bought something
any of: [Order Completed]
by: order_id
unless: [Order Cancelled]
label: {past: bought, negative: did not buy}
"""
THANKS = "id: thanks\nname: Thanks\nstart: {event: bought}\nsteps:\n  - send: note\n  - send: rest\n"
TWO = HELLO + "  - send: rest\n"
EITHER = TWO.replace("goal: Order Completed", "goal: [Order Completed, Signed Out]")
INSIDE = 'id: inside\nname: Inside\nwhen: did "Signed Up"\n'
BY_SEGMENT = (
    "id: hello\nname: Hello\nstart: {segment: inside}\nsteps:\n  - wait: 1 hour\n  - send: note\n  - send: rest\n"
)


class TwoMails(ToldShop):
    """A shop with a flow of two mails, the second of which is transactional."""

    def __init__(self, flow: str, kind: str = "marketing", **settings: str) -> None:
        rest = note("rest", "transactional")
        needed = (("events", BOUGHT), ("segments", INSIDE), ("templates", rest))
        super().__init__(flow, kind=kind, needed=needed, **settings)

    def templates(self) -> list[tuple[str, str, str]]:
        """The ledger, as template, state and reason."""
        return [(row.template, row.state, row.reason) for row in self.rows()]


def test_a_no_to_marketing_holds_the_marketing_mail_and_the_next_step_is_taken() -> None:
    shop = TwoMails(TWO)
    shop.tell("Signed Up", ANN, consent="unsubscribed")
    shop.to(START + DAY)
    why = "Signed Up, and no Order Completed since"
    assert [("note", "held", "unsubscribed"), ("rest", "sent", why)] == shop.templates()
    assert ["completed"] == shop.outcomes()


def test_the_daily_cap_holds_the_marketing_mail_and_the_next_step_is_taken() -> None:
    shop = TwoMails(TWO, MESSAGES_PER_DAY="1")
    shop.tell("Signed Up", ANN)
    shop.to(START + DAY - 2 * HOUR)
    shop.tell("Signed Up", ANN)
    shop.to(START + DAY)
    assert ["sent", "sent", "held", "sent"] == [row.state for row in shop.rows()]
    assert ["completed", "completed"] == shop.outcomes()


def test_a_suppressed_address_holds_a_transactional_mail_and_the_next_step_is_taken() -> None:
    shop = TwoMails(TWO, "transactional")
    shop.tell("Signed Up", ANN, suppression="bounce")
    shop.to(START + DAY)
    assert [("note", "held", "suppressed"), ("rest", "held", "suppressed")] == shop.templates()
    assert ["completed"] == shop.outcomes()


@pytest.mark.parametrize("kind", ["marketing", "transactional"])
def test_somebody_without_an_address_is_said_to_have_none_and_may_enter_again(kind: str) -> None:
    shop = TwoMails(BY_SEGMENT, kind)
    shop.tell("Signed Up", "user_id:7")
    shop.to(START + DAY)
    assert [("note", "held", "no address"), ("rest", "held", "no address")] == shop.templates()
    assert ["", ""] == [row.address for row in shop.rows()]
    assert ["nobody to write to"] == shop.outcomes()


@pytest.mark.parametrize("goal", ["Order Completed", "Signed Out"])
def test_a_reached_goal_ends_the_run_and_names_what_may_have_reached_it(goal: str) -> None:
    shop = TwoMails(EITHER)
    shop.tell("Signed Up", ANN)
    shop.tell(goal, ANN)
    shop.to(START + DAY)
    assert ([], ["goal reached: Order Completed or Signed Out"]) == (shop.mails, shop.outcomes())


def test_an_unfolded_cancellation_of_the_order_that_began_the_run_ends_it() -> None:
    shop = TwoMails(THANKS)
    shop.stalled = True
    shop.tell("Order Completed", ANN, properties={"order_id": "1", "total": 100})
    shop.stalled = False
    while not shop.all_runs():
        shop._step()
    shop.stalled = True
    shop.tell("Order Cancelled", ANN, properties={"order_id": "1"})
    shop.settle()
    assert [("note", "held", "what it began with was taken back")] == shop.templates()
    assert ([], ["what it began with was taken back"]) == (shop.mails, shop.outcomes())


def test_a_cancellation_of_another_order_does_not_end_the_run() -> None:
    shop = TwoMails(THANKS)
    for order in ("1", "2"):
        shop.stalled = order == "2"
        shop.tell("Order Completed", ANN, ago=DAY * (order == "2"), properties={"order_id": order, "total": 100})
    shop.tell("Order Cancelled", ANN, properties={"order_id": "2"})
    shop.to(START + HOUR)
    assert ["sent", "sent"] == [row.state for row in shop.rows()]
