"""What is read from the log right before a message goes out, although nothing of it is folded yet."""

import pytest

from tests.flow.told_shop import ANN, DAY, HOUR, MINUTE, START, ToldShop

ACCOUNT = "user_id:7"
NEWCOMERS = 'id: newcomers\nname: Newcomers\nwhen: did "Signed Up" and not did "Order Completed"\n'
WELCOME = "id: welcome\nname: Welcome\nstart: {segment: newcomers}\nsteps:\n  - wait: 1 hour\n  - send: note\n"


def signed_up() -> ToldShop:
    """Ann signed up; the mail goes out an hour later, and until then nothing more is folded."""
    shop = ToldShop()
    shop.tell("Signed Up", ANN)
    shop.stalled = True
    shop.to(START + 30 * MINUTE)
    return shop


def test_an_order_under_an_account_that_only_an_unfolded_login_names_stops_the_mail() -> None:
    shop = signed_up()
    shop.tell("Identified", ANN, ACCOUNT)
    shop.tell("Order Completed", ACCOUNT)
    shop.to(START + DAY)
    assert ([], ["goal reached: Order Completed"]) == ([mail.to for mail in shop.mails], shop.outcomes())


def test_an_order_of_a_profile_that_only_an_unfolded_login_joins_stops_the_mail() -> None:
    shop = ToldShop()
    shop.tell("Signed Up", ANN)
    shop.to(START + 10 * MINUTE)
    shop.tell("Order Completed", ACCOUNT)
    shop.stalled = True
    shop.tell("Identified", ANN, ACCOUNT)
    shop.to(START + DAY)
    assert ([], ["goal reached: Order Completed"]) == ([mail.to for mail in shop.mails], shop.outcomes())


def test_a_no_to_a_profile_that_only_an_unfolded_login_joins_holds_the_mail() -> None:
    """It was stated before anything that the last look reads from the log: only the profile remembers it."""
    shop = ToldShop()
    shop.tell("Signed Up", ANN)
    shop.tell("Identified", ACCOUNT, ago=40 * DAY, consent="unsubscribed")
    shop.stalled = True
    shop.tell("Identified", ANN, ACCOUNT)
    shop.to(START + DAY)
    assert ([], ["unsubscribed"]) == ([mail.to for mail in shop.mails], shop.held())


def test_an_order_of_long_ago_of_a_profile_that_only_an_unfolded_login_joins_ends_the_run() -> None:
    shop = ToldShop(WELCOME, needed=(("segments", NEWCOMERS),))
    shop.tell("Order Completed", ACCOUNT, ago=40 * DAY)
    shop.tell("Signed Up", ANN)
    shop.stalled = True
    shop.tell("Identified", ANN, ACCOUNT)
    shop.to(START + DAY)
    assert ([], ["left newcomers"]) == ([mail.to for mail in shop.mails], shop.outcomes())


@pytest.mark.parametrize("ago", [2 * HOUR, 29 * DAY], ids=["of two hours ago", "of 29 days ago"])
def test_a_no_that_arrives_late_and_unfolded_holds_the_mail(ago: int) -> None:
    shop = signed_up()
    shop.tell("Identified", ANN, ago=ago, consent="unsubscribed")
    shop.to(START + DAY)
    assert ([], ["unsubscribed"]) == ([mail.to for mail in shop.mails], shop.held())


def test_a_no_by_a_clock_that_is_50_minutes_behind_holds_the_mail_at_the_edge_of_what_is_read() -> None:
    """The log is ordered by the sender's clock, and an event may lie before the instant at which it happened."""
    shop = signed_up()
    shop.tell("Identified", ANN, ago=30 * DAY - HOUR, clock_behind=50 * MINUTE, consent="unsubscribed")
    shop.to(START + DAY)
    assert ([], ["unsubscribed"]) == ([mail.to for mail in shop.mails], shop.held())


def test_whoever_did_none_of_this_gets_the_mail() -> None:
    shop = signed_up()
    shop.tell("Identified", ANN, ACCOUNT)
    shop.to(START + DAY)
    assert ["ann@x.org"] == [mail.to for mail in shop.mails]
