"""The other shipped flows, and the rules of flows: starts, checks, goals and re-entry."""

from typing import Any

import pytest

from tests.flow.host import Host
from tests.flow.shop import ANN, customer, order, track
from tests.notes import note

DAY = 86_400

NOTE = note(words='Hello {{ first_name | default: "there" }}')


def causes(host: Host) -> list[str]:
    return [mail["cause"].partition("_")[0] for mail in host.mailbox()]


def publish(host: Host, kind: str, name: str, text: str) -> None:
    answer = host.publish(kind, name, text)
    assert answer.status == 200, answer.body


def with_flow(host: Host, body: str) -> None:
    """A shop with one flow, named ``try``, and Ann, who wants its mail."""
    publish(host, "templates", "note", NOTE)
    publish(host, "flows", "try", f"id: try\nname: Try\n{body}")
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.clock.advance("1m")


def tracked(host: Host, event: str, **properties: Any) -> None:
    host.segment("track", track(event, email=ANN.email, **properties))
    host.settle()


def test_thanks_follow_a_day_after_an_order(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    start = host.clock()
    host.webhook("orders/create", order(9001, ANN))
    host.clock.to(start + DAY - 1)
    assert [] == causes(host)
    host.clock.to(start + DAY)
    assert ["post-purchase-thanks"] == causes(host)
    assert [ANN.email] == [mail["to"] for mail in host.mailbox()]


def test_no_thanks_for_an_order_that_was_cancelled(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    start = host.clock()
    host.webhook("orders/create", order(9001, ANN))
    host.clock.advance("3h")
    cancelled = order(9001, ANN, at=start, updated=host.clock(), cancelled=host.clock())
    host.webhook("orders/cancelled", cancelled)
    host.clock.advance("3d")
    assert [] == causes(host)


def test_thanks_come_once_in_thirty_days(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    for number in range(3):
        host.webhook("orders/create", order(9001 + number, ANN))
        host.clock.advance("2d")
    assert ["post-purchase-thanks"] == causes(host)
    host.clock.advance("25d")
    host.webhook("orders/create", order(9009, ANN))
    host.clock.advance("2d")
    assert ["post-purchase-thanks"] * 2 == causes(host)


def test_somebody_who_does_not_come_back_is_won_back_once(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.webhook("orders/create", order(9001, ANN))
    host.clock.advance("400d")
    assert 1 == causes(host).count("win-back")


def test_somebody_who_buys_again_is_not_won_back(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    for number in range(14):
        host.webhook("orders/create", order(9001 + number, ANN))
        host.clock.advance("30d")
    assert "win-back" not in causes(host)


@pytest.mark.parametrize(
    ("reentry", "expected"),
    [("every time", 4), ("once", 1), ("once per 3 days", 2)],
)
def test_the_reentry_rule_says_how_often_somebody_may_come(bare: Host, reentry: str, expected: int) -> None:
    with_flow(bare, f"start: {{event: Product Viewed}}\nreentry: {reentry}\nsteps:\n  - send: note\n")
    for _ in range(4):
        tracked(bare, "Product Viewed")
        bare.clock.advance("25h")
    assert expected == len(bare.mailbox())


def test_a_key_gives_each_of_its_values_one_run(bare: Host) -> None:
    with_flow(bare, "start: {event: Product Viewed, by: product_id}\nsteps:\n  - send: note\n")
    for product in ("1", "2", "1"):
        tracked(bare, "Product Viewed", product_id=product)
        bare.clock.advance("1h")
    assert 2 == len(bare.mailbox())


def test_a_check_that_fails_ends_the_run(bare: Host) -> None:
    steps = 'steps:\n  - wait: 1 hour\n  - check: did "Cart Viewed"\n  - send: note\n'
    with_flow(bare, f"start: {{event: Product Viewed}}\n{steps}")
    tracked(bare, "Product Viewed")
    bare.clock.advance("2h")
    assert [] == bare.mailbox()
    tracked(bare, "Product Viewed")
    tracked(bare, "Cart Viewed")
    bare.clock.advance("2h")
    assert 1 == len(bare.mailbox())


def test_a_segment_starts_a_flow_when_somebody_enters_or_leaves_it(bare: Host) -> None:
    publish(bare, "segments", "lately", 'id: lately\nname: Lately\nwhen: did "Product Viewed" within 1 hour\n')
    publish(bare, "templates", "note", NOTE)
    for on in ("enter", "leave"):
        body = f"id: on-{on}\nname: X\nstart: {{segment: lately, on: {on}}}\nsteps:\n  - send: note\n"
        publish(bare, "flows", f"on-{on}", body)
    bare.webhook("customers/create", customer(ANN, consent="subscribed"))
    tracked(bare, "Product Viewed")
    assert ["on-enter"] == causes(bare)
    bare.clock.advance("59m59s")
    assert ["on-enter"] == causes(bare)
    bare.clock.advance("1s")
    assert ["on-enter", "on-leave"] == causes(bare)


def test_a_new_flow_starts_nobody_from_the_past(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN, consent="subscribed"))
    tracked(bare, "Product Viewed")
    bare.clock.advance("1h")
    with_flow(bare, "start: {event: Product Viewed}\nsteps:\n  - send: note\n")
    bare.clock.advance("1h")
    assert [] == bare.mailbox()
    tracked(bare, "Product Viewed")
    assert 1 == len(bare.mailbox())


def test_nobody_gets_more_than_five_messages_in_a_day(bare: Host) -> None:
    with_flow(bare, "start: {event: Product Viewed}\nsteps:\n  - send: note\n")
    for _ in range(7):
        tracked(bare, "Product Viewed")
        bare.clock.advance("1m")
    assert 5 == len(bare.mailbox())
    bare.clock.advance("24h")
    tracked(bare, "Product Viewed")
    assert 6 == len(bare.mailbox())


def test_a_flow_that_was_changed_does_not_write_twice_for_one_cause(bare: Host) -> None:
    with_flow(bare, "start: {event: Product Viewed}\nsteps:\n  - wait: 1 hour\n  - send: note\n")
    tracked(bare, "Product Viewed")
    bare.clock.advance("2h")
    text = "id: try\nname: Try again\nstart: {event: Product Viewed}\nsteps:\n  - wait: 3 hours\n  - send: note\n"
    publish(bare, "flows", "try", text)
    bare.clock.advance("2d")
    assert 1 == len(bare.mailbox())
