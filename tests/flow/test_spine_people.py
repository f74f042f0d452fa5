"""Who is who: joining, sharing, repeating and forgetting people, through the real doors."""

import pytest

from local.runtime.clock import rfc3339
from tests.flow.host import Host
from tests.flow.shop import ANN, BEN, cart, checkout, customer, identify, order, read, redact, track

LEFT = """
id: left-checkout
name: Left a checkout
when: did "Checkout Started" then not "Order Completed" for 1 hour by cart_id
"""


def ids(host: Host, *identifiers: str) -> list[str | None]:
    return [(host.profile(name) or {}).get("id") for name in identifiers]


def test_two_accounts_on_one_device_are_two_people(host: Host) -> None:
    host.segment("identify", identify(user="u-1", anonymous="device", email=ANN.email))
    host.segment("identify", identify(user="u-2", anonymous="device", email=BEN.email))
    first, second = ids(host, "user_id:u-1", "user_id:u-2")
    assert first != second
    assert [first, second] == ids(host, f"email:{ANN.email}", f"email:{BEN.email}")
    assert [second] == ids(host, "anonymous_id:device")


def add(host: Host, cart: str, name: str) -> None:
    added = track("Product Added", anonymous="tablet", cart_id=cart, product_id="1", name=name, price=20)
    host.segment("track", added)
    host.clock.advance("1s")


@pytest.mark.parametrize("late", [False, True], ids=["told at once", "told late"])
def test_a_cart_on_a_shared_device_is_of_whoever_was_logged_in(host: Host, late: bool) -> None:
    logins = {
        person: identify(user=f"u-{person.number}", anonymous="tablet", email=person.email, consent="subscribed", at=at)
        for person, at in ((ANN, host.clock()), (BEN, host.clock() + 120))
    }
    host.segment("identify", logins[ANN])
    host.clock.advance("1m")
    add(host, "c-ann", "Walnut watch")
    host.clock.advance("2m")
    if not late:
        host.segment("identify", logins[BEN])
    add(host, "c-ben", "Cherry clock")
    if late:
        host.clock.advance("10m")
        host.segment("identify", logins[BEN])
    host.clock.advance("2h")
    mails = {mail["to"]: mail["text"] for mail in host.mailbox()}
    assert {ANN.email, BEN.email} == mails.keys()
    assert ("Walnut watch" in mails[ANN.email], "Cherry clock" in mails[ANN.email]) == (True, False)
    assert ("Walnut watch" in mails[BEN.email], "Cherry clock" in mails[BEN.email]) == (False, True)


def test_what_was_done_without_a_name_belongs_to_whoever_takes_the_name(host: Host) -> None:
    host.segment("track", track("Product Viewed", anonymous="a-1"))
    host.settle()
    host.clock.advance("5m")
    host.segment("identify", identify(user="u-1", anonymous="a-1", email=ANN.email))
    profile = host.profile("anonymous_id:a-1")
    assert profile
    assert [profile["id"]] * 2 == ids(host, "user_id:u-1", f"email:{ANN.email}")
    told = read(host.api("GET", f"profiles/{profile['id']}/events"))["events"]
    assert ["Identified", "Product Viewed"] == [event["name"] for event in told]


def test_two_people_who_turn_out_to_be_one_keep_both_histories(bare: Host) -> None:
    bare.publish("segments", "left-checkout", LEFT)
    start = bare.clock()
    bare.segment("track", track("Checkout Started", anonymous="a-1", cart_id="c1"))
    bare.segment("track", track("Order Completed", email=ANN.email, cart_id="c2", order_id="1"))
    bare.clock.advance("2h")
    former = ids(bare, "anonymous_id:a-1", f"email:{ANN.email}")
    assert former[0] != former[1]
    bare.segment("identify", identify(anonymous="a-1", email=ANN.email))
    joined = bare.profile(f"email:{ANN.email}")
    assert joined
    assert ids(bare, "anonymous_id:a-1") == [joined["id"]]
    assert [{"id": "left-checkout", "since": rfc3339(start + 3600), "until": None}] == joined["segments"]
    for old in former:
        assert joined["id"] == read(bare.api("GET", f"profiles/{old}"))["id"]


def test_a_cart_joins_the_person_who_takes_it_to_the_checkout(host: Host) -> None:
    host.webhook("carts/create", cart("c1"))
    host.settle()
    host.webhook("checkouts/create", checkout("ch1", ANN, cart="c1"))
    (person,) = ids(host, f"email:{ANN.email}")
    assert [person] * 3 == ids(host, "shopify_cart:c1", "shopify_checkout:ch1", f"shopify:{ANN.id}")


