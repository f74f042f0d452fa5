"""The links in e-mails: GET and HEAD show a page and change nothing, POST changes what holds (RFC 8058, and forms)."""

from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths

from functions import telemetry, wiring
from functions.core.base.errors import Expired, NotFound, Unavailable
from functions.core.messages import confirmation_page
from functions.core.messages import preference_page as page
from functions.core.messages.confirmation import Claims
from functions.handlers import http
from functions.usecases import confirm, preferences
from functions.usecases.confirm import Answer
from functions.usecases.preferences import Choice

LARGEST = 10_000
_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
_ANSWERED: Mapping[Answer, Callable[[str, str], str]] = {
    "confirm": confirmation_page.confirmed,
    "refuse": confirmation_page.refused,
}
app = http.resolver()


@telemetry.observed(correlation_paths.API_GATEWAY_HTTP)
def handler(event: http.Event, lambda_context: Any) -> http.Answer:
    """Answer one request; 200 to a POST means that the log has it."""
    answer = app.resolve(http.escaped(event), lambda_context)
    return {**answer, "body": ""} if app.current_event.http_method == "HEAD" else answer


@app.get("/u/<token>")
@app.head("/u/<token>")
def show(token: str) -> Response[str]:
    """The page with the recipient's current choice; nothing is changed."""
    context = wiring.context()
    claims = preferences.read_token(context, unquote(token))
    holds = preferences.current_consent(context, claims)
    return _html(200, page.asking(context.settings.shop_name, claims.address, holds))


@app.post("/u/<token>")
def take(token: str) -> Response[str]:
    """Store the choice and return the page that confirms it; 400 if the form does not say which."""
    context, wish = wiring.context(), _wish(app.current_event.raw_event)
    shop, claims = context.settings.shop_name, preferences.read_token(context, unquote(token))
    if wish is None:
        return _html(400, page.unclear(shop))
    holds = preferences.change(context, claims, wish)
    if wish == "subscribe":
        return _html(200, page.resumed(shop, claims.address, holds))
    return _html(200, page.stopped(shop, claims.address))


@app.get("/confirm/<token>")
@app.head("/confirm/<token>")
def show_question(token: str) -> Response[str]:
    """The page that asks the recipient to confirm a yes; nothing is changed."""
    context = wiring.context()
    shop, claims = context.settings.shop_name, confirm.read_token(context, unquote(token))
    shown = confirmation_page.used if confirm.is_used(context, claims) else confirmation_page.asking
    return _html(200, shown(shop, _address(claims)))


@app.post("/confirm/<token>")
def take_answer(token: str) -> Response[str]:
    """Store the yes, or the no if the form says "refuse"; 400 for a form that says anything else."""
    context, given = wiring.context(), _answer(app.current_event.raw_event)
    shop, claims = context.settings.shop_name, confirm.read_token(context, unquote(token))
    if given is None:
        return _html(400, page.unclear(shop))
    shown = _ANSWERED[given] if confirm.answer(context, claims, given) else confirmation_page.used
    return _html(200, shown(shop, _address(claims)))


def _address(claims: Claims) -> str:
    return claims.address.partition(":")[2]


def _expired(_error: Expired) -> Response[str]:
    return _html(410, confirmation_page.expired(wiring.ports().settings.shop_name))


def _unknown(_error: Exception) -> Response[str]:
    return _html(404, page.unknown(wiring.ports().settings.shop_name))


def _failing(_error: Unavailable) -> Response[str]:
    return _html(503, page.failing(wiring.ports().settings.shop_name), {"retry-after": http.RETRY_AFTER})


def _wish(event: http.Event) -> Choice | None:
    """The choice in the form or in the mail program's request; None if there is none."""
    fields = _fields(event)
    if fields.get("List-Unsubscribe") == "One-Click" or fields.get("action") == "unsubscribe":
        return "unsubscribe"
    return "subscribe" if fields.get("action") == "subscribe" else None


def _answer(event: http.Event) -> Answer | None:
    """The answer in the form, yes where there is none: the link itself says what for; None if it is no answer."""
    given = _fields(event).get("action", "confirm")
    return next((known for known in _ANSWERED if known == given), None)


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


def _html(status: int, body: str, more: Mapping[str, str] | None = None) -> Response[str]:
    return Response(status, body=body, headers={**_HEADERS, **(more or {})})


app.not_found(_unknown)
app.exception_handler(NotFound)(_unknown)
app.exception_handler(Expired)(_expired)
app.exception_handler(Unavailable)(_failing)
