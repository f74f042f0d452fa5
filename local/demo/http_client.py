"""Calls a running host over HTTP as storefronts, SDKs, recipients and a console do."""

import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.demo.shop import dumped, segment_headers, webhook_headers


class Unwelcome(Exception):
    """The host refused a request that the story needs."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook that was sent, kept to send it again unchanged."""

    path: str
    raw: bytes
    headers: Mapping[str, str]


class OverHttp:
    """A client of the host at one address."""

    def __init__(self, url: str) -> None:
        self._place = urlsplit(url).netloc
        self._keys: dict[str, Any] = self.get("/_local/keys")

    def webhook(self, topic: str, body: Any) -> Delivery:
        """Send a signed Shopify webhook."""
        raw, event = dumped(body), uuid.uuid4().hex
        headers = webhook_headers(topic, raw, self._keys["webhooks"]["shopify"], event, uuid.uuid4().hex)
        delivery = Delivery("/hooks/shopify", raw, headers)
        self.again(delivery)
        return delivery

    def again(self, delivery: Delivery) -> None:
        """Send the same webhook once more."""
        self._ask("POST", delivery.path, delivery.raw, delivery.headers)

    def segment(self, call: str, body: Any) -> None:
        """Call the Segment HTTP API."""
        self._ask("POST", f"/v1/{call}", dumped(body), segment_headers(self._keys["server_key"]))

    def api(self, path: str) -> Any:
        """Call the console's API and return its answer; None for a 404."""
        headers = {"authorization": f"Bearer {self._keys['admin_token']}"}
        return self._ask("GET", f"/api/{path}", b"", headers, missing=True)

    def get(self, path: str) -> Any:
        """Read from ``/_local`` of the host."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, body: Any = None) -> Any:
        """Post to ``/_local`` of the host."""
        return self._ask("POST", path, dumped(body or {}), {"content-type": "application/json"})

    def one_click(self, url: str) -> None:
        """Unsubscribe as a mail program does when its reader presses the button (RFC 8058)."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        self._ask("POST", urlsplit(url).path, b"List-Unsubscribe=One-Click", headers)

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, missing: bool = False) -> Any:
        connection = http.client.HTTPConnection(self._place, timeout=600)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if missing and answer.status == 404:
            return None
        if answer.status >= 300:
            raise Unwelcome(f"{method} {path}: {answer.status} {text[:500].decode('utf-8', 'replace')}")
        return json.loads(text) if answer.headers.get_content_type() == "application/json" and text else None
