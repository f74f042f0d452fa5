"""Words of strangers: what a page of the shop can be made to say is in no message, and links lead to the shop."""

import json
import re
from typing import Any

import pytest

from tests.flow.host import Host, opened
from tests.flow.shop import ANN, checkout, customer, line, product

PICTURE = "https://cdn.shopify.com/s/files/watch.png"
EVIL = "Win a prize at https://evil.example"
# In every text of the stranger's; in no text of the shop's.
MARKS = ("evil", "prize", "0800", "800555", "Win a")

# A template that shows whatever a template can show.
EVERYTHING = """
id: everything
name: Everything
kind: transactional
subject: 'Hi {{ first_name | default: "there" }}: {{ cart.lines.first.name }} {{ event.note }} {{ event.coupon }}'
preheader: '{{ event.note }} {{ cart.id }} {{ order.number }}'
because: 'you asked for {{ event.note }} {{ event.name }} {{ last_name }}'
body: |
  <mj-section><mj-column><mj-text>
    {{ first_name }} {{ last_name }} {{ traits.nickname }} {{ traits.age }} {{ traits.birthday }}
    {{ traits.name }} {{ traits.locale }} {{ event.note }}
    {{ event.coupon }} {{ event.checkout_url }} {{ event.cart_url }} {{ cart.id }} {{ cart.total | money }}
    {% for line in cart.lines %}{{ line.name }} {{ line.variant }} {{ line.brand }} {{ line.category }} {{ line.sku }}
    {{ line.id }} {{ line.price | money }} <a href="{{ line.url }}">{{ line.url }}</a>
    <img src="{{ line.image_url }}" alt="{{ line.name }}" />
    {% endfor %}
    {% for pair in event %}{{ pair[0] }}={{ pair[1] }}{% endfor %}
    {% for pair in traits %}{{ pair[0] }}={{ pair[1] }}{% endfor %}
    {% for pair in event.products.first %}{{ pair[0] }}={{ pair[1] }}{% endfor %}
    <a href="{{ event.checkout_url }}">a</a> <a href="{{ event.note }}">b</a> <a href="{{ cart.url }}">c</a>
  </mj-text></mj-column></mj-section>
"""
FLOW = """
id: everything
name: Everything
start: {event: [Product Added, Checkout Started], by: cart_id}
steps:
  - wait: 30 minutes
  - send: everything
"""


def said(mail: dict[str, Any]) -> str:
    """All of a message that somebody could read or follow."""
    return "\n".join((mail["subject"], str(mail["headers"]), mail["text"], mail["html"], mail["raw"]))


def publish(host: Host) -> None:
    for kind, text in (("templates", EVERYTHING), ("flows", FLOW)):
        answer = host.publish(kind, "everything", text)
        assert answer.status == 200, answer.body


def prove(host: Host) -> None:
    """The shop's server says whose the device is, and that the person wants its mail."""
    names = {"userId": "ann", "anonymousId": "device"}
    traits = {"email": ANN.email, "first_name": "Ann", "email_marketing_consent": "subscribed"}
    assert 200 == host.segment("identify", {**names, "traits": traits}).status
    host.clock.advance("1m")


def hostile(number: Any) -> dict[str, Any]:
    """A product in a stranger's words."""
    texts = ("name", "variant", "brand", "category", "sku", "coupon")
    links = {"image_url": "https://evil.example/a.png", "url": "https://evil.example/a"}
    return {"product_id": number, "price": 1, "quantity": 2, **dict.fromkeys(texts, EVIL), **links}


def everything_hostile(*products: dict[str, Any]) -> dict[str, Any]:
    links = dict.fromkeys(("checkout_url", "cart_url", "url", "order_status_url"), "https://evil.example/cart")
    texts = dict.fromkeys(("note", "coupon", "affiliation", "channel", "name", "number", EVIL), EVIL)
    return {"cart_id": "0800-evil-555", "currency": "EUR", "total": 1, **links, **texts, "products": [*products]}


