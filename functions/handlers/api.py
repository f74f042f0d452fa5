"""The API of the console and the CLI: its routes, and what is answered when a request is refused."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.logging import correlation_paths

from functions import telemetry
from functions.core.base.errors import (
    BadCredential,
    Fault,
    InUse,
    MethodNotAllowed,
    Refused,
    StoredByNewer,
    TooMany,
    Unavailable,
)
from functions.handlers import http, openapi, routes

_WORDS = {400: "malformed", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}
_WORDS |= {409: "in_use", 412: "outdated", 413: "oversize", 429: "too_many"}

# The first part of a path after /api and the module of its routes: a cold start loads the area that is asked for.
AREAS = {
    "openapi.json": "about",
    "schema": "about",
    "definitions": "definitions",
    "flows": "flows",
    "backfills": "flows",
    "profiles": "people",
    "segments": "segments",
    "preview": "segments",
    "messages": "messages",
    "quarantine": "quarantine",
    "tokens": "tokens",
    "erasures": "erasures",
    "refolds": "refolds",
    "rebuilds": "refolds",
    "jobs": "jobs",
}
app = http.resolver()


@telemetry.observed(correlation_paths.API_GATEWAY_HTTP)
def handler(event: http.Event, lambda_context: Any) -> http.Answer:
    """Answer one request of the API."""
    for name in http.parts(event)[1:2]:
        if name in AREAS:
            _include(AREAS[name])
    return app.resolve(http.escaped(event), lambda_context)


@cache
def _include(area: str) -> None:
    app.include_router(routes.router(area))


def _refuse_path(_error: NotFoundError) -> Response[str]:
    return _refuse(openapi.unrouted(app.current_event.path, "the API has no such path; /api/openapi.json lists them"))


def _refuse(error: Refused) -> Response[str]:
    """Answer a refused request with every fault and what would be right."""
    more = {}
    if isinstance(error, BadCredential):
        more["www-authenticate"] = 'Bearer realm="segue"'
    if isinstance(error, MethodNotAllowed):
        more["allow"] = ", ".join(error.methods)
    if isinstance(error, TooMany):
        more["retry-after"] = str(error.after)
    word = _WORDS.get(error.status, "refused")
    answer: dict[str, Any] = {"error": word, "faults": [asdict(each) for each in error.faults]}
    if isinstance(error, InUse):
        answer["referrers"] = list(map(dict, error.referrers))
    return _answer(error.status, answer, more)


def _fail(error: Unavailable) -> Response[str]:
    """Answer 503: the same request may be sent again."""
    telemetry.logger().warning("the API cannot answer", extra={"operation": error.operation, "code": error.code})
    faults = [asdict(Fault(error.code))] if isinstance(error, StoredByNewer) else []
    return _answer(503, {"error": "unavailable", "faults": faults}, {"retry-after": http.RETRY_AFTER})


def _answer(status: int, value: Any, more: Mapping[str, str]) -> Response[str]:
    return http.answer(status, value, {**http.UNCACHED, **more})


app.not_found(_refuse_path)
app.exception_handler(Refused)(_refuse)
app.exception_handler(Unavailable)(_fail)
