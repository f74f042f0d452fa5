"""What OpenAPI says of the paths that senders and recipients call; loaded by make_openapi.py and by nothing deployed.

The functions behind these paths read no models: the body of an event is checked by its source, once the sender is
verified. So their routes are registered here once more, with the models that describe them; a test compares the paths.
"""

from collections.abc import Mapping
from typing import Any, NoReturn

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers import preferences
from functions.handlers.models import senders as models
from functions.handlers.openapi_operation import answer, words
from functions.handlers.routes import hooks, sdk
from functions.handlers.signatures import signature_of
from functions.usecases.collect import SDK_ROUTES

# What a message of each kind is described by; the paths without a kind take several.
MODELS: dict[str | None, Any] = {
    "identify": models.Identify,
    "track": models.Track,
    "page": models.Page,
    "screen": models.Screen,
    "group": models.Group,
    "alias": models.Alias,
    None: models.Batch,
}
_REFUSALS = {
    400: "the headers or the body are not what the source takes; every fault with its place",
    401: "the signature or the write key is missing or wrong",
    404: "nothing has this name; of storefronts the known ones are told",
    413: "larger than a request or a message may be",
    503: "try the same request again",
}
_PAGES = {
    200: "the page with what holds now",
    400: "it is not clear what is wanted",
    404: "no such link",
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

router = APIGatewayHttpRouter()


class Described:
    """Stands in for a handler when Powertools writes OpenAPI: its name and the annotations of path and body."""

    def __init__(self, name: str, needs: Mapping[str, Any]) -> None:
        self.__name__ = name
        self.__signature__ = signature_of(needs)

    def __call__(self) -> NoReturn:
        raise NotImplementedError("this route is for the description alone")


def _describe(route: str, name: str, docstring: str | None, about: Mapping[str, Any], **needs: Any) -> None:
    """Register a route such as ``POST /v1/track`` with what OpenAPI says of it."""
    method, path = route.split(" ")
    router.route(path, method, operation_id=name, **words(docstring), **about)(Described(name, needs))


def _about(answers: Mapping[int, Any], security: list[dict[str, list[str]]], **extensions: Any) -> dict[str, Any]:
    return {"responses": dict(answers), "openapi_extensions": {"security": security, **extensions}}


def _answers(model: Any, *refuses: int) -> dict[int, Any]:
    return {200: answer(model), **{status: _refusal(status) for status in (*refuses, 503)}}


def _refusal(status: int) -> dict[str, Any]:
    return _answer(_REFUSALS[status], {"application/json": {"model": models.IntakeRefusal}}, status)


def _page(status: int) -> dict[str, Any]:
    return _answer(_PAGES[status], {"text/html": {"schema": {"type": "string"}}}, status)


def _answer(description: str, content: Any, status: int) -> dict[str, Any]:
    headers = {"headers": {"Retry-After": {"schema": {"type": "integer"}}}} if status == 503 else {}
    return {"description": description, "content": content, **headers}


for _route, _kind in SDK_ROUTES.items():
    _model = MODELS[_kind]
    _taken = _about(_answers(models.Accepted, 400, 401, 413), _KEY)
    _describe(f"POST /v1/{_route}", f"take_{_route}", _model.__doc__, _taken, body=_model)

_describe(
    "GET /v1/projects/<write_key>/settings",
    "show_settings",
    sdk.show_settings.__doc__,
    _about(_answers(models.SdkSettings, 404), _OPEN),
    write_key=models.WriteKey,
)
_describe(
    "POST /hooks/<source>",
    "take_webhook",
    hooks.take_webhook.__doc__,
    _about(_answers(models.Accepted, 400, 401, 404, 413), _SIGNED),
    source=models.HookSource,
    body=models.Webhook,
)

_shown = _about({status: _page(status) for status in (200, 404, 503)}, _OPEN)
_form = {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": _FORM}}}
_changed = _about({status: _page(status) for status in _PAGES}, _OPEN, requestBody={"required": True, "content": _form})
_describe("GET /u/<token>", "show_preferences", preferences.show.__doc__, _shown, token=models.LinkToken)
_describe("HEAD /u/<token>", "check_preferences", preferences.show.__doc__, _shown, token=models.LinkToken)
_describe("POST /u/<token>", "change_preferences", preferences.take.__doc__, _changed, token=models.LinkToken)
