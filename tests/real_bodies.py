"""Bodies that storefronts sent or documented, read in place from the shared data beside the checkout."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SEGUE_SHARED_DATA") or ROOT.parent / "shared" / "data")
SHOPIFY = DATA / "webhooks" / "shopify"
WOOCOMMERCE = DATA / "webhooks" / "woocommerce"
STRIPE = DATA / "webhooks" / "stripe"
# The types of events that have an object of this kind; one that is in none is sent as an event of its own kind.
TYPES = {
    "checkout.session": (
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    ),
    "charge": ("charge.refunded", "charge.succeeded"),
    "customer": ("customer.created", "customer.updated", "customer.deleted"),
}
MAIN_TOPICS = {
    "orders": "orders/create",
    "order": "orders/create",
    "checkouts": "checkouts/create",
    "carts": "carts/update",
    "customer": "customers/create",
    "products": "products/update",
    "refunds": "refunds/create",
    "customers_email_marketing_consent": "customers_email_marketing_consent/update",
}


def deliveries() -> Iterator[tuple[str, str, bytes]]:
    """(file, topic, raw body) of everything that Shopify may have sent."""
    for path in sorted(SHOPIFY.rglob("*.json")):
        name, content = path.relative_to(SHOPIFY).as_posix(), path.read_bytes()
        if "rudder-pairs" in name:
            pair = json.loads(content)
            request = pair["input"][0]["request"]
            yield name, re.sub("_", "/", pair["topic"] or "", count=1), request["body"].encode()
        elif "admin-api-fixtures" in name:
            yield name, MAIN_TOPICS.get(path.stem, f"{path.stem}/create"), content
            yield from _unwrapped(name, path.stem, json.loads(content))
        elif "exemplars" in name:
            stem = path.name.split(".")[1]
            yield name, MAIN_TOPICS.get(stem, f"{stem}/update"), content
        else:
            yield name, path.stem.replace(".", "/", 1), content


def _unwrapped(name: str, stem: str, content: Any) -> Iterator[tuple[str, str, bytes]]:
    inner = next(iter(content.values())) if isinstance(content, dict) else content
    for position, item in enumerate(inner if isinstance(inner, list) else [inner]):
        yield f"{name}[{position}]", MAIN_TOPICS.get(stem, f"{stem}/create"), json.dumps(item).encode()


def of_woocommerce() -> Iterator[tuple[str, str, bytes]]:
    """(file, topic, raw body) of everything that WooCommerce may have sent: its webhooks are answers of its API.

    Lists are unfolded. One that is no JSON, and one that is of no resource with webhooks, go whole.
    """
    for path in sorted(WOOCOMMERCE.rglob("*.json")):
        name, content = path.relative_to(WOOCOMMERCE).as_posix(), path.read_bytes()
        for topic in _topics_of(path.name):
            yield name, topic, content
            for position, item in enumerate(_items(content)):
                yield f"{name}[{position}]", topic, json.dumps(item).encode()


def _topics_of(file: str) -> tuple[str, ...]:
    resources = [each for each in ("coupon", "customer", "order", "product") if each in file] or ["order"]
    return tuple(f"{resources[0]}.{event}" for event in ("created", "updated", "deleted"))


def _items(content: bytes) -> list[Any]:
    try:
        whole = json.loads(content)
    except ValueError:
        return []
    inner = whole.get("data", ()) if isinstance(whole, dict) else whole
    return inner if isinstance(inner, list) else [inner] if inner else []


def of_stripe() -> Iterator[tuple[str, str, bytes]]:
    """(file, type, raw body) of everything that Stripe may have sent: events, and objects as events have them."""
    for path in sorted(STRIPE.rglob("*.json")):
        name, content = path.relative_to(STRIPE).as_posix(), path.read_bytes()
        yield name, "", content
        subject = json.loads(content)
        kind = str(subject.get("object", path.stem))
        for type_ in TYPES.get(kind, (f"{kind}.updated",)):
            event: dict[str, Any] = {
                "id": f"evt_{len(name)}_{subject.get('id')}_{type_}",
                "object": "event",
                "type": type_,
            }
            event |= {"created": 1_795_280_000 + len(type_), "data": {"object": subject}}
            yield name, type_, json.dumps(event).encode()
