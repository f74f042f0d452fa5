"""The unsubscribe link: GET and HEAD show what holds and change nothing, POST changes it (RFC 8058 and the form)."""

from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from functions import wiring
from functions.core.base.errors import NotFound, Unavailable
from functions.core.messages import preference_page as page
from functions.core.messages.unsubscribe import Claims
from functions.handlers import http
from functions.usecases import preferences
from functions.usecases.preferences import EntryOnPublish
from functions.wiring import Wiring

LARGEST = 10_000
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}


def handler(event: dict[str, Any], _context: object) -> http.Answer:
    """Answer one request; 200 to a POST means that the log has it."""
    ports, now = wiring.ports(), wiring.now()
    shop = ports.settings.shop_name
    try:
        claims = preferences.claimed(http.parts(event)[-1], ports)
        answer = (_take if http.method(event) == "POST" else _show)(event, claims, ports, now)
    except NotFound:
        answer = _html(404, page.unknown(shop))
    except Unavailable:
        answer = _html(503, page.failing(shop), {"retry-after": http.RETRY_AFTER})
    return {**answer, "body": ""} if http.method(event) == "HEAD" else answer


def _show(_event: http.Event, claims: Claims, ports: Wiring, now: int) -> http.Answer:
    holds = preferences.standing(claims, ports, now)
    return _html(200, page.asking(ports.settings.shop_name, claims.address, holds))


def _take(event: http.Event, claims: Claims, ports: Wiring, now: int) -> http.Answer:
    shop, wish = ports.settings.shop_name, _wish(event)
    if wish is None:
        return _html(400, page.unclear(shop))
    holds = preferences.change(claims, wish, ports, now)
    if wish == "subscribe":
        return _html(200, page.resumed(shop, claims.address, holds))
    return _html(200, page.stopped(shop, claims.address))


def _wish(event: http.Event) -> EntryOnPublish | None:
    """What the form or the mail program asks for; None if neither."""
    fields = _fields(event)
    if fields.get("List-Unsubscribe") == "One-Click" or fields.get("action") == "unsubscribe":
        return "unsubscribe"
    return "subscribe" if fields.get("action") == "subscribe" else None


def _fields(event: http.Event) -> dict[str, str]:
    """The fields of the body, in either encoding that RFC 8058 allows."""
    body, kind = http.body(event)[:LARGEST], http.headers(event).get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    head = f"Content-Type: {' '.join(kind.split())}\r\n\r\n".encode()
    parts = message_from_bytes(head + body, policy=HTTP).iter_parts()
    return {str(part.get_param("name", header="content-disposition")): _content(part) for part in parts}


def _content(part: Any) -> str:
    return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace").strip()


def _html(status: int, body: str, more: dict[str, str] | None = None) -> http.Answer:
    return {"statusCode": status, "headers": {**_HEADERS, **(more or {})}, "body": body}
