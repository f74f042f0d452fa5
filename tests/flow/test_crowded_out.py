"""How many messages of an hour may be asked for by browsers and apps alone, over all people."""

import pytest

from functions.core.base.events import Event
from functions.core.base.trust import Trust
from functions.core.messages.pace import Allowance
from tests.flow.told_shop import DAY, HELLO, HOUR, ToldShop
from tests.notes import note

REASON = "2 messages in this hour already that only browsers and apps asked for"
TWO_MAILS = f"{HELLO}  - wait: 2 hours\n  - send: second\n"


def signed_up(shop: ToldShop, *numbers: int, trust: Trust = "public") -> None:
    """People whom the shop knows; who told that they signed up is as given."""
    for number in numbers:
        device = f"anonymous_id:{number}"
        shop.tell("Identified", f"email:{number}@x.org", device, trust="signed", ago=HOUR // 2)
        shop.tell("Signed Up", device, trust=trust)


def after(shop: ToldShop, seconds: int) -> list[str]:
    """To whom mails went within so many seconds from now, in order of the address."""
    before = len(shop.mails)
    shop.to(shop.now + seconds)
    return sorted(mail.to.partition("@")[0] for mail in shop.mails[before:])


@pytest.fixture
def shop() -> ToldShop:
    return ToldShop(PUBLIC_MESSAGES_PER_HOUR="2")


def test_those_that_the_public_asked_for_are_held_beyond_so_many_an_hour(shop: ToldShop) -> None:
    signed_up(shop, 1, 2, 3, 4)
    assert 2 == len(after(shop, HOUR))
    assert [REASON, REASON] == shop.held()
    # In the next hour as many are sent again, and those that were held are not.
    signed_up(shop, 5)
    assert ["5"] == after(shop, HOUR)
    assert [REASON, REASON] == shop.held()


def test_what_somebody_trusted_told_of_is_neither_held_nor_counted(shop: ToldShop) -> None:
    signed_up(shop, 1, 2, 3, 4, trust="signed")
    signed_up(shop, 5, 6)
    assert ["1", "2", "3", "4", "5", "6"] == after(shop, HOUR)


@pytest.mark.parametrize(("source", "counted"), [("ses", 1), ("shopify", 0)])
def test_of_a_segment_whoever_told_of_anything_new_asks_and_ses_does_not(source: str, counted: int) -> None:
    segment = 'id: signed-up\nname: Signed up\nwhen: did "Signed Up" within 60 days\n'
    flow = HELLO.replace("{event: Signed Up}", "{segment: signed-up}").replace("goal: Order Completed\n", "")
    shop = ToldShop(flow, needed=[("segments", segment)], PUBLIC_MESSAGES_PER_HOUR="2")
    shop.tell("Identified", "email:1@x.org", "anonymous_id:1", trust="signed", ago=40 * DAY)
    shop.tell("Signed Up", "anonymous_id:1", trust="public")
    shop.log.append([Event("Email Opened", shop.now, shop.now, ("email:1@x.org",), "9", source)])
    assert ["1"] == after(shop, HOUR)
    assert counted == len(shop.counters.counts)


def test_a_message_that_waits_for_ses_is_counted_once_and_not_again_when_its_turn_comes(shop: ToldShop) -> None:
    shop.mailer.allowed = Allowance(rate=1, per_day=1, sent=1)
    signed_up(shop, 1)
    assert [] == after(shop, HOUR)
    counted = {"PublicMessages": (shop.now // HOUR, 1)}
    assert counted == shop.counters.counts
    shop.mailer.allowed = Allowance(rate=1, per_day=1, sent=0)
    assert ["1"] == after(shop, DAY)
    assert counted == shop.counters.counts


def test_the_run_of_a_message_that_was_held_goes_on_to_its_next_step() -> None:
    shop = ToldShop(TWO_MAILS, needed=[("templates", note("second"))], PUBLIC_MESSAGES_PER_HOUR="2")
    signed_up(shop, 1, 2, 3)
    after(shop, HOUR)
    assert [REASON] == shop.held()
    assert 2 == len(after(shop, 2 * HOUR))
    assert [REASON, REASON] == shop.held()
    assert ["completed"] * 3 == shop.outcomes()
