"""Cart recovery: one reminder after an hour, one after a day, and none once there is an order."""

import re
from typing import Any
from unittest import mock

import pytest

from tests.flow.host import Host, opened
from tests.flow.shop import ANN, BEN, Person, cart, checkout, customer, line, order, product, read

HOUR = 3600
DAY = 86_400


def subscribe(host: Host, *people: Person) -> None:
    for person in people:
        host.webhook("customers/create", customer(person, consent="subscribed"))


def leave(host: Host, person: Person = ANN, token: str = "c1") -> None:
    """Put something into a cart and go as far as the checkout."""
    host.webhook("carts/create", cart(token))
    host.webhook("checkouts/create", checkout(f"ch-{token}", person, cart=token))


def ledger(host: Host) -> list[dict[str, Any]]:
    answer = host.api("GET", "messages")
    assert answer.status == 200
    return read(answer)["messages"]


@pytest.fixture
def shop(host: Host) -> Host:
    """The shop with two people who want its mail."""
    subscribe(host, ANN, BEN)
    host.clock.advance("10m")
    return host


def test_a_cart_left_for_an_hour_brings_one_e_mail_on_the_second(shop: Host) -> None:
    start = shop.clock()
    leave(shop)
    shop.clock.to(start + HOUR - 1)
    assert [] == shop.mailbox()
    shop.clock.to(start + HOUR)
    (mail,) = shop.mailbox()
    assert ANN.email == mail["to"]
    assert re.fullmatch(r"cart-recovery_[0-9a-f]+_cart-recovery-1", mail["cause"])
    shop.clock.advance("23h")
    assert 1 == len(shop.mailbox())


def test_the_e_mail_shows_the_lines_of_the_cart(shop: Host) -> None:
    lines = [line(501, "Walnut watch", "129.50", 2), line(502, "Oak <stand>", "30.00")]
    shop.webhook("checkouts/create", checkout("ch1", ANN, *lines, cart="c1"))
    shop.clock.advance("1h")
    (mail,) = shop.mailbox()
    assert "Walnut watch" in mail["subject"]
    for body in (mail["text"], mail["html"]):
        assert "Walnut watch" in body
        assert "259.00" in body
        assert "289.00" in body
        assert "Ann1" in body
        assert "https://corner-shop.example/checkouts/ch1/recover" in body
    assert "Oak &lt;stand&gt;" in mail["html"]
    assert "Oak <stand>" in mail["text"]
    assert "€" in mail["html"]


def test_what_is_put_into_the_cart_last_is_what_the_e_mail_shows(shop: Host) -> None:
    start = shop.clock()
    shop.webhook("checkouts/create", checkout("ch1", ANN, line(title="Walnut watch"), cart="c1"))
    shop.clock.advance("5m")
    newer = checkout("ch1", ANN, line(title="Cherry clock"), cart="c1", at=start, updated=shop.clock())
    shop.webhook("checkouts/update", newer)
    shop.clock.advance("1h")
    (mail,) = shop.mailbox()
    assert "Cherry clock" in mail["html"]
    assert "Walnut watch" not in mail["html"]


