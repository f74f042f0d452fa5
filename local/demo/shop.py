"""A small shop on Shopify: its products, its customers, and the webhooks that Shopify sends about them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from local.runtime.clock import now, rfc3339

DOMAIN = "corner-shop.myshopify.com"
Lines = Sequence[tuple["Product", int]]


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the shop; the price is text, as Shopify writes it."""

    id: int
    title: str
    price: str
    picture: str
    kind: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; ``consent`` is what they answered about e-mail, None if they were not asked."""

    id: int
    first_name: str
    last_name: str
    consent: str | None = None

    @property
    def email(self) -> str:
        """The customer's e-mail address."""
        return f"{self.first_name}@example.org".lower()

    def body(self) -> dict[str, Any]:
        """The customer as in Shopify's webhooks."""
        consent = {"state": self.consent, "opt_in_level": "single_opt_in", "consent_updated_at": None}
        return {
            "id": self.id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "created_at": rfc3339(now()),
            "updated_at": rfc3339(now()),
            "email_marketing_consent": consent if self.consent else None,
        }


@dataclass(slots=True)
class Shopify:
    """Builds webhook bodies; ``pictures`` is the address of the product pictures."""

    pictures: str
    _last: int = field(default=5_901_770_000_000_000)

    def product(self, product: Product) -> dict[str, Any]:
        """The body of products/update."""
        return {
            "id": product.id,
            "title": product.title,
            "handle": product.title.lower().replace(" ", "-"),
            "product_type": product.kind,
            "updated_at": rfc3339(now()),
            "image": {"src": self._picture(product)},
            "variants": [{"id": product.id + 1, "price": product.price}],
        }

    def cart(self, token: str, lines: Lines) -> dict[str, Any]:
        """The body of carts/create and carts/update, which name no customer."""
        moment = rfc3339(now())
        return {
            "id": token,
            "token": token,
            "line_items": self._lines(lines),
            "created_at": moment,
            "updated_at": moment,
        }

    def checkout(self, cart: str, customer: Customer, lines: Lines, at: int | None = None) -> dict[str, Any]:
        """The body of checkouts/create."""
        moment = rfc3339(now() if at is None else at)
        return {
            "id": self._number(),
            "token": f"checkout-{cart}",
            "cart_token": cart,
            "email": customer.email,
            "customer": customer.body(),
            "currency": "EUR",
            "line_items": self._lines(lines),
            "total_price": self._total(lines),
            "subtotal_price": self._total(lines),
            "created_at": moment,
            "updated_at": moment,
            "completed_at": None,
            "abandoned_checkout_url": f"https://{DOMAIN}/checkouts/{cart}/recover",
        }

    def order(self, cart: str, customer: Customer, lines: Lines) -> dict[str, Any]:
        """The body of orders/create."""
        number = self._number()
        purchase = self.checkout(cart, customer, lines)
        # Only a checkout has these: they would prove the body to be one.
        del purchase["completed_at"], purchase["abandoned_checkout_url"]
        return {
            **purchase,
            "id": number,
            "name": f"#{1_000 + number % 1_000}",
            "token": f"order-{number}",
            "checkout_token": f"checkout-{cart}",
            "order_status_url": f"https://{DOMAIN}/orders/{number}",
            "financial_status": "paid",
        }

    def refund(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """The body of refunds/create for the whole order."""
        transaction = {"kind": "refund", "status": "success", "amount": order["total_price"], "currency": "EUR"}
        return {
            "id": self._number(),
            "order_id": order["id"],
            "created_at": rfc3339(now()),
            "transactions": [transaction],
            "refund_line_items": [],
        }

    def _number(self) -> int:
        self._last += 1_000_003
        return self._last

    def _picture(self, product: Product) -> str:
        return f"{self.pictures}/{product.picture}.png"

    def _lines(self, lines: Lines) -> list[dict[str, Any]]:
        return [
            {
                "id": product.id + 2,
                "product_id": product.id,
                "title": product.title,
                "price": product.price,
                "line_price": str(Decimal(product.price) * quantity),
                "quantity": quantity,
                "product_type": product.kind,
                "vendor": "Corner Shop",
            }
            for product, quantity in lines
        ]

    @staticmethod
    def _total(lines: Lines) -> str:
        return str(sum(Decimal(product.price) * quantity for product, quantity in lines))


def webhook_headers(topic: str, raw: bytes, secret: str, event: str, delivery: str) -> dict[str, str]:
    """The headers of a delivery, signed over the raw body."""
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": base64.b64encode(signature).decode(),
        "x-shopify-shop-domain": DOMAIN,
        "x-shopify-api-version": "2025-07",
        "x-shopify-event-id": event,
        "x-shopify-webhook-id": delivery,
        "x-shopify-triggered-at": rfc3339(now()),
    }


def segment_headers(write_key: str) -> dict[str, str]:
    """The headers of an SDK's request."""
    basic = base64.b64encode(f"{write_key}:".encode()).decode()
    return {"content-type": "application/json", "authorization": f"Basic {basic}"}


def dumped(body: Any) -> bytes:
    """The body as the bytes that are signed and sent."""
    return json.dumps(body, separators=(",", ":")).encode()
