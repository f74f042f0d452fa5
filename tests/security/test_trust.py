"""The trust table, row by row: what the key in the shop's page may do, and what makes a visitor somebody."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.flow.host import Host

TOKEN = "84ad78572dae52a8cbea7d55371afe89"


def public(host: Host, path: str, **message: Any) -> None:
    answer = host.segment(path, message, key="write_key")
    assert answer.status == 200, answer.body


def server(host: Host, path: str, **message: Any) -> None:
    assert host.segment(path, message).status == 200


def ann(host: Host) -> dict[str, Any]:
    """A customer whom the shop's server has named."""
    traits = {"email": "ann@x.org", "first_name": "Ann", "email_marketing_consent": "subscribed"}
    server(host, "identify", userId="ann", traits=traits)
    profile = host.profile("email:ann@x.org")
    assert profile
    return profile


def names(host: Host, identifier: str) -> set[str]:
    return set((host.profile(identifier) or {"identifiers": []})["identifiers"])


def browse(host: Host, device: str = "a1", **more: Any) -> None:
    public(host, "track", anonymousId=device, event="Product Viewed", properties={"product_id": "p1"}, **more)


def order(**more: Any) -> dict[str, Any]:
    return {
        "id": 820982911946154508,
        "name": "#1003",
        "email": "ann@x.org",
        "customer": {"id": 115310627314723954, "email": "ann@x.org"},
        "created_at": "2026-11-21T10:00:00Z",
        "updated_at": "2026-11-21T10:00:00Z",
        "currency": "EUR",
        "total_price": "20.00",
        "line_items": [{"product_id": 1, "title": "Mug", "quantity": 1, "price": "20.00"}],
        **more,
    }


def test_a_public_message_describes_its_own_visitor(host: Host) -> None:
    public(host, "identify", anonymousId="a1", traits={"plan": "pro"})
    profile = host.profile("anonymous_id:a1")
    assert profile and {"plan": "pro"} == profile["traits"]


@pytest.mark.parametrize("claim", [{"userId": "ann"}, {}], ids=["account and address", "address alone"])
def test_a_claim_changes_nothing_of_the_known_person(host: Host, claim: dict[str, str]) -> None:
    before = ann(host)
    traits = {"email": "ann@x.org", "first_name": "Click http://evil.example", "phone": "1"}
    public(host, "identify", anonymousId="thief", traits=traits, **claim)
    public(host, "track", anonymousId="thief", event="Product Viewed", **claim)
    assert before == host.profile("email:ann@x.org")
    assert "ann@x.org" not in str(names(host, "anonymous_id:thief"))


def test_a_claim_without_a_device_changes_nothing_of_the_known_person(host: Host) -> None:
    before = ann(host)
    public(host, "identify", userId="ann", traits={"email": "ann@x.org", "first_name": "Eve"})
    public(host, "identify", traits={"email": "ann@x.org", "first_name": "Eve"})
    assert before == host.profile("user_id:ann")


def test_an_address_that_only_the_public_named_gets_no_mail_but_the_question_for_its_yes(host: Host) -> None:
    traits = {"email": "bob@x.org", "email_marketing_consent": "subscribed"}
    for _ in range(2):
        public(host, "identify", anonymousId="a1", userId="bob", traits=traits)
        cart = {"cart_id": "c1", "products": [{"product_id": "p1", "name": "Mug", "price": 5, "quantity": 1}]}
        public(host, "track", anonymousId="a1", userId="bob", event="Checkout Started", properties=cart)
    host.clock.advance("26h")
    assert [("bob@x.org", "optin")] == [(mail["to"], mail["cause"].partition("_")[0]) for mail in host.mailbox()]
    assert host.profile("email:bob@x.org") is None


def test_a_login_by_the_server_key_makes_the_session_the_persons_history_included(host: Host) -> None:
    profile = ann(host)
    browse(host)
    public(host, "identify", anonymousId="a1", userId="ann")
    assert "anonymous_id:a1" not in names(host, "user_id:ann")
    server(host, "identify", anonymousId="a1", userId="ann")
    browse(host)
    assert {"anonymous_id:a1", "user_id:ann"} <= names(host, "user_id:ann")
    events = json.loads(host.api("GET", f"profiles/{profile['id']}/events").body)["events"]
    assert 2 == [event["name"] for event in events].count("Product Viewed")


