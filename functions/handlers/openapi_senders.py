"""What OpenAPI says of the paths that senders and recipients call; loaded by make_openapi.py and by nothing deployed.

The functions behind these paths read no models: the body of an event is checked by its source, once the sender is
verified. So each of their routes is registered here once more, with the models that describe it: the paths are those
of the deployed routes, the fields of a message those of the model that its source reads it into.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers import audience, collect, preferences
from functions.handlers.models import senders as models
from functions.handlers.openapi_operation import answer, words
from functions.handlers.routes import hooks, sdk
from functions.handlers.signatures import signature_of
from functions.usecases.collect import SDK_ROUTES

_REFUSALS = {
    400: "the headers or the body are not what the source takes; every fault with its place",
    401: "the signature or the write key is missing or wrong",
    404: "nothing has this name; of storefronts the known ones are told",
    413: "larger than a request or a message may be",
    429: "more than one sender may send; try the same request again after `Retry-After`",
    503: "try the same request again",
}
_PAGES = {
    200: "the page with what holds now",
    400: "it is not clear what is wanted",
    404: "no such link",
    410: "the link was good for a time that is over",
    503: "try again",
}
# The names of security schemes. A write key may also be in the body, where no scheme sees it.
_KEY: list[dict[str, list[str]]] = [{"write_key": []}, {}]
_SIGNED: list[dict[str, list[str]]] = [{"signature": []}]
_OPEN: list[dict[str, list[str]]] = []

# A mail program sends the first field (RFC 8058), the form of the page the second.
_FORM = {
    "List-Unsubscribe": {"type": "string", "enum": ["One-Click"]},
    "action": {"type": "string", "enum": ["unsubscribe", "subscribe"]},
}


class Operation(NamedTuple):
    """What OpenAPI says of a route: operation id, docstring, Powertools' arguments, and the parameters' types."""

    name: str
    docstring: str | None
    about: Mapping[str, Any]
    needs: Mapping[str, Any]


class Described:
    """Stands in for a handler when Powertools writes OpenAPI: its name and the annotations of path and body."""

    def __init__(self, name: str, needs: Mapping[str, Any]) -> None:
        self.__name__ = name
        self.__signature__ = signature_of(needs)

    def __call__(self) -> NoReturn:
        raise NotImplementedError("this route is for the description alone")


def _about(answers: Mapping[int, Any], security: list[dict[str, list[str]]], **extensions: Any) -> dict[str, Any]:
    return {"responses": dict(answers), "openapi_extensions": {"security": security, **extensions}}


def _answers(model: Any, *refuses: int) -> dict[int, Any]:
    return {200: answer(model), **{status: _refusal(status) for status in (*refuses, 503)}}


def _refusal(status: int) -> dict[str, Any]:
    return _answer(_REFUSALS[status], {"application/json": {"model": models.IntakeRefusal}}, status)


def _page(status: int) -> dict[str, Any]:
    return _answer(_PAGES[status], {"text/html": {"schema": {"type": "string"}}}, status)


def _answer(description: str, content: Any, status: int) -> dict[str, Any]:
    headers = {"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if status in (429, 503) else {}
    return {"description": description, "content": content, **headers}


def _message(route: Route) -> Operation:
    path = route.path.rpartition("/")[2]
    kind = SDK_ROUTES[path]
    model = models.REQUESTS[kind] if kind else models.Batch
    about = _about(_answers(models.Accepted, 400, 401, 413, 429), _KEY)
    return Operation(f"take_{path}", model.__doc__, about, {"body": model})


def _settings(_route: Route) -> Operation:
    about = _about(_answers(models.SdkSettings, 404), _OPEN)
    return Operation("show_settings", sdk.show_settings.__doc__, about, {"write_key": models.WriteKey})


def _audience(_route: Route) -> Operation:
    about = _about(_answers(models.Audience, 400, 401, 429), _KEY)
    return Operation("show_audience", audience.show_audience.__doc__, about, {"query": models.AudienceQuery})


def _webhook(_route: Route) -> Operation:
    about = _about(_answers(models.Accepted, 400, 401, 404, 413), _SIGNED)
    needs = {"source": models.HookSource, "body": models.Webhook}
    return Operation("take_webhook", hooks.take_webhook.__doc__, about, needs)


def _shown_page(route: Route) -> Operation:
    about = _about({status: _page(status) for status in (200, 404, 503)}, _OPEN)
    name = "check_preferences" if route.method == "HEAD" else "show_preferences"
    return Operation(name, preferences.show.__doc__, about, {"token": models.LinkToken})


def _changed_page(_route: Route) -> Operation:
    body = {"required": True, "content": _form(_FORM)}
    about = _about({status: _page(status) for status in (200, 400, 404, 503)}, _OPEN, requestBody=body)
    return Operation("change_preferences", preferences.take.__doc__, about, {"token": models.LinkToken})


def _shown_question(route: Route) -> Operation:
    about = _about({status: _page(status) for status in (200, 404, 410, 503)}, _OPEN)
    name = "check_confirmation" if route.method == "HEAD" else "show_confirmation"
    return Operation(name, preferences.show_question.__doc__, about, {"token": models.LinkToken})


def _answered_question(_route: Route) -> Operation:
    body = {"content": _form({"action": {"type": "string", "enum": ["confirm", "refuse"], "default": "confirm"}})}
    about = _about({status: _page(status) for status in _PAGES}, _OPEN, requestBody=body)
    return Operation("answer_confirmation", preferences.take_answer.__doc__, about, {"token": models.LinkToken})


def _form(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}}}


# How the routes of each function are described; what browsers ask before a request is no operation.
OPERATIONS: Mapping[Callable[..., Any], Callable[[Route], Operation] | None] = {
    sdk.take_messages: _message,
    sdk.show_settings: _settings,
    sdk.permit: None,
    audience.show_audience: _audience,
    hooks.take_webhook: _webhook,
    preferences.show: _shown_page,
    preferences.take: _changed_page,
    preferences.show_question: _shown_question,
    preferences.take_answer: _answered_question,
}


def _routes() -> Iterator[Route]:
    """The deployed routes; Powertools has no public list of them."""
    for app in (collect.app, audience.app, preferences.app):
        yield from (*app._static_routes, *app._dynamic_routes)


def _describe(route: Route, operation: Operation) -> None:
    """Register the route once more, with its description."""
    name, docstring, about, needs = operation
    register = router.route(route.path, route.method, operation_id=name, **words(docstring), **about)
    register(Described(name, needs))


router = APIGatewayHttpRouter()
for _route in _routes():
    if _describer := OPERATIONS[_route.func]:
        _describe(_route, _describer(_route))
