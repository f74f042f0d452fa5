"""The values of a template's tokens: the person, the event, the cart or order, the shop.

Amounts here are Decimals in major units, as in definitions; in events they are integers in minor units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from functions.core.base import zones
from functions.core.base.events import Event
from functions.core.base.money import MONEY, major
from functions.core.base.product import Product
from functions.core.messages import charges, local_format
from functions.core.messages.safety import link, plain

MOST_LINES = 50
_ID_BYTES = 512


@dataclass(frozen=True, slots=True)
class ShopDetails:
    """The shop as messages show it."""

    name: str
    url: str = ""
    address: str = ""
    currency: str = "EUR"
    locale: str = "en"
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Facts:
    """All data that one message may use.

    event      the event that the message is about: that of a cart, checkout or order
    traits     the person's traits, by name, values only
    products   the catalogue's products for the cart, by product id
    confirm_url  the recipient's link by which a yes is confirmed, in the e-mail that asks for it
    visit_token  by which the shop's page recognises the recipient, in a link's ``segue_token``
    """

    shop: ShopDetails
    email: str
    unsubscribe_url: str = ""
    event: Event | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    segment: str = ""
    confirm_url: str = ""
    visit_token: str = ""


# The tokens of a cart or order line, with the names that sources and catalogues give them.
LINE = {
    "id": ("product_id", "id"),
    "sku": ("sku",),
    "name": ("name", "title", "product_name"),
    "variant": ("variant", "variant_title"),
    "brand": ("brand", "vendor"),
    "category": ("category", "product_type"),
}
LINE_TOKENS = (*LINE, "quantity", "price", "line_price", "compare_at_price", "image_url", "url")
_AMOUNTS = ("subtotal", "discount", "shipping", "tax")
CART_TOKENS = (
    "id",
    "lines",
    "count",
    "unnamed",
    "has_pictures",
    "total",
    *_AMOUNTS,
    "rows",
    "tax_included",
    "currency",
    "url",
)
ORDER_TOKENS = ("number", *CART_TOKENS)
SHOP_TOKENS = ("name", "url", "address")
ROOT_TOKENS = ("first_name", "last_name", "email", "segment", "unsubscribe_url", "confirm_url", "visit_token")
_CART_URL = ("checkout_url", "abandoned_checkout_url", "cart_url", "url")
_ORDER_URL = ("order_status_url", "order_url", "url")


def product_ids(event: Event | None) -> tuple[str, ...]:
    """The distinct product ids of the event's lines, to look up in the catalogue; a text too long for an id is none."""
    properties = plain(event.properties) if event else {}
    ids = dict.fromkeys(_first(line, LINE["id"]) for line in _lines(properties))
    return tuple(each for each in ids if 0 < len(each.encode()) <= _ID_BYTES)


def build(facts: Facts) -> dict[str, Any]:
    """The values of all tokens, limited in length and depth; unsafe links are empty."""
    traits = plain(facts.traits)
    properties = plain(facts.event.properties) if facts.event else {}
    currency = local_format.currency_of(properties.get("currency"), facts.shop.currency)
    event = _major(properties, currency)
    basket = _basket(event, currency, facts)
    is_order = bool(facts.event and facts.event.name.startswith("Order"))
    return {
        "first_name": _first(traits, ("first_name", "firstName")) or _word(traits.get("name"), 0),
        "last_name": _first(traits, ("last_name", "lastName")) or _word(traits.get("name"), 1),
        "email": facts.email,
        "traits": traits,
        "event": event,
        "cart": basket,
        "order": {**basket, "number": _first(event, ("number", "name", "order_id", "id"))} if is_order else {},
        "shop": {"name": facts.shop.name, "url": facts.shop.url, "address": facts.shop.address},
        "segment": facts.segment,
        "unsubscribe_url": facts.unsubscribe_url,
        "confirm_url": facts.confirm_url,
        "visit_token": facts.visit_token,
        "currency": currency,
        # Dates are shown in the recipient's time zone.
        "timezone": zones.canonical(traits.get("timezone")) or facts.shop.timezone,
        **_language(traits, facts.shop),
    }


