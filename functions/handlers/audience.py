"""Tells the shop's page in which segments its visitor is; reads, and writes nothing."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.logging import correlation_paths

from functions import telemetry, wiring
from functions.core.answers.audience import Audience
from functions.core.base import rfc3339
from functions.handlers import http
from functions.handlers.event_requests import CORS
from functions.handlers.refusals import refusing
from functions.usecases.audience import Asked, memberships

# By their names in a query, as SDKs spell them.
PARAMETERS = {
    "writeKey": "write_key",
    "anonymousId": "anonymous_id",
    "userId": "user_id",
    "user_hash": "user_hash",
}

app = refusing(http.resolver())


@telemetry.observed(correlation_paths.API_GATEWAY_HTTP)
def handler(event: http.Event, lambda_context: Any) -> http.Answer:
    """Answer a request of a page."""
    return app.resolve(http.escaped(event), lambda_context)


@app.get("/v1/audience")
def show_audience() -> Response[str]:
    """The segments that the visitor is in, of those that the shop has opened to its page.

    The visitor is whoever uses the device with the `anonymousId`. With `userId` and `user_hash`, its signature by the
    shop's server, it is that person. Nobody is told apart from somebody who is in none of the segments. `Cache-Control`
    says until when the answer is right if the visitor does nothing.
    """
    context, event = wiring.context(), app.current_event.raw_event
    given = {PARAMETERS[name]: value for name, value in http.parameters(http.query(event), PARAMETERS).items()}
    address = (event["requestContext"].get("http") or {}).get("sourceIp") or ""
    authorization = http.headers(event).get("authorization", "")
    found = memberships(context, Asked(**given, authorization=authorization, address=address))
    kept = {"cache-control": f"private, max-age={found.fresh_for(context.now)}", "vary": "authorization"}
    return http.answer(200, _shown(found), {**CORS, **kept})


def _shown(found: Audience) -> dict[str, Any]:
    return {"segments": [{"id": each.segment, "until": _instant(each.until)} for each in found.memberships]}


def _instant(seconds: int | None) -> str | None:
    return None if seconds is None or seconds > rfc3339.LAST else rfc3339.text(seconds)
