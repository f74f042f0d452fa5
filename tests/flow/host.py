"""A whole product in the test's own process, spoken to through its real doors."""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import quote

from cli.webhooks import sign
from local.http.control import Control
from local.http.publish import publish_all
from local.runtime.clock import now, rfc3339
from local.runtime.host import Host as LocalHost
from local.runtime.host import running
from local.runtime.invoke import Handler
from local.runtime.lambda_events import LocalAnswer, LocalRequest

URL = "http://127.0.0.1:8787"
SHOP_DOMAIN = "corner-shop.myshopify.com"


class HostClock:
    """The clock of the host."""

    def __init__(self, host: "Host") -> None:
        self._host = host

    def __call__(self) -> int:
        """The second it is."""
        return now()

    def advance(self, span: str) -> str:
        """Go on by a span such as "1h30m"; everything due on the way happens."""
        return self._host.local("POST", "clock", {"advance": span})["now"]

    def to(self, instant: int | str) -> str:
        """Go on to an instant."""
        to = instant if isinstance(instant, str) else rfc3339(instant)
        return self._host.local("POST", "clock", {"to": to})["now"]


class Host:
    """What a test does with the product: webhooks and Segment calls in, the clock, what came of it out."""

    def __init__(self, inner: LocalHost) -> None:
        self.inner = inner
        self.control = Control(inner)
        self.clock = HostClock(self)
        self.keys: dict[str, Any] = inner.keys()
        self._webhooks = 0

    def request(self, method: str, path: str, body: Any = b"", headers: Mapping[str, str] | None = None) -> LocalAnswer:
        """One HTTP request; a body that is not bytes is sent as JSON."""
        named = {name.lower(): value for name, value in (headers or {}).items()}
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
            named.setdefault("content-type", "application/json")
        path, _, query = path.partition("?")
        request = LocalRequest(method, path, query, tuple(named.items()), body)
        return self.control.answer(request) if path.startswith("/_local/") else self.inner.request(request)

    def webhook(self, topic: str, body: Any, **headers: str) -> LocalAnswer:
        """A signed webhook of Shopify; headers are named ``event_id``, ``webhook_id``, ``triggered_at`` …"""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._webhooks += 1
        signature = hmac.new(self.keys["webhooks"]["shopify"].encode(), raw, hashlib.sha256).digest()
        sent = {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-hmac-sha256": base64.b64encode(signature).decode(),
            "x-shopify-shop-domain": SHOP_DOMAIN,
            "x-shopify-webhook-id": f"webhook-{self._webhooks}",
            "x-shopify-event-id": f"event-{self._webhooks}",
            "x-shopify-triggered-at": rfc3339(now()),
            "x-shopify-api-version": "2025-07",
            **{f"x-shopify-{name.replace('_', '-')}": value for name, value in headers.items()},
        }
        return self.request("POST", "/hooks/shopify", raw, sent)

    def delivery(self, source: str, topic: str, body: Any, **headers: str) -> LocalAnswer:
        """The same of any other storefront; headers are named as they are sent, with underscores."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signed = sign(source, topic, raw, self.keys["webhooks"][source], rfc3339(now()))
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", f"/hooks/{source}", raw, {**signed, **given})

    def segment(self, path: str, body: Any, key: str = "server_key") -> LocalAnswer:
        """A call of the Segment HTTP API: ``segment("track", {...})``; with ``write_key`` as the shop's page calls."""
        basic = base64.b64encode(f"{self.keys[key]}:".encode()).decode()
        return self.request("POST", f"/v1/{path}", body, {"authorization": f"Basic {basic}"})

    def api(self, method: str, path: str, body: Any = b"", content_type: str = "application/json") -> LocalAnswer:
        """A call of the console's API with this run's token."""
        headers = {"authorization": f"Bearer {self.keys['admin_token']}", "content-type": content_type}
        return self.request(method, f"/api/{path}", body, headers)

    def publish(self, kind: str, name: str, text: str) -> LocalAnswer:
        """Publish a definition."""
        return self.api("PUT", f"definitions/{kind}/{name}", text.encode(), "application/yaml")

    def local(self, method: str, path: str, body: Any = b"") -> Any:
        """A call of ``/_local/*`` that must succeed; its JSON."""
        answer = self.request(method, f"/_local/{path}", body)
        assert answer.status == 200, (answer.status, answer.body)
        return json.loads(answer.body)

    def settle(self) -> None:
        """Wait until nothing is in flight."""
        self.local("POST", "settle")

    def mailbox(self) -> list[dict[str, Any]]:
        """Every e-mail, oldest first."""
        return self.local("GET", "mailbox")

    def profile(self, identifier: str) -> dict[str, Any] | None:
        """The profile that has the identifier; None when nobody has."""
        self.settle()
        answer = self.api("GET", f"profiles?identifier={quote(identifier)}")
        assert answer.status in (200, 404), (answer.status, answer.body)
        return json.loads(answer.body) if answer.status == 200 else None

    def members(self, segment: str) -> list[str]:
        """The ids of the segment's members, in their order."""
        self.settle()
        return sorted(self.result("GET", f"segments/{segment}/members?limit=100000")["members"])

    def result(self, method: str, path: str, body: Any = b"") -> Any:
        """What the API answers, itself or by a job."""
        answer = self.api(method, path, body)
        assert answer.status in (200, 202), (answer.status, answer.body)
        told = json.loads(answer.body)
        return self.result("GET", f"jobs/{told['job']}?wait=25")["result"] if answer.status == 202 else told


@contextmanager
def opened(
    handlers: Mapping[str, Handler] | None = None, *, shipped: bool = True, shop_domain: str = SHOP_DOMAIN
) -> Iterator[Host]:
    """A fresh host; ``handlers`` stand in for the deployed ones, ``shipped`` publishes the shop's definitions.

    ``shop_domain`` is the setting of that name, which the host leaves unset by itself.
    """
    with mock.patch.dict(os.environ, {"SHOP_DOMAIN": shop_domain}), running(URL, handlers) as inner:
        if shipped and handlers is None:
            publish_all(inner)
        yield Host(inner)
