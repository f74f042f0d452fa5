"""The API of the console and the CLI: who asks, what for, and the answer."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote

from functions import wiring
from functions.core.answers.views import fault_view, plain
from functions.core.base.errors import BadCredential, Fault, InUse, MethodNotAllowed, Oversize, Refused, Unavailable
from functions.core.base.tokens import verify
from functions.core.ports import Ports
from functions.handlers import api_routes as routes
from functions.handlers import http
from functions.handlers.api_call import Call

_WORDS = {400: "malformed", 401: "unauthorized", 404: "not_found", 405: "method_not_allowed"}
_WORDS |= {409: "in_use", 413: "oversize"}
logger = logging.getLogger(__name__)


def handler(event: http.Event, _context: object) -> http.Answer:
    """Answer one request of the API."""
    try:
        return http.answer(200, plain(_run(event)), {"cache-control": "no-store"})
    except Refused as error:
        return _refusal(error)
    except Unavailable as error:
        logger.warning("the API cannot answer", extra={"operation": error.operation, "code": error.code})
        return http.answer(503, {"error": "unavailable", "faults": []}, {"retry-after": http.RETRY_AFTER})


def _run(event: http.Event) -> Any:
    ports, now = wiring.ports(), wiring.now()
    path = "/".join(["", *map(unquote, http.parts(event))])
    route, params = routes.find(http.method(event), path)
    author = "" if route.open else authorise(http.headers(event), ports, now)
    body = http.body(event)
    if len(body) > route.largest:
        raise Oversize(Fault(f"a request has at most {route.largest} bytes", "body"))
    query = dict(parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True))
    return route.run(Call(ports, ports.settings, now, author, params, query, body, partial(wiring.loaded, fresh=True)))


def authorise(headers: Mapping[str, str], ports: Ports, now: int) -> str:
    """Who asks, by the bearer token; raises BadCredential."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return verify((), "", now)
    try:
        return verify(ports.secrets.get("signing-key"), token.strip(), now)
    except BadCredential:
        return verify(ports.secrets.refresh("signing-key"), token.strip(), now)


def _refusal(error: Refused) -> http.Answer:
    more = {"cache-control": "no-store"}
    if isinstance(error, BadCredential):
        more["www-authenticate"] = 'Bearer realm="segue"'
    if isinstance(error, MethodNotAllowed):
        more["allow"] = ", ".join(error.methods)
    word = _WORDS.get(error.status, "refused")
    told = {"error": word, "faults": [fault_view(each) for each in error.faults]}
    if isinstance(error, InUse):
        told["referrers"] = list(map(dict, error.referrers))
    return http.answer(error.status, told, more)
