"""Names of people, links to the shop and words of the public, from tests/golden/messages."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.base.product import Product
from functions.core.base.trust import RANKS
from functions.core.messages import shown_traits
from functions.core.messages.person_names import LONGEST, person_name
from functions.core.messages.public_events import bare, shown
from functions.core.messages.shop_links import ShopLinks, host_of
from functions.core.messages.template_variables import Facts, ShopDetails, build, product_ids
from functions.core.profiles.records import Trait

GOLDEN = Path(__file__).resolve().parents[1] / "golden/messages"
NAMES = json.loads((GOLDEN / "person_names.json").read_text())
LINKS = json.loads((GOLDEN / "shop_links.json").read_text())
SHOP = ShopLinks(
    **{name: frozenset(LINKS["shop"][name]) for name in ("domains", "hosts", "pictures")},
    ports=frozenset((host, port) for host, port in LINKS["shop"]["ports"]),
)


@pytest.mark.parametrize("name", NAMES["shown"])
def test_a_name_of_a_person_is_shown(name):
    assert name == person_name(name)


@pytest.mark.parametrize("name", NAMES["left_out"])
def test_what_is_no_name_of_a_person_is_left_out(name):
    assert "" == person_name(name)


@given(st.text(max_size=60))
def test_a_shown_name_is_short_and_has_nothing_but_letters_and_signs_of_names(name):
    found = person_name(name)
    assert len(found) <= LONGEST
    assert not set(found) & set('<>@/\\:;"()[]{}|`$%#!?*_=+~^\r\n\t\u202e\u200f\u2028\x00')


@pytest.mark.parametrize("text", LINKS["kept"])
def test_a_text_whose_links_lead_to_the_shop_is_kept(text):
    assert text == SHOP.kept(text)


@pytest.mark.parametrize("text", LINKS["left_out"])
def test_a_text_with_a_link_that_leads_elsewhere_is_left_out(text):
    assert "" == SHOP.kept(text)
    assert {"a": [{"b": ""}]} == SHOP.kept({"a": [{"b": text}]})


@pytest.mark.parametrize("text", LINKS["pictures"])
def test_a_picture_may_lie_where_the_shop_keeps_its_pictures(text):
    assert {"image_url": text} == SHOP.kept({"image_url": text})


@pytest.mark.parametrize("text", [*LINKS["no_pictures"], *LINKS["left_out"][:-1]])
def test_a_picture_from_elsewhere_is_left_out(text):
    assert {"image_url": ""} == SHOP.kept({"image_url": text})


def test_a_long_text_of_links_costs_no_more_than_its_length():
    assert "" == SHOP.kept("https://shop.example/" + "https://shop.example/" * 40 + "https://evil.example")
    assert SHOP.kept("https://shop.example/" * 48)


def test_a_product_keeps_its_page_at_the_address_that_buyers_see():
    product = Product("1", "Lamp", "https://evil.example/a.png", "https://other.myshopify.com/products/lamp?a=b")
    found = SHOP.of_product(product, "https://shop.example/")
    assert ("", "https://shop.example/products/lamp?a=b") == (found.image, found.url)
    assert product.image == SHOP.beside([product]).of_product(product, "").image
    assert {"image_url": "", "url": ""} == SHOP.beside([product]).kept(
        {"image_url": "//b.evil.example", "url": product.image}
    )
    assert "" == SHOP.of_product(product, "").url
    odd = Product("1", "Lamp", url="https://other.example/r?to=https://evil.example")
    assert "" == SHOP.of_product(odd, "https://shop.example").url


@given(st.text(max_size=60))
def test_no_text_makes_the_check_of_links_fail(text):
    SHOP.kept(text)
    host_of(f"https://{text}/")


def trait(value, trust):
    return Trait(value, 0, "segment", "", RANKS[trust])


@pytest.mark.parametrize("trust", ["public", "token"])
def test_traits_that_the_shop_did_not_state_are_shown_if_they_carry_no_words(trust):
    harmless = {"locale": "de-AT", "language": "zh-Hant-TW", "timezone": "Europe/Berlin", "birthday": "1990-02-03"}
    said = {**harmless, "first_name": "Ann", "name": "Ann van Dyck"}
    others = {"nickname": "Ann", "plan": "gold", "age": 30, "vip": True, "address": {"city": "Rome"}, "dob": "soon"}
    assert said == shown_traits.shown({name: trait(value, trust) for name, value in {**said, **others}.items()}, SHOP)
    assert {} == shown_traits.shown({"locale": trait("en-buy-now", trust), "timezone": trait("Buy/Now", trust)}, SHOP)


def test_traits_that_the_shop_stated_are_shown_with_links_to_the_shop_alone():
    said = {"nickname": "Ann <b>", "age": 30, "site": "https://shop.example/ann"}
    others = {"blog": "https://evil.example", "first_name": "evil.example"}
    found = shown_traits.shown({name: trait(value, "signed") for name, value in {**said, **others}.items()}, SHOP)
    assert {**said, "blog": ""} == found


HOSTILE = "Win https://evil.example now"
LINE = {
    "product_id": "1", "sku": HOSTILE, "variant": HOSTILE, "name": HOSTILE, "brand": HOSTILE, "category": HOSTILE,
    "image_url": "https://evil.example/a.png", "url": "https://evil.example", "price": 1, "quantity": 2,
    "compare_at_price": 99, "line_price": 5, "coupon": HOSTILE,
}  # fmt: skip
EVERYTHING = {
    **LINE, "cart_id": HOSTILE, "checkout_id": "evil-example", "order_id": "08005551234", "currency": "JPY",
    "checkout_url": "https://evil.example", "total": 1, "note": HOSTILE, "date": HOSTILE, "position": HOSTILE,
    HOSTILE: HOSTILE, "products": [LINE, {**LINE, "product_id": HOSTILE}],
}  # fmt: skip
CATALOGUE = {
    "1": Product("1", "Oak lamp", "https://shop.example/a.png", "https://shop.example/a", 1250, "EUR", "Lamps")
}


def told(properties, trust="public", sort="1", name="Checkout Started"):
    return Event(name, 0, 0, ("email:ann@x.org",), sort, "segment", properties, trust=trust)


def variables(*events):
    several = [bare(event) for event in events]
    event = shown(several[-1], several, {k: CATALOGUE[k] for k in product_ids(several[-1]) if k in CATALOGUE}, "EUR")
    return build(Facts(ShopDetails("Shop", "https://shop.example"), "ann@x.org", event=event, products=CATALOGUE))


def texts(value):
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in (name, *texts(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("trust", ["public", "token"])
def test_a_public_event_brings_no_words_of_its_own_into_a_message(trust):
    found = variables(told(EVERYTHING, trust))
    assert not [text for text in texts(found) if "evil" in text or "Win" in text or "0800" in text]
    (line,) = found["cart"]["lines"]
    assert ("Oak lamp", 2, "https://shop.example/a") == (line["name"], line["quantity"], line["url"])
    assert ("12.50", "25.00", None) == (str(line["price"]), str(line["line_price"]), line["compare_at_price"])
    assert (4, 2, None, "EUR") == tuple(found["cart"][name] for name in ("count", "unnamed", "total", "currency"))


def test_a_cart_of_the_public_is_added_up_in_the_prices_of_the_catalogue():
    found = variables(told({"products": [{"product_id": "1", "quantity": 3, "price": 1}], "total": 1}))
    assert "37.50" == str(found["cart"]["total"])


def test_an_event_about_one_product_has_its_words_from_the_catalogue():
    found = variables(told(LINE, name="Product Viewed"))
    assert ("Oak lamp", "https://shop.example/a") == (found["event"]["name"], found["event"]["url"])
    assert "coupon" not in found["event"]


def test_what_cannot_carry_words_is_shown_of_a_public_event():
    harmless = {"date": "2026-11-26", "starts_at": "2026-11-26T10:00:00+01:00", "position": 3, "order_id": "1042"}
    token = {"cart_id": "123e4567-e89b-12d3-a456-426614174000"}
    found = variables(told({**harmless, **token}))["event"]
    assert {**harmless, **token} == {name: found[name] for name in (*harmless, *token)}


def test_a_product_that_the_shop_named_in_the_same_cart_keeps_the_shops_words():
    shops = told(
        {"products": [{"product_id": "9", "name": "Rug", "price": 500, "line_price": 500, "quantity": 1}]}, "signed"
    )
    public = told({"products": [{"product_id": "9", "name": HOSTILE, "variant": HOSTILE, "quantity": 2}]}, sort="2")
    (line,) = variables(shops, public)["cart"]["lines"]
    assert ("Rug", "", 2, "10.00") == (line["name"], line["variant"], line["quantity"], str(line["line_price"]))


def test_events_of_the_shop_keep_their_words():
    found = variables(told({"note": "Ring <twice>", "products": [{"name": "Oak <stand>"}]}, "signed"))
    assert ("Ring <twice>", "Oak <stand>") == (found["event"]["note"], found["cart"]["lines"][0]["name"])


def test_a_price_of_the_catalogue_in_another_currency_is_not_shown():
    found = variables(told({"currency": "USD", "products": [{"product_id": "1", "name": "Lamp"}]}, "signed"))
    assert (None, None) == (found["cart"]["lines"][0]["price"], found["cart"]["total"])


def test_an_id_that_is_too_long_for_the_catalogue_is_not_looked_up():
    assert ("1",) == product_ids(told({"products": [{"product_id": "x" * 513}, {"product_id": "1"}]}))
