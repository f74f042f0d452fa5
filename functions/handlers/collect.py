"""The doors of the engine: SDKs under ``/v1``, storefronts under ``/hooks``."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.logging import correlation_paths

from functions import telemetry, wiring
from functions.core.base.errors import Fault, NotFound, SegueError
from functions.core.base.intake import Request
from functions.handlers import http
from functions.usecases.collect import Receipt, collect, collect_hook, knows_key

CORS = {"access-control-allow-origin": "*"}
PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "authorization, content-type, content-encoding",
    "access-control-max-age": "86400",
}


@telemetry.observed(correlation_paths.API_GATEWAY_HTTP)
def handler(event: http.Event, _context: object) -> http.Answer:
    """Answer a request of a storefront or an SDK."""
    parts = http.parts(event)
    door = DOORS.get((http.method(event), *parts[:1]), _nowhere)
    try:
        return door(event, parts[1:])
    except SegueError as error:
        answer = http.refusal(error, CORS)
        telemetry.count({"RequestsRefused": 1}, status=str(answer["statusCode"]))
        return answer


def _hook(event: http.Event, rest: list[str]) -> http.Answer:
    return _taken(collect_hook("/".join(rest), _request(event, ""), wiring.ports()))


def _sdk(event: http.Event, rest: list[str]) -> http.Answer:
    return _taken(collect("segment", _request(event, "/".join(rest)), wiring.ports()))


def _request(event: http.Event, route: str) -> Request:
    currency, request_id = wiring.ports().settings.shop_currency, event["requestContext"].get("requestId", "")
    return Request(http.body(event), http.headers(event), route, wiring.now(), currency, request_id)


def _taken(receipt: Receipt) -> http.Answer:
    counts = {"RequestsQuarantined": receipt.quarantined, "TopicsUnused": int(bool(receipt.unused))}
    telemetry.count(counts, source=receipt.source, topic=receipt.unused)
    return http.answer(200, {"success": True}, CORS)


def _settings(event: http.Event, rest: list[str]) -> http.Answer:
    """What the browser SDK asks for before it sends anything."""
    key = (event.get("pathParameters") or {}).get("write_key") or "".join(rest[1:2])
    if rest[:1] != ["projects"] or rest[2:] != ["settings"]:
        return _nowhere(event, rest)
    if not knows_key(key, wiring.ports()):
        raise NotFound(Fault("not a write key of this shop", "write_key"))
    return http.answer(200, {"integrations": {"Segment.io": {"apiKey": key, **_place(http.headers(event))}}}, CORS)


def _place(headers: Mapping[str, str]) -> dict[str, Any]:
    """Where the SDK shall send to, so that pointing it at the settings is enough."""
    host = headers.get("host")
    return {"apiHost": f"{host}/v1", "protocol": headers.get("x-forwarded-proto", "http")} if host else {}


def _preflight(_event: http.Event, _rest: list[str]) -> http.Answer:
    return http.answer(204, None, {**CORS, **PREFLIGHT})


def _nowhere(_event: http.Event, _rest: list[str]) -> http.Answer:
    raise NotFound(Fault("no such path", "path"))


DOORS: Mapping[tuple[str, ...], Callable[[http.Event, list[str]], http.Answer]] = {
    ("POST", "hooks"): _hook,
    ("POST", "v1"): _sdk,
    ("GET", "v1"): _settings,
    ("OPTIONS", "v1"): _preflight,
}
