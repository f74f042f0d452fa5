"""How the doors of senders and of pages refuse: JSON with every fault, which pages of every origin may read."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions import telemetry
from functions.core.base.errors import BadSignature, Fault, MethodNotAllowed, Refused, TooMany, Unavailable
from functions.handlers import http, openapi
from functions.handlers.event_requests import CORS

_WORDS = {
    400: "malformed",
    401: "unauthorized",
    404: "not found",
    405: "method not allowed",
    413: "oversize",
    429: "too many requests",
}


def refusing(app: APIGatewayHttpResolver) -> APIGatewayHttpResolver:
    """The resolver, which from now on answers what its routes raise, and paths that it does not have."""
    app.not_found(lambda _error: _refuse_path(app))
    app.exception_handler(Refused)(_refuse)
    app.exception_handler(Unavailable)(_fail)
    return app


def _refuse_path(app: APIGatewayHttpResolver) -> Response[str]:
    return _refuse(openapi.unrouted(app.current_event.path, "no such path"))


def _refuse(error: Refused) -> Response[str]:
    """Answer a refused request with every fault and what would be right."""
    more = {"allow": ", ".join(error.methods)} if isinstance(error, MethodNotAllowed) else {}
    if isinstance(error, TooMany):
        more["retry-after"] = str(error.after)
    return _answer(error.status, refusal(error), more)


def _fail(_error: Unavailable) -> Response[str]:
    """Answer 503: the same request may be sent again."""
    return _answer(503, {"error": "unavailable"}, {"retry-after": http.RETRY_AFTER})


def _answer(status: int, value: Any, more: Mapping[str, str]) -> Response[str]:
    telemetry.count({"RequestsRefused": 1}, status=str(status))
    return http.answer(status, value, {**more, **CORS})


def refusal(error: Refused) -> dict[str, Any]:
    """The answer to a refused request; the Segment SDKs print its ``code`` and ``message``."""
    if isinstance(error, BadSignature):
        return {"error": "unauthorized"}
    word = _WORDS.get(error.status, "refused")
    first = error.faults[0] if error.faults else Fault(word)
    message = f"{first.where}: {first.message}" if first.where else first.message
    return {"error": word, "code": word, "message": message, "faults": list(map(_fault, error.faults))}


def _fault(fault: Fault) -> dict[str, Any]:
    """A fault as JSON, without the keys that have no value."""
    fields = {name: getattr(fault, name) for name in ("where", "line", "column", "message", "suggestion")}
    return {name: value for name, value in fields.items() if value not in (None, "")}
