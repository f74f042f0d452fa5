"""THE table of the API: what may be asked, and the function that answers. Paths use OpenAPI's syntax."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.core.base.errors import Fault, MethodNotAllowed, NotFound
from functions.handlers import api_calls as calls
from functions.handlers.api_call import Call


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. ``open`` ones need no token; a body has at most ``largest`` bytes."""

    method: str
    path: str
    run: Callable[[Call], Any]
    open: bool = False
    largest: int = 256 * 1024

    def match(self, path: str) -> Mapping[str, str] | None:
        """The path's parameters, or None if it is another path."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), path)
        return found.groupdict() if found else None


ROUTES = (
    Route("GET", "/api/openapi.json", calls.openapi, open=True),
    Route("GET", "/api/schema/{kind}", calls.show_schema, open=True),
    Route("POST", "/api/definitions", calls.publish_definitions, largest=4 * 1024 * 1024),
    Route("GET", "/api/definitions/{kind}", calls.list_definitions),
    Route("GET", "/api/definitions/{kind}/{id}", calls.show_definition),
    Route("PUT", "/api/definitions/{kind}/{id}", calls.publish_definition),
    Route("DELETE", "/api/definitions/{kind}/{id}", calls.withdraw_definition),
    Route("PUT", "/api/flows/{id}/state", calls.set_flow_state),
    Route("GET", "/api/backfills", calls.list_backfills),
    Route("GET", "/api/profiles", calls.find_profile),
    Route("GET", "/api/profiles/{id}", calls.show_profile),
    Route("GET", "/api/profiles/{id}/events", calls.list_events),
    Route("GET", "/api/profiles/{id}/messages", calls.list_messages_of),
    Route("GET", "/api/profiles/{id}/runs", calls.list_runs_of),
    Route("GET", "/api/profiles/{id}/explain/{segment}", calls.explain_membership),
    Route("GET", "/api/segments", calls.list_segments),
    Route("GET", "/api/segments/{id}/members", calls.list_members),
    Route("POST", "/api/segments/{id}/impact", calls.tell_impact),
    Route("POST", "/api/flows/{id}/impact", calls.tell_flow_impact),
    Route("POST", "/api/preview", calls.preview_condition),
    Route("GET", "/api/messages", calls.list_messages),
    Route("GET", "/api/quarantine", calls.list_quarantine),
    Route("GET", "/api/quarantine/{source}/{id}", calls.show_quarantined),
    Route("DELETE", "/api/quarantine/{source}/{id}", calls.drop_quarantined),
    Route("POST", "/api/quarantine/{source}/{id}/replay", calls.replay_quarantined),
)


def find(method: str, path: str) -> tuple[Route, Mapping[str, str]]:
    """The route of a request and its path's parameters; raises NotFound or MethodNotAllowed."""
    matches = [(route, params) for route in ROUTES if (params := route.match(path)) is not None]
    for route, params in matches:
        if route.method == method:
            return route, params
    if matches:
        raise MethodNotAllowed({route.method for route, _ in matches})
    raise NotFound(Fault("the API has no such path; /api/openapi.json lists them", where="path"))
