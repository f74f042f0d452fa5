"""Imported history updates profiles and sends nothing; what happens afterwards finds it, and starts flows as ever."""

from typing import Any

import pytest

from tests.flow.host import Host
from tests.flow.shop import ANN, BEN, customer, order, track
from tests.notes import note

DAY = 86_400
FLOWS = {
    "at-once": "start: {event: Order Completed}\nsteps: [{send: note}]",
    "next-week": "start: {event: Order Completed}\nsteps: [{wait: 10 days}, {send: note}]",
    "regulars": "start: {segment: regular}\nsteps: [{send: note}]",
    "lapsed": "start: {segment: lapsed}\nsteps: [{send: note}]",
    "welcome-back": "start: {segment: lapsed, on: leave}\nsteps: [{send: note}]",
}
SEGMENTS = {
    "regular": 'did "Order Completed" at least 3 times',
    "lapsed": 'did "Order Completed" and not did "Order Completed" within 30 days',
}


@pytest.fixture
def shop(host: Host) -> Host:
    """A shop with flows of every kind, and Ann, who wants its mail."""
    assert 200 == host.publish("templates", "note", note(words="Hello")).status
    for name, when in SEGMENTS.items():
        answer = host.publish("segments", name, f"id: {name}\nname: {name}\nwhen: |\n  {when}\n")
        assert 200 == answer.status, answer.body
    for name, body in FLOWS.items():
        answer = host.publish("flows", name, f"id: {name}\nname: {name}\n{body}\n")
        assert 200 == answer.status, answer.body
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.clock.advance("1m")
    return host


def past(host: Host, *ages: int, **who: Any) -> None:
    """Import an order of each age in seconds."""
    now = host.clock()
    batch = [
        {**track("Order Completed", at=now - age, order_id=f"old{age}", total="20.00", **who), "type": "track"}
        | {"messageId": f"old{age}"}
        for age in ages
    ]
    answer = host.segment("batch", {"historical": True, "batch": batch})
    assert 200 == answer.status, answer.body
    host.settle()


def sent(host: Host) -> list[str]:
    return sorted(mail["cause"].partition("_")[0] for mail in host.mailbox())


def test_three_years_of_orders_send_nothing_and_make_a_regular_customer(shop: Host) -> None:
    past(shop, *range(60, 3 * 365 * DAY, 30 * DAY), email=ANN.email)
    assert [1] == [len(shop.members("regular"))]
    shop.clock.advance("20d")
    assert [] == sent(shop)


def test_who_did_not_buy_in_thirty_days_is_written_to_when_that_comes_true_and_not_for_the_past(shop: Host) -> None:
    past(shop, 40 * DAY, email=ANN.email)
    shop.clock.advance("20d")
    assert [] == sent(shop)
    past(shop, 25 * DAY, email=ANN.email)
    shop.clock.advance("4d")
    assert [] == sent(shop)
    shop.clock.advance("2d")
    assert ["lapsed", "win-back"] == sent(shop)


def test_what_happens_after_the_import_starts_flows_and_counts_with_it(shop: Host) -> None:
    past(shop, 3 * 3600, 40 * DAY, email=ANN.email)
    shop.webhook("orders/create", order(9001, ANN))
    shop.settle()
    assert {"at-once", "regulars"} <= set(sent(shop))


def test_history_of_somebody_without_an_address_starts_nothing_once_there_is_one(shop: Host) -> None:
    past(shop, 3600, user="u1")
    said = {"email": BEN.email, "email_marketing_consent": "subscribed"}
    shop.segment("identify", {"userId": "u1", "traits": said})
    shop.settle()
    shop.clock.advance("12d")
    assert [] == [cause for cause in sent(shop) if cause in ("at-once", "next-week")]


def test_what_time_had_changed_before_the_import_is_told_nevertheless(shop: Host) -> None:
    past(shop, 30 * DAY - 30, email=ANN.email)
    shop.clock.advance("29s")
    assert [] == sent(shop)
    shop.clock.advance("5s")
    past(shop, 100 * DAY, email=ANN.email)
    shop.clock.advance("2m")
    assert ["lapsed", "win-back"] == sent(shop)


def test_the_same_history_twice_changes_nothing(shop: Host) -> None:
    past(shop, DAY, 2 * DAY, email=ANN.email)
    before = shop.profile(f"email:{ANN.email}")
    past(shop, DAY, 2 * DAY, email=ANN.email)
    assert before == shop.profile(f"email:{ANN.email}")
    assert [] == shop.members("regular")


def test_history_needs_the_server_key(shop: Host) -> None:
    batch = [{**track("Order Completed", at=shop.clock(), email=ANN.email), "type": "track"}]
    answer = shop.segment("batch", {"historical": True, "batch": batch}, key="write_key")
    assert 400 == answer.status
    assert b"needs the server key" in answer.body


def test_an_imported_yes_without_its_time_takes_back_no_no(shop: Host) -> None:
    shop.segment("identify", {"traits": {"email": ANN.email, "email_marketing_consent": "unsubscribed"}})
    shop.settle()
    shop.clock.advance("1d")
    yes = {"type": "identify", "traits": {"email": ANN.email, "email_marketing_consent": "subscribed"}}
    assert 200 == shop.segment("batch", {"historical": True, "batch": [yes]}).status
    shop.settle()
    profile = shop.profile(f"email:{ANN.email}")
    assert profile and "unsubscribed" == profile["consent"]["marketing"]
