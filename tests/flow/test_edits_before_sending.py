"""The check before sending when definitions were edited since the run began."""

import pytest

from functions.usecases.backfill import update
from tests.flow.told_shop import ANN, DAY, HELLO, HOUR, MINUTE, START, ToldShop

FLOW = "id: stay\nname: Stay\nstart: {{segment: {segment}}}\nsteps:\n  - wait: {wait}\n  - send: note\n"
LATELY = 'id: lately\nname: Lately\nwhen: did "Product Added" within 3 hours\n'
NEVER = LATELY.replace("Product Added", "Nothing")
OTHER = 'id: other\nname: Other\nwhen: did "Something Else"\n'
CART = HELLO.replace("{event: Signed Up}", "{event: Signed Up, by: offer}")


class Stays(ToldShop):
    """A shop that writes to people some time after they entered a segment."""

    def __init__(self, wait: str) -> None:
        needed = (("segments", LATELY), ("segments", OTHER))
        super().__init__(FLOW.format(segment="lately", wait=wait), needed=needed)

    def backfill(self) -> None:
        """The backfill comes to everybody."""
        for state in list(self.people.states.values()):
            update(self.context, state)
        self.settle()


@pytest.mark.parametrize(
    ("wait", "expected"),
    [("2 hours", ([START + 2 * HOUR], "completed")), ("4 hours", ([], "left lately"))],
    ids=["is still in", "has left"],
)
def test_a_run_of_a_flow_that_starts_by_another_segment_by_now_asks_whether_the_person_is_in_its_own(
    wait: str, expected: tuple[list[int], str]
) -> None:
    """Nobody's membership in that segment is stored any more."""
    shop = Stays(wait)
    shop.tell("Product Added", ANN)
    shop.publish_text("flows", "stay", FLOW.format(segment="other", wait=wait))
    assert "lately" not in shop.ruleset.catalogue.active
    shop.to(START + DAY)
    (outcome,) = shop.outcomes()
    assert expected == ([mail.at for mail in shop.mails], outcome)


def test_whoever_an_edit_put_out_and_another_put_in_again_is_written_to() -> None:
    """A membership that a backfill found does not say that a new stay began."""
    shop = Stays("2 hours")
    shop.tell("Product Added", ANN)
    shop.to(START + 5 * MINUTE)
    shop.tell("Page Viewed", ANN)
    for minutes, text in ((10, NEVER), (20, LATELY.replace("Product Added", "Page Viewed"))):
        shop.to(START + minutes * MINUTE)
        shop.publish_text("segments", "lately", text)
        shop.backfill()
    (state,) = [shop.ruleset.state(each) for each in shop.people.states.values()]
    assert (START + 5 * MINUTE, "backfill") == state.memberships["lately"]
    shop.to(START + DAY)
    assert [START + 2 * HOUR] == [mail.at for mail in shop.mails]


@pytest.mark.parametrize(("offer", "mails"), [("a", 0), ("b", 1)], ids=["the same", "another"])
def test_an_unfolded_order_with_the_key_of_the_run_stops_its_mail_and_one_with_another_key_does_not(
    offer: str, mails: int
) -> None:
    shop = ToldShop(CART)
    shop.tell("Signed Up", ANN, properties={"offer": "a"})
    shop.stalled = True
    shop.tell("Order Completed", ANN, properties={"offer": offer})
    shop.to(START + DAY)
    assert mails == len(shop.mails)


def test_an_order_with_the_key_of_the_run_from_before_its_start_is_told_of_late_and_stops_the_mail() -> None:
    shop = ToldShop(CART)
    shop.tell("Signed Up", ANN, properties={"offer": "a"})
    shop.stalled = True
    shop.tell("Order Completed", ANN, ago=HOUR, properties={"offer": "a"})
    shop.tell("Order Completed", ANN, ago=2 * HOUR, properties={"offer": "b"})
    shop.to(START + DAY)
    assert ([], ["goal reached: Order Completed"]) == (shop.mails, shop.outcomes())
