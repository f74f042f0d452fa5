"""The OpenAPI description of an operation except for its parameters, from the function's docstring and annotations."""

from collections.abc import Callable, Mapping
from inspect import cleandoc
from typing import Any, get_args

from functions.handlers.call import Needs
from functions.handlers.models.base import Answer, TextOf
from functions.handlers.models.faults import InUse, Refusal
from functions.handlers.models.jobs import Accepted

_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}}},
    503: {"Retry-After": {"schema": {"type": "integer"}}},
}
_REFUSALS = {
    400: "the request is not what this document describes",
    401: "no valid token",
    403: "the token's role may not do this",
    404: "nothing has this name",
    409: "something refers to it: every place",
    412: "something was published since the revision that was seen",
    413: "larger than a request may be",
    422: "does not parse, check or pass its own examples; every fault with its place",
    429: "as many jobs are open as may be; try again later",
    503: "try the same request again",
}
# Whoever has a token may read, so that only publishing is refused for a role.
_UNAUTHORISED: Mapping[Needs, tuple[int, ...]] = {"nothing": (), "read": (401,), "publish": (401, 403)}
# Where the components are that references lead to.
COMPONENTS = "#/components/schemas/"
_TEXTS = ("application/yaml", "text/yaml", "text/plain")


def describe(run: Callable[..., Any], refuses: tuple[int, ...], needs: Needs) -> dict[str, Any]:
    """The arguments that describe an operation of the API when Powertools registers its route."""
    statuses = sorted({*refuses, 503, *_UNAUTHORISED[needs]})
    returned = run.__annotations__["return"]
    models = {202 if each is Accepted else 200: each for each in get_args(returned) or (returned,)}
    answers = {status: answer(model) for status, model in models.items()}
    answers |= {status: _refusal(status) for status in statuses}
    return {
        "operation_id": run.__name__,
        **words(run.__doc__),
        "responses": answers,
        "openapi_extensions": _extensions(run, needs),
    }


def component_of(part: str) -> str:
    """The name of the component that is the schema of a kind of definition, or of a part of one."""
    return f"Definition.{part}"


def words(docstring: str | None) -> dict[str, Any]:
    """Summary and description: the first sentence of a docstring, and what follows it."""
    summary, _, rest = cleandoc(docstring or "").partition("\n\n")
    return {"summary": " ".join(summary.split()).rstrip("."), "description": " ".join(rest.split()) or None}


def answer(model: Any) -> dict[str, Any]:
    """What is answered with 200."""
    if isinstance(model, type) and issubclass(model, Answer):
        description = " ".join((model.__doc__ or "").split()).rstrip(".")
        return {
            "description": description[:1].lower() + description[1:],
            "content": {"application/json": {"model": model}},
        }
    return {"description": "a JSON object", "content": {"application/json": {"schema": {"type": "object"}}}}


def _refusal(status: int) -> dict[str, Any]:
    model = InUse if status == 409 else Refusal
    described = {"description": _REFUSALS[status], "content": {"application/json": {"model": model}}}
    return described | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def _extensions(run: Callable[..., Any], needs: Needs) -> dict[str, Any]:
    """What Powertools has no argument for: the role that is needed, and one text in several media types."""
    extensions: dict[str, Any] = {"security": [] if needs == "nothing" else [{"token": [needs]}]}
    if "text" in run.__annotations__:
        _, definition = get_args(run.__annotations__["text"])
        extensions["requestBody"] = {"required": True, "content": _content(definition)}
    return extensions


def _content(definition: TextOf) -> dict[str, Any]:
    """The body that is the text of a definition, by media type; ``make_openapi`` adds the schemas that it refers to."""
    schemas = [{"$ref": f"{COMPONENTS}{component_of(kind)}"} for kind in definition.kinds]
    schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas, "description": "of the kind that the path names"}
    text = {"type": "string", "contentMediaType": "application/yaml", "contentSchema": schema}
    return {**{name: {"schema": text} for name in _TEXTS}, "application/json": {"schema": schema}}
