"""What every Shopify webhook tells beside its own subject, and the readers that the topics share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from functions.core.base import money
from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Consent, Event
from functions.core.base.intake import Request
from functions.sources.event_parts import compact, message_id, names, stamp
from functions.sources.fields import instant, mapping, mappings, text, whole

LINES = 500


def header(request: Request, name: str) -> str:
    """A Shopify header, with or without the ``X-`` that its newer deliveries lack."""
    return (request.headers.get(f"x-{name}") or request.headers.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook: its topic, its body, who delivered it and when."""

    topic: str
    body: Mapping[str, Any]
    message: str
    triggered: int | None
    received: int
    currency: str
    domain: str

    def event(
        self,
        name: str,
        at: int | None,
        identifiers: tuple[str, ...],
        properties: Mapping[str, Any],
        *,
        traits: Mapping[str, Any] | None = None,
        consent: Consent | None = None,
        natural: str | None = None,
        revision: int = 0,
        key: str = "",
    ) -> Event:
        """An event at the body's time ``at`` (milliseconds); its key is the same however often it is delivered."""
        if not identifiers:
            raise NotUnderstood(f"{self.topic}: the body names nobody")
        moment = at if at is not None else self.triggered
        return Event(
            name=name,
            time=self.received if moment is None else min(moment // 1000, self.received),
            received=self.received,
            identifiers=identifiers,
            sort=f"{stamp(moment)}#{key or f'{self.message}:{self.topic}:{name}'}",
            source="shopify",
            properties=money.normalise(compact(properties), self.currency),
            traits=traits or {},
            consent=consent,
            natural=natural,
            revision=revision,
        )

    def required(self, name: str) -> str:
        """The text or number of a field that the topic cannot do without."""
        found = text(self.body.get(name))
        if found is None:
            raise NotUnderstood(f"{self.topic}: {name} is missing")
        return found

    def moment(self, *fields: str) -> int:
        """The first of the dates that is there, in milliseconds; a date that is there must be one."""
        for name in fields:
            if self.body.get(name) not in (None, ""):
                found = instant(self.body[name])
                if found is None:
                    raise NotUnderstood(f"{self.topic}: {name} is not a date")
                return found
        raise NotUnderstood(f"{self.topic}: {' or '.join(fields)} is missing")


def tell(request: Request, topic: str, body: Any) -> Webhook:
    """Read what the headers say; raises NotUnderstood for a body that is not an object."""
    if not isinstance(body, dict):
        raise NotUnderstood(f"{topic}: the body is not an object")
    given = header(request, "shopify-event-id") or header(request, "shopify-webhook-id")
    return Webhook(
        topic=topic,
        body=body,
        message=message_id(given, request.body),
        triggered=instant(header(request, "shopify-triggered-at")),
        received=request.received,
        currency=currency(body) or request.currency,
        domain=header(request, "shopify-shop-domain").lower(),
    )


def currency(body: Mapping[str, Any]) -> str | None:
    """The shop's currency as the body tells it: its own, or that of its lines."""
    lines = (mapping(mapping(line.get("price_set")).get("shop_money")) for line in mappings(body.get("line_items")))
    told = [body.get("currency"), *(line.get("currency_code") for line in lines)]
    return next((code.upper() for code in told if isinstance(code, str) and len(code) == 3 and code.isalpha()), None)


def amount(body: Mapping[str, Any], name: str) -> Decimal | None:
    """An amount in the shop's currency, in major units; None if there is none."""
    shop = mapping(mapping(body.get(f"{name}_set")).get("shop_money")).get("amount")
    found = money.decimal(shop)
    return found if found is not None else money.decimal(body.get(name))


def cart_token(value: Any) -> str | None:
    """A cart's token, without the key that newer carts carry behind a question mark."""
    found = text(value, 512)
    return found.partition("?")[0] if found else None


def link(value: Any) -> str | None:
    """A web address of ordinary length."""
    found = text(value, 2048)
    return found if found and len(found) < 2048 and found.startswith(("https://", "http://")) else None


def people(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Who an order or a checkout names."""
    customer = mapping(body.get("customer"))
    yield "email", body.get("email") or body.get("contact_email")
    yield "email", customer.get("email")
    yield "shopify", customer.get("id")


def person(customer: Mapping[str, Any]) -> tuple[str, ...]:
    """Who a customer is."""
    return names(("email", customer.get("email")), ("shopify", customer.get("id")))


def products(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a cart, a checkout or an order."""
    return [line(item) for item in mappings(body.get("line_items"))[:LINES]]


def line(item: Mapping[str, Any]) -> dict[str, Any]:
    """One line in the Segment e-commerce vocabulary; ids are text, since they exceed what a float holds."""
    return compact(
        {
            "product_id": text(item.get("product_id")),
            "variant_id": text(item.get("variant_id")),
            "sku": text(item.get("sku")),
            "name": text(item.get("title")) or text(item.get("presentment_title")) or text(item.get("name")),
            "variant": text(item.get("variant_title")),
            "brand": text(item.get("vendor")),
            "category": text(item.get("product_type")),
            "price": amount(item, "price"),
            "compare_at_price": amount(item, "compare_at_price"),
            "line_price": amount(item, "line_price"),
            "quantity": whole(item.get("quantity")),
            "image_url": link(item.get("image_url")) or link(item.get("image")),
            "url": link(item.get("url")),
        }
    )


def coupon(body: Mapping[str, Any]) -> str | None:
    """The first discount code."""
    codes = (text(code.get("code")) for code in mappings(body.get("discount_codes")))
    return next((code for code in codes if code), None)