def _language(traits: Mapping[str, Any], shop: ShopDetails) -> dict[str, str]:
    """The locale for amounts and dates, and the same as a BCP 47 language tag for HTML."""
    locale = next(filter(local_format.LANGUAGE.fullmatch, (_first(traits, ("locale", "language")), shop.locale)), "en")
    return {"locale": locale, "language": locale.replace("_", "-")}


def _basket(event: Mapping[str, Any], currency: str, facts: Facts) -> dict[str, Any]:
    listed = _lines(event)
    lines = [_line(each, currency, facts) for each in listed if _says_what(each)]
    # Of the others nothing is known but how many they are, so no sum is known either.
    unnamed = sum(_quantity(each.get("quantity")) for each in listed if not _says_what(each))
    goods = _sum(line["line_price"] for line in lines) if lines and not unnamed else None
    total = next((event[name] for name in ("total", "total_price", "value", "revenue") if _is(event.get(name))), goods)
    amounts = {name: event.get(name) if _is(event.get(name)) else None for name in _AMOUNTS}
    names = _ORDER_URL if facts.event and facts.event.name.startswith("Order") else _CART_URL
    return {
        "id": _first(event, ("cart_id", "checkout_id", "order_id", "id")),
        "lines": lines,
        "count": sum(line["quantity"] for line in lines) + unnamed,
        "unnamed": unnamed,
        "has_pictures": any(line["image_url"] for line in lines),
        "total": total,
        **amounts,
        **charges.charges(goods, total, amounts),
        "currency": currency,
        "url": next(filter(None, (link(_text(event.get(name)), facts.shop.url) for name in names)), facts.shop.url),
    }


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None if any amount is unknown."""
    numbers = list(amounts)
    return None if None in numbers else sum(filter(None, numbers), Decimal(0))


def _says_what(line: Mapping[str, Any]) -> bool:
    return bool(line.keys() - {"quantity"})


def _line(line: Mapping[str, Any], currency: str, facts: Facts) -> dict[str, Any]:
    product = facts.products.get(_first(line, LINE["id"]))
    quantity, price = _quantity(line.get("quantity")), line.get("price")
    if not _is(price):
        price = _catalogue_price(product, currency)
    own = line.get("line_price")
    image = _text(line.get("image_url") or line.get("image")) or (product.image if product else "")
    url = _text(line.get("url")) or (product.url if product else "")
    return {
        **{token: _first(line, names) for token, names in LINE.items()},
        "name": _first(line, LINE["name"]) or (product.title if product else ""),
        "quantity": quantity,
        "price": price,
        "line_price": own if _is(own) else price * quantity if price is not None else None,
        "compare_at_price": line.get("compare_at_price"),
        "image_url": link(image, facts.shop.url),
        "url": link(url, facts.shop.url),
    }


def _lines(properties: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    products = properties.get("products")
    if isinstance(products, list):
        return [line for line in products[:MOST_LINES] if isinstance(line, Mapping)]
    return [properties] if "product_id" in properties or "sku" in properties else []


def _major(value: Any, currency: str, name: str = "") -> Any:
    if isinstance(value, Mapping):
        return {key: _major(inner, currency, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_major(inner, currency, name) for inner in value]
    if name in MONEY and isinstance(value, int) and not isinstance(value, bool):
        return major(value, currency)
    return value


def _catalogue_price(product: Product | None, currency: str) -> Decimal | None:
    """The catalogue's price in major units; None without one in this currency."""
    if product is None or product.price is None or product.currency not in ("", currency):
        return None
    return major(product.price, currency)


def _is(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _quantity(value: Any) -> int:
    return int(value) if _is(value) and 0 <= value < 1_000_000 else 1


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(values.get(name)).strip())), "")


def _word(value: Any, index: int) -> str:
    """The first word of a full name, or the rest."""
    words = _text(value).split(maxsplit=1)
    return words[index] if index < len(words) else ""