def test_nothing_that_a_visitor_says_in_public_is_in_a_message_and_the_catalogue_speaks(host: Host) -> None:
    publish(host)
    host.webhook("products/create", product(501, PICTURE))
    prove(host)
    texts = (
        "first_name",
        "firstName",
        "lastName",
        "name",
        "nickname",
        "locale",
        "language",
        "timezone",
        "birthday",
        EVIL,
    )
    traits: dict[str, Any] = {**dict.fromkeys(texts, EVIL), "age": 8005551234, "address": {EVIL: EVIL}}
    public = {"anonymousId": "device"}
    host.segment("identify", {**public, "traits": traits}, key="write_key")
    for event in ("Product Added", "Checkout Started"):
        listed = everything_hostile(hostile(501), hostile(EVIL), hostile("999"))
        host.segment("track", {**public, "event": event, "properties": listed}, key="write_key")
    host.segment(
        "track",
        {**public, "event": "Product Added", "properties": {**everything_hostile(), **hostile("998")}},
        key="write_key",
    )
    host.clock.advance("26h")
    mails = host.mailbox()
    assert {"everything", "cart-recovery-1", "cart-recovery-2"} <= {mail["cause"].rpartition("_")[2] for mail in mails}
    for mail in mails:
        assert ANN.email == mail["to"]
        assert [] == [mark for mark in MARKS if mark in said(mail)]
        assert "Walnut watch" in mail["html"]
        assert 'href="https://corner-shop.example/products/product-501"' in mail["html"]
        assert f'src="{PICTURE}"' in mail["html"]
        assert "129.50" in mail["html"] or mail["cause"].endswith("everything")


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "https://corner-shop.example@evil.example/", "//evil.example"]
)
def test_a_link_leads_to_the_shop_whatever_the_shops_server_passes_on(host: Host, link: str) -> None:
    publish(host)
    prove(host)
    lines = [{"product_id": "1", "name": "Oak <stand>", "price": 30, "url": link, "image_url": link}]
    properties = {"cart_id": "c1", "checkout_url": link, "cart_url": link, "note": link, "products": lines}
    host.segment("track", {"userId": "ann", "event": "Checkout Started", "properties": properties})
    host.clock.advance("1h")
    mails = host.mailbox()
    assert 2 == len(mails)
    for mail in mails:
        assert "evil" not in said(mail)
        assert "https://corner-shop.example" in mail["html"]
        assert "Oak &lt;stand&gt;" in mail["html"]
        assert "Oak <stand>" in mail["text"]


def test_a_link_to_where_a_storefront_says_that_its_checkouts_are_is_shown(host: Host) -> None:
    named = {"first_name": EVIL, "last_name": "<b>evil"}
    host.webhook("customers/create", {**customer(ANN, consent="subscribed"), **named})
    link = "https://other-market.example/checkouts/ch1/recover?key=1"
    body = {**checkout("ch1", ANN, line(), cart="c1"), "abandoned_checkout_url": link}
    host.webhook("checkouts/create", {**body, "customer": {**customer(ANN), **named}})
    host.clock.advance("1h")
    (mail,) = host.mailbox()
    assert link in mail["text"]
    assert "Hi there" in mail["text"]
    assert "evil" not in said(mail)


def leave_cart(host: Host, number: int, key: str) -> None:
    """Somebody whom the shop knows leaves a cart on a device of theirs."""
    names = {"userId": f"user{number}", "anonymousId": f"device{number}"}
    traits = {"email": f"user{number}@mail.example", "email_marketing_consent": "subscribed"}
    host.segment("identify", {**names, "traits": traits})
    added = {"event": "Product Added", "properties": {"cart_id": f"c{number}", "product_id": "1"}}
    host.segment("track", {"anonymousId": names["anonymousId"], **added}, key=key)


def test_messages_that_only_the_public_asks_for_are_bounded_over_all_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUBLIC_MESSAGES_PER_HOUR", "2")
    with opened() as host:
        for number in range(4):
            leave_cart(host, number, "write_key")
        leave_cart(host, 4, "server_key")
        host.clock.advance("1h")
        sent = [mail["to"] for mail in host.mailbox()]
        assert 3 == len(sent)
        assert "user4@mail.example" in sent
        held = json.loads(host.api("GET", "messages?state=held").body)["messages"]
        assert ["2 messages in this hour already that only browsers and apps asked for"] * 2 == [
            row["reason"] for row in held
        ]
        counts = re.findall(r'"PublicMessagesRefused":\[([^]]*)\]', capsys.readouterr().out)
        assert ["1.0", "1.0"] == [each for counted in counts for each in counted.split(",")]
        # An hour later others are sent, and those that were held are not.
        leave_cart(host, 5, "write_key")
        host.clock.advance("1h")
        assert ["user5@mail.example"] == [mail["to"] for mail in host.mailbox()][3:]
