"""Requests as the senders make them, in API Gateway's event shape."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

# When they come: 2026-11-21T19:12:00Z.
NOW = 1_795_288_320
ORDER = {
    "id": 1,
    "email": "ann@x.org",
    "created_at": "2026-11-21T18:00:00Z",
    "updated_at": "2026-11-21T18:00:00Z",
    "currency": "EUR",
    "total_price": "10.00",
}
TRACK = {"type": "track", "event": "Seen", "userId": "u1", "messageId": "m1", "timestamp": "2026-11-21T19:00:00Z"}
# Sends an event of API Gateway to the handler; the status and the JSON of its answer.
Send = Callable[[dict[str, Any]], tuple[int, Any]]


def gateway(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An HTTP API event (payload format 2.0) with the body in base64."""
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": dict(headers or {}),
        "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def sign(body: bytes, secret: str = "hush") -> str:
    """The signature of Shopify and WooCommerce."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def shopify(topic: str, body: Any, secret: str = "hush", **headers: str) -> dict[str, Any]:
    """A signed webhook; ``event_id="e1"`` becomes X-Shopify-Event-Id."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {f"X-Shopify-{name.replace('_', '-').title()}": value for name, value in headers.items()}
    return gateway(
        "POST",
        "/hooks/shopify",
        raw,
        {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": sign(raw, secret), **given},
    )


def woocommerce(topic: str, body: Any, secret: str = "hush", **headers: str) -> dict[str, Any]:
    """A signed webhook of WooCommerce; ``delivery_id="d1"`` becomes X-WC-Webhook-Delivery-Id."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {f"X-WC-Webhook-{name.replace('_', '-').title()}": value for name, value in headers.items()}
    signed = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": sign(raw, secret)}
    return gateway("POST", "/hooks/woocommerce", raw, {**signed, **given})


def stripe(_type: str, body: Any, secret: str = "hush", made: int = NOW) -> dict[str, Any]:
    """A signed event of Stripe, whose body says its type; ``made`` is when it was signed (seconds UTC)."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = hmac.new(secret.encode(), f"{made}.".encode() + raw, hashlib.sha256).hexdigest()
    return gateway("POST", "/hooks/stripe", raw, {"Stripe-Signature": f"t={made},v1={signature}"})


def segment(route: str, body: Any, key: str | None = "SK", **headers: str) -> dict[str, Any]:
    """A call of the Segment HTTP API with the write key as the user name."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    basic = base64.b64encode(f"{key}:".encode()).decode()
    return gateway(
        "POST", f"/v1/{route}", raw, {**({} if key is None else {"Authorization": f"Basic {basic}"}), **headers}
    )


def places(answer: Any) -> list[str]:
    """Where in the request its faults are."""
    return [fault["where"] for fault in answer["faults"]]