def test_a_signed_user_id_proves_the_visitor_at_once(host: Host) -> None:
    ann(host)
    browse(host)
    signature = hmac.new(host.keys["identity_key"].encode(), b"ann", hashlib.sha256).hexdigest()
    public(host, "identify", anonymousId="a1", userId="ann", traits={"user_hash": signature, "email": "eve@x.org"})
    profile = host.profile("user_id:ann")
    assert profile and "anonymous_id:a1" in profile["identifiers"]
    assert "email:eve@x.org" not in profile["identifiers"]
    assert "user_hash" not in profile["traits"]


def test_a_signature_of_another_user_id_proves_nothing(host: Host) -> None:
    ann(host)
    signature = hmac.new(host.keys["identity_key"].encode(), b"eve", hashlib.sha256).hexdigest()
    public(host, "identify", anonymousId="a1", userId="ann", traits={"user_hash": signature})
    assert "anonymous_id:a1" not in names(host, "user_id:ann")


def test_an_order_of_the_cart_that_the_visitor_filled_proves_the_visitor(host: Host) -> None:
    browse(host)
    public(host, "track", anonymousId="a1", event="Product Added", properties={"cart_id": TOKEN, "product_id": "p1"})
    assert host.webhook("orders/create", order(cart_token=TOKEN)).status == 200
    assert {"anonymous_id:a1", "email:ann@x.org"} <= names(host, "email:ann@x.org")


def test_an_order_does_not_prove_whoever_claimed_its_address(host: Host) -> None:
    public(host, "identify", anonymousId="thief", traits={"email": "ann@x.org"})
    public(host, "track", anonymousId="thief", event="Order Completed", properties={"order_id": "1003"})
    assert host.webhook("orders/create", order(cart_token=TOKEN)).status == 200
    assert "anonymous_id:thief" not in names(host, "email:ann@x.org")


def test_what_another_account_claims_on_a_proven_device_is_not_the_persons(host: Host) -> None:
    profile = ann(host)
    server(host, "identify", anonymousId="a1", userId="ann")
    host.settle()
    host.clock.advance("1m")
    public(host, "identify", anonymousId="a1", userId="bob")
    host.clock.advance("1m")
    browse(host, userId="bob")
    host.clock.advance("1m")
    browse(host)
    events = json.loads(host.api("GET", f"profiles/{profile['id']}/events").body)["events"]
    assert "Product Viewed" not in [event["name"] for event in events]


def test_fifty_addresses_of_one_account_do_not_make_one_person_of_fifty(host: Host) -> None:
    for number in range(12):
        customer = {"id": 1_000_000 + number, "email": f"c{number}@x.org", "created_at": "2026-11-21T10:00:00Z"}
        assert host.webhook("customers/create", customer).status == 200
    batch = [
        {"type": "identify", "userId": "importer", "traits": {"email": f"c{number}@x.org"}} for number in range(12)
    ]
    assert host.segment("batch", {"batch": batch}).status == 200
    people = {tuple(sorted(names(host, f"shopify:{1_000_000 + number}"))) for number in range(12)}
    assert 12 == len(people)
    redact = {
        "shop_domain": "corner-shop.myshopify.com",
        "customer": {"id": 1_000_001, "email": "c1@x.org"},
        "orders_to_redact": [],
    }
    assert host.webhook("customers/redact", redact).status == 200
    host.settle()
    assert host.profile("shopify:1000001") is None
    assert all(host.profile(f"shopify:{1_000_000 + number}") for number in range(2, 12))
    importer = host.profile("user_id:importer")
    assert importer and "c1@x.org" not in str(json.loads(host.api("GET", f"profiles/{importer['id']}/events").body))


def test_an_alias_never_makes_one_person_of_two_accounts(host: Host) -> None:
    server(host, "identify", userId="one", traits={"email": "one@x.org"})
    server(host, "identify", userId="two", traits={"email": "two@x.org"})
    server(host, "alias", previousId="one", userId="two")
    first, second = host.profile("user_id:one"), host.profile("user_id:two")
    assert first and second and first["id"] != second["id"]


def test_two_customers_whom_the_storefront_merges_are_one_person(host: Host) -> None:
    for number in (1, 2):
        customer = {"id": 1_000_000 + number, "email": f"c{number}@x.org", "created_at": "2026-11-21T10:00:00Z"}
        assert host.webhook("customers/create", customer).status == 200
    ids = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1000001",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/1000002",
    }
    assert host.webhook("customers/merge", {**ids, "status": "failed"}).status == 200
    assert "shopify:1000002" not in names(host, "shopify:1000001")
    assert host.webhook("customers/merge", {**ids, "status": "completed"}).status == 200
    assert {"shopify:1000001", "shopify:1000002", "email:c1@x.org", "email:c2@x.org"} == names(host, "shopify:1000001")