def test_a_cart_that_is_changed_after_its_checkout_still_leads_back_to_the_checkout(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("5m")
    shop.webhook("carts/update", cart("c1", line(title="Cherry clock")))
    shop.clock.advance("1h")
    (mail,) = shop.mailbox()
    assert "Cherry clock" in mail["html"]
    assert "https://corner-shop.example/checkouts/ch-c1/recover" in mail["html"]


def test_the_catalogue_gives_the_lines_their_images(shop: Host) -> None:
    shop.webhook("products/update", product(501, "https://cdn.example/watch.jpg"))
    leave(shop)
    shop.clock.advance("1h")
    assert 'src="https://cdn.example/watch.jpg"' in shop.mailbox()[0]["html"]


def test_a_second_reminder_follows_a_day_after_the_first(shop: Host) -> None:
    start = shop.clock()
    leave(shop)
    shop.clock.to(start + HOUR + DAY - 1)
    assert 1 == len(shop.mailbox())
    shop.clock.to(start + HOUR + DAY)
    first, second = shop.mailbox()
    assert first["cause"].removesuffix("-1") == second["cause"].removesuffix("-2")
    assert first["subject"] != second["subject"]
    shop.clock.advance("30d")
    assert 2 == len(shop.mailbox())


def test_touching_the_cart_begins_the_hour_anew(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("50m")
    shop.webhook("carts/update", cart("c1", line(), line(502)))
    shop.clock.advance("59m59s")
    assert [] == shop.mailbox()
    shop.clock.advance("1s")
    assert 1 == len(shop.mailbox())


def test_no_e_mail_after_an_order(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("59m")
    shop.webhook("orders/create", order(9001, ANN, cart="c1"))
    shop.clock.advance("3d")
    assert [] == [mail for mail in shop.mailbox() if mail["cause"].startswith("cart")]


def test_no_e_mail_after_an_order_in_the_very_second_that_the_hour_ends(shop: Host) -> None:
    leave(shop)
    due = shop.clock() + HOUR
    shop.clock.to(due - 1)
    shop.inner.cloud.clock.move(due)
    shop.webhook("orders/create", order(9001, ANN, cart="c1"))
    shop.settle()
    shop.clock.advance("20h")
    assert [] == shop.mailbox()


def test_no_e_mail_when_the_order_is_in_the_log_but_nothing_folded_it_yet(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("58m")
    shop.webhook("orders/create", order(9001, ANN, cart="c1"))
    run = next(run for run in shop.inner.scheduler._readers if run.consumers[0].function == "fold")
    with mock.patch.object(run, "read"):
        shop.clock.advance("2m")
        assert [] == shop.mailbox()
    shop.clock.advance("20h")
    assert [] == shop.mailbox()


def test_no_e_mail_when_the_cart_is_told_after_the_order_that_closed_it(shop: Host) -> None:
    start = shop.clock()
    shop.clock.advance("30m")
    shop.webhook("orders/create", order(9001, ANN, cart="c1"))
    shop.clock.advance("2h")
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1", at=start))
    shop.webhook("carts/create", cart("c1", at=start))
    shop.clock.advance("20h")
    assert [] == shop.mailbox()


def test_no_e_mail_when_a_bought_cart_is_touched_after_its_order(shop: Host) -> None:
    shop.webhook("orders/create", order(9001, ANN, cart="c1"))
    shop.clock.advance("10m")
    shop.webhook("carts/update", cart("c1"))
    shop.webhook("checkouts/update", checkout("ch-c1", ANN, cart="c1"))
    shop.clock.advance("20h")
    assert [] == shop.mailbox()


def test_no_e_mail_after_an_order_that_names_neither_cart_nor_checkout(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("30m")
    shop.webhook("orders/create", order(9001, ANN))
    shop.clock.advance("20h")
    assert [] == shop.mailbox()


def test_an_order_of_somebody_else_stops_nothing(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("30m")
    shop.webhook("orders/create", order(9001, BEN, cart="c2"))
    shop.clock.advance("30m")
    assert [ANN.email] == [mail["to"] for mail in shop.mailbox()]


def test_no_second_reminder_after_an_order_that_is_told_late(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("50m")
    bought = order(9001, ANN, cart="c1")
    shop.clock.advance("10m")
    assert 1 == len(shop.mailbox())
    shop.clock.advance("23h")
    shop.webhook("orders/create", bought)
    shop.clock.advance("2d")
    assert 1 == sum(mail["cause"].startswith("cart-recovery") for mail in shop.mailbox())


def test_the_ledger_says_why_nothing_was_sent(shop: Host) -> None:
    leave(shop)
    shop.clock.advance("59m")
    shop.webhook("orders/create", order(9001, ANN, cart="c1"))
    shop.clock.advance("1m")
    (held,) = ledger(shop)
    assert ("held", "goal reached: Order Completed or Store Purchase") == (held["state"], held["reason"])


def test_two_carts_of_one_person_bring_two_mails(shop: Host) -> None:
    leave(shop, ANN, "c1")
    leave(shop, ANN, "c2")
    shop.clock.advance("1h")
    assert 2 == len({mail["cause"] for mail in shop.mailbox()})
    assert 2 == len(shop.mailbox())


def test_a_cart_that_is_told_an_hour_late_still_brings_its_e_mail_at_once(shop: Host) -> None:
    start = shop.clock()
    shop.clock.advance("2h")
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1", at=start))
    shop.settle()
    assert 1 == len(shop.mailbox())


def test_an_emptied_cart_of_nobody_brings_nothing(shop: Host) -> None:
    shop.webhook("carts/create", cart("c9"))
    shop.clock.advance("2d")
    assert [] == shop.mailbox()


def test_a_cart_that_gets_a_name_after_its_hour_has_its_own_hour_from_the_checkout_on(shop: Host) -> None:
    shop.webhook("carts/create", cart("c1"))
    shop.clock.advance("90m")
    start = shop.clock()
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1"))
    shop.clock.to(start + HOUR - 1)
    assert [] == shop.mailbox()
    shop.clock.to(start + HOUR)
    assert [ANN.email] == [mail["to"] for mail in shop.mailbox()]


def test_an_anonymous_cart_that_identifies_itself_within_the_hour_gets_its_e_mail(shop: Host) -> None:
    start = shop.clock()
    shop.segment(
        "track",
        {
            "anonymousId": "a-1",
            "event": "Product Added",
            "properties": {
                "cart_id": "web-1",
                "product_id": "501",
                "name": "Walnut watch",
                "price": 129.5,
                "quantity": 1,
            },
        },
    )
    shop.clock.advance("20m")
    shop.segment("identify", {"anonymousId": "a-1", "userId": "u-1", "traits": {"email": ANN.email}})
    shop.clock.to(start + HOUR)
    (mail,) = shop.mailbox()
    assert ANN.email == mail["to"]
    assert "129.50" in mail["html"]


def test_a_cart_whose_beginning_comes_in_late_began_before_its_order(shop: Host) -> None:
    start = shop.clock()
    shop.webhook("orders/create", order(9001, ANN, cart="c1", checkout="ch-c1"))
    shop.clock.advance("10m")
    shop.webhook("carts/update", cart("c1"))
    shop.webhook("carts/create", cart("c1", at=start - 1200))
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1", at=start - 1200))
    shop.clock.advance("3h")
    assert [] == shop.mailbox()


def test_answers_go_to_the_shop_s_own_address_and_the_page_is_in_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLY_TO", "help@corner-shop.example")
    monkeypatch.setenv("SHOP_LANGUAGE", "nl")
    with opened() as host:
        subscribe(host, ANN)
        leave(host)
        host.clock.advance("2h")
        (mail,) = host.mailbox()
    assert "help@corner-shop.example" == mail["headers"]["Reply-To"]
    assert '<html lang="nl"' in mail["html"]
