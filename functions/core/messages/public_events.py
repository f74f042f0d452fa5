"""What a message may show of events that the shop itself did not send.

A browser or app speaks with a key that everybody can read, or for the person alone: its texts, links, pictures and
prices may be anybody's. Such an event says that something happened, when, and to which products in which quantity; what
these are called, cost and look like is the catalogue's to say, or that of a signed event about the same cart.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from functions.core.base.events import Event
from functions.core.base.product import Product
from functions.core.timelines import carts

# Properties that cannot carry a message of their own, by what they have to look like.
_NUMBERS = ("quantity", "position", "step", "rating")
_DATES = ("date", "start_date", "end_date", "delivery_date", "starts_at", "ends_at")
_IDS = ("cart_id", "checkout_id", "order_id")
_MOST = 1_000_000
# What a line of the shop's does not say of the same product in another quantity, or of another cart.
_NOT_OF_ANOTHER = carts.NOT_OF_LINES | {"line_price"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
# A short number, a UUID, or a digest: neither words nor telephone numbers.
_ID = re.compile(
    r"\d{1,6}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{16,64}", re.IGNORECASE | re.ASCII
)


def is_the_shops(event: Event) -> bool:
    """True if the shop's server or storefront sent the event, so that its words are the shop's."""
    return event.trust == "signed"


def bare(event: Event) -> Event:
    """The event with what ``shown`` needs of it; one of the shop is returned as it is."""
    if is_the_shops(event):
        return event
    properties = {name: value for name, value in event.properties.items() if _is_harmless(name, value)}
    if event.properties.get("completed"):
        properties["completed"] = True
    lines = event.properties.get("products")
    if isinstance(lines, list):
        properties["products"] = [_line(line) for line in lines if isinstance(line, Mapping)]
    return replace(event, properties={**_line(event.properties), **properties}, traits={})


def shown(event: Event, events: Iterable[Event], products: Mapping[str, Product], currency: str) -> Event:
    """The event of a message, made of bare ``events``, with its products as the shop knows them.

    ``products`` are the catalogue's, by id; ``currency`` is that of amounts if neither the event nor the catalogue
    names one. A product that neither the catalogue nor one of the shop's ``events`` names keeps only its quantity.
    """
    several = tuple(events)
    if all(map(is_the_shops, several)):
        return event
    shop_lines = [line for each in several if is_the_shops(each) for line in _lines(each.properties)]
    own = dict(event.properties)
    listed = own.pop("products", None)
    used = own.get("currency") or _currency(_lines(event.properties), products) or currency
    lines = [_named(line, shop_lines, products, used) for line in _lines({"products": listed})]
    about = {} if is_the_shops(event) else {name: own.pop(name) for name in carts.IDENTITY if name in own}
    if about:
        own = {**own, **_named(about, shop_lines, products, used)}
    return replace(event, properties={**own, "currency": used, **({"products": lines} if lines else {})})


def _is_harmless(name: str, value: Any) -> bool:
    if name in _NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST
    if name in _DATES:
        return isinstance(value, str) and _DATE.fullmatch(value) is not None
    return name in _IDS and isinstance(value, str | int) and _ID.fullmatch(str(value)) is not None


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """What tells the products of a cart apart, and the quantity."""
    identity: dict[str, Any] = carts.identity(line)
    return {**identity, "quantity": carts.quantity(line)} if identity or "quantity" in line else identity


def _lines(properties: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    listed = properties.get("products")
    if isinstance(listed, list):
        return [line for line in listed if isinstance(line, Mapping)]
    return [properties] if carts.identity(properties) else []


def _named(
    line: Mapping[str, Any], shop_lines: Sequence[Mapping[str, Any]], products: Mapping[str, Product], currency: str
) -> dict[str, Any]:
    """The line with the words of the newest line of the shop's that is the same, else with those of the catalogue."""
    own = {name: value for name, value in line.items() if name not in carts.IDENTITY}
    same = next((each for each in reversed(shop_lines) if carts.is_same(each, line)), None)
    if same is not None:
        return {**{name: value for name, value in same.items() if name not in _NOT_OF_ANOTHER}, **own}
    product = products.get(str(line.get("product_id", "")))
    return {**own, **_of_catalogue(product, currency)} if product else own


def _of_catalogue(product: Product, currency: str) -> dict[str, Any]:
    values = {"name": product.title, "image_url": product.image, "url": product.url, "category": product.category}
    price = {"price": product.price} if product.price is not None and product.currency in ("", currency) else {}
    return {"product_id": product.id, **{name: value for name, value in values.items() if value}, **price}


def _currency(lines: Iterable[Mapping[str, Any]], products: Mapping[str, Product]) -> str:
    """The one currency of the lines' products; empty if there is none, or more than one."""
    own = [products.get(str(line.get("product_id", ""))) for line in lines]
    currencies = {product.currency for product in own if product and product.price is not None}
    return currencies.pop() if len(currencies) == 1 else ""
