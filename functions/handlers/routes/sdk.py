"""The Segment HTTP API, as SDKs of Segment and RudderStack speak it: a path for each kind of message and spelling."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions import wiring
from functions.core.base.errors import Fault, NotFound
from functions.handlers import event_requests, http
from functions.usecases.collect import SDK_ROUTES, collect
from functions.usecases.write_key import knows_key

PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "authorization, content-type, content-encoding",
    "access-control-max-age": "86400",
}

# The SDK keeps events back until they are ten or the first has waited for five seconds (milliseconds here), or the page
# is left: requests and invocations are a third of what an event costs. `docs/sources.md` says how to turn it off.
TOGETHER = {"strategy": "batching", "config": {"size": 10, "timeout": 5000}}

router = APIGatewayHttpRouter()


def take_messages() -> Response[str]:
    """Take a request of an SDK; the last part of the path is the kind of its message, or ``batch``."""
    context, event = wiring.context(), router.current_event
    route = event.path.rpartition("/")[2]
    return event_requests.accepted(collect(context, "segment", event_requests.request(context, event, route)))


for _route in SDK_ROUTES:
    router.post(f"/v1/{_route}")(take_messages)


@router.get("/v1/projects/<write_key>/settings")
def show_settings(write_key: str) -> Response[str]:
    """The settings that the browser SDK loads, with the host to send events to."""
    key = unquote(write_key)
    if not knows_key(wiring.context(), key):
        raise NotFound(Fault("not a write key of this shop", "write_key"))
    place = _place(http.headers(router.current_event))
    return http.answer(200, {"integrations": {"Segment.io": {"apiKey": key, **place}}}, event_requests.CORS)


def _place(headers: Mapping[str, str]) -> dict[str, Any]:
    host, protocol = headers.get("host"), headers.get("x-forwarded-proto", "http")
    if not host:
        return {}
    # The SDK sends batches to https, whatever protocol it is told.
    together = {"deliveryStrategy": TOGETHER} if protocol == "https" else {}
    return {"apiHost": f"{host}/v1", "protocol": protocol, **together}


@router.route("/v1/.+", "OPTIONS")
def permit() -> Response[str]:
    """Answer the preflight request (CORS) of a page on another origin."""
    return Response(204, body="", headers={**event_requests.CORS, **PREFLIGHT})