@pytest.mark.parametrize("nobody", ["undefined", "null", "00000000-0000-0000-0000-000000000000", "0"])
def test_values_that_programs_write_for_nobody_join_nobody(host: Host, nobody: str) -> None:
    host.segment("identify", identify(user=nobody, anonymous="a-1", email=ANN.email))
    host.segment("identify", identify(user=nobody, anonymous="a-2", email=BEN.email))
    first, second = ids(host, f"email:{ANN.email}", f"email:{BEN.email}")
    assert first
    assert second
    assert first != second


def test_since_and_until_are_exact_to_the_second(bare: Host) -> None:
    bare.publish("segments", "viewed", 'id: viewed\nname: Viewed lately\nwhen: did "Product Viewed" within 24 hours\n')
    bare.publish("segments", "left-checkout", LEFT)
    start = bare.clock()
    bare.segment("track", track("Product Viewed", email=ANN.email))
    bare.segment("track", track("Checkout Started", email=ANN.email, cart_id="c1"))

    def segments() -> dict[str, tuple[str, str | None]]:
        told = bare.profile(f"email:{ANN.email}") or {}
        return {each["id"]: (each["since"], each["until"]) for each in told["segments"]}

    viewed = {"viewed": (rfc3339(start), rfc3339(start + 86_400))}
    left = {"left-checkout": (rfc3339(start + 3600), None)}
    assert viewed == segments()
    bare.clock.to(start + 3599)
    assert viewed == segments()
    assert [] == bare.members("left-checkout")
    bare.clock.to(start + 3600)
    assert viewed | left == segments()
    assert ids(bare, f"email:{ANN.email}") == bare.members("left-checkout")
    bare.clock.to(start + 86_399)
    assert viewed | left == segments()
    bare.clock.to(start + 86_400)
    assert left == segments()
    assert [] == bare.members("viewed")


def test_a_webhook_that_is_delivered_again_changes_nothing(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    told = checkout("ch1", ANN, cart="c1")
    host.webhook("checkouts/create", told, event_id="one", webhook_id="w1")
    host.clock.advance("1h")
    before = host.profile(f"email:{ANN.email}")
    calls = dict(host.inner.functions.calls)
    for number in range(3):
        later = {"webhook_id": f"again{number}", "triggered_at": rfc3339(host.clock())}
        assert 200 == host.webhook("checkouts/create", told, event_id="one", **later).status
        host.clock.advance("1h")
    assert before == host.profile(f"email:{ANN.email}")
    assert 1 == len(host.mailbox())
    assert calls["fold"] == host.inner.functions.calls["fold"]


def test_one_order_that_two_sources_tell_counts_once(bare: Host) -> None:
    text = 'id: twice\nname: Bought twice\nwhen: did "Order Completed" at least 2 times\n'
    bare.publish("segments", "twice", text)
    bare.webhook("orders/create", order(9001, ANN))
    bare.webhook("orders/paid", order(9001, ANN))
    bare.segment("track", track("Order Completed", email=ANN.email, order_id="9001", total=129.5))
    bare.clock.advance("1m")
    assert [] == bare.members("twice")
    bare.webhook("orders/create", order(9002, ANN))
    assert 1 == len(bare.members("twice"))


def test_a_request_to_be_forgotten_leaves_nothing(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.webhook("customers/create", customer(BEN, consent="subscribed"))
    host.webhook("checkouts/create", checkout("ch1", ANN, cart="c1"))
    host.webhook("orders/create", order(9001, ANN))
    host.clock.advance("10m")
    (person,) = ids(host, f"email:{ANN.email}")
    host.webhook("customers/redact", redact(ANN, 9001))
    host.clock.advance("1h")
    names = (f"email:{ANN.email}", f"shopify:{ANN.id}", "shopify_cart:c1", "shopify_checkout:ch1", "shopify_order:9001")
    assert [None] * 5 == ids(host, *names)
    assert 404 == host.api("GET", f"profiles/{person}").status
    assert host.profile(f"email:{BEN.email}")
    host.clock.advance("2d")
    assert [] == host.mailbox()


def test_a_confirmed_request_to_forget_the_shop_leaves_nobody(host: Host) -> None:
    host.webhook("customers/create", customer(ANN))
    host.webhook("customers/create", customer(BEN))
    host.settle()
    host.webhook("shop/redact", {"shop_id": 1, "shop_domain": "corner-shop.myshopify.com"})
    host.clock.advance("1h")
    assert None not in ids(host, f"email:{ANN.email}", f"email:{BEN.email}")
    assert 200 == host.api("POST", "erasures/shop", b'{"confirm": "corner-shop.myshopify.com"}').status
    host.clock.advance("1h")
    assert [None, None] == ids(host, f"email:{ANN.email}", f"email:{BEN.email}")
