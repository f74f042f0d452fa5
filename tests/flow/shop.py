"""A small shop of our own: bodies as Shopify sends them, and the calls its web page makes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from local.runtime.clock import now, rfc3339
from local.runtime.lambda_events import LocalAnswer

Body = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody with an account at the shop; ``number`` makes the address, and the id above 2^53."""

    number: int

    @property
    def email(self) -> str:
        """The address."""
        return f"person{self.number}@mail.example"

    @property
    def id(self) -> int:
        """Shopify's id of the customer."""
        return 9_007_199_254_740_993 + self.number

    @property
    def name(self) -> str:
        """The first name."""
        return f"Ann{self.number}"


ANN, BEN = Person(1), Person(2)


def read(answer: LocalAnswer) -> Any:
    """What a successful answer says."""
    assert answer.status == 200, (answer.status, answer.body)
    return json.loads(answer.body)


def line(product: int = 501, title: str = "Walnut watch", price: str = "129.50", quantity: int = 1) -> Body:
    """A line of a cart, checkout or order."""
    return {
        "id": product * 10,
        "product_id": product,
        "variant_id": product * 10,
        "sku": f"SKU-{product}",
        "title": title,
        "price": price,
        "quantity": quantity,
    }


def cart(token: str, *lines: Body, at: int | None = None) -> Body:
    """carts/create and carts/update: a cart names nobody."""
    at = now() if at is None else at
    return {
        "id": token,
        "token": token,
        "created_at": rfc3339(at),
        "updated_at": rfc3339(at),
        "line_items": list(lines) or [line()],
    }


def checkout(
    token: str,
    person: Person,
    *lines: Body,
    cart: str | None = None,
    at: int | None = None,
    updated: int | None = None,
    completed: int | None = None,
    consent: str | None = None,
) -> Body:
    """checkouts/create and checkouts/update: joins a cart to a person."""
    at = now() if at is None else at
    return {
        "id": 7_000_000 + person.number,
        "token": token,
        "cart_token": cart,
        "email": person.email,
        "created_at": rfc3339(at),
        "updated_at": rfc3339(at if updated is None else updated),
        "completed_at": None if completed is None else rfc3339(completed),
        "currency": "EUR",
        "customer": customer(person, at=at, consent=consent),
        "line_items": list(lines) or [line()],
        "abandoned_checkout_url": f"https://corner-shop.example/checkouts/{token}/recover",
        **_totals(lines or (line(),)),
    }


def order(
    number: int,
    person: Person,
    *lines: Body,
    cart: str | None = None,
    checkout: str | None = None,
    at: int | None = None,
    updated: int | None = None,
    cancelled: int | None = None,
) -> Body:
    """The order topics; ``number`` is its id."""
    at = now() if at is None else at
    return {
        "id": number,
        "name": f"#{number}",
        "email": person.email,
        "cart_token": cart,
        "checkout_token": checkout,
        "created_at": rfc3339(at),
        "updated_at": rfc3339(at if updated is None else updated),
        "cancelled_at": None if cancelled is None else rfc3339(cancelled),
        "currency": "EUR",
        "customer": customer(person, at=at),
        "line_items": list(lines) or [line()],
        **_totals(lines or (line(),)),
    }


def customer(person: Person, *, at: int | None = None, consent: str | None = None) -> Body:
    """customers/create and customers/update; ``consent`` is what was said about marketing, at ``at``."""
    at = now() if at is None else at
    said = {"state": consent, "opt_in_level": "single_opt_in", "consent_updated_at": rfc3339(at)}
    return {
        "id": person.id,
        "email": person.email,
        "first_name": person.name,
        "last_name": "Archer",
        "created_at": rfc3339(at),
        "updated_at": rfc3339(at),
        "email_marketing_consent": said if consent else None,
    }


def product(number: int, image: str, *, title: str = "Walnut watch", at: int | None = None) -> Body:
    """products/update."""
    return {
        "id": number,
        "title": title,
        "handle": f"product-{number}",
        "product_type": "Watches",
        "updated_at": rfc3339(now() if at is None else at),
        "image": {"src": image},
        "variants": [{"price": "129.50"}],
    }


def redact(person: Person, *orders: int) -> Body:
    """customers/redact."""
    return {
        "shop_domain": "corner-shop.myshopify.com",
        "customer": {"id": person.id, "email": person.email},
        "orders_to_redact": list(orders),
    }


def track(event: str, *, at: int | None = None, **given: Any) -> Body:
    """A Segment track call; ``user``, ``anonymous`` and ``email`` say whose, the rest are properties."""
    return {"event": event, **_message(at), **_whose(given), "properties": given}


def identify(*, at: int | None = None, **given: Any) -> Body:
    """A Segment identify call; ``consent`` is a statement about marketing, the rest are traits."""
    consent = given.pop("consent", None)
    said = {"email_marketing_consent": consent} if consent else {}
    whose = _whose({name: given.pop(name) for name in ("user", "anonymous") if name in given})
    return {**_message(at), **whose, "traits": {**given, **said}}


def _whose(given: dict[str, Any]) -> Body:
    email = given.pop("email", None)
    names = {"userId": given.pop("user", None), "anonymousId": given.pop("anonymous", None)}
    return names if email is None else {**names, "context": {"traits": {"email": email}}}


def _message(at: int | None) -> Body:
    return {"messageId": str(uuid4()), "timestamp": rfc3339(now() if at is None else at)}


def _totals(lines: Iterable[Body]) -> Body:
    total = sum(round(float(each["price"]) * 100) * each["quantity"] for each in lines)
    amount = f"{total // 100}.{total % 100:02d}"
    return {"subtotal_price": amount, "total_price": amount, "total_tax": "0.00"}


def known_at_every_door(host: Any) -> None:
    """Ann, who wants the shop's mail: to the storefront a customer, to its page and its till the user ``ann``."""
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.segment("identify", identify(user="ann", email=ANN.email, consent="subscribed"))
    host.clock.advance("10m")
