"""The description of the API, functions/handlers/openapi.json; ``python -m functions.handlers.openapi`` writes it.

It is made from the routes and the models. The deployed function serves the file, which a test compares with what is
made here: making it takes longer than any answer of the API.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, get_args

FILE = Path(__file__).with_name("openapi.json")


@cache
def document() -> dict[str, Any]:
    """The description as it was written."""
    described: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return described


def make() -> dict[str, Any]:
    """The description as the routes and the models give it."""
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
    from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer, License

    from functions.handlers import api, routes

    app = APIGatewayHttpResolver()
    for area in dict.fromkeys(api.AREAS.values()):
        app.include_router(routes.router(area))
    about = "HS256, signed with the signing key, aud segue; `segue token` makes one"
    made = app.get_openapi_json_schema(
        title="Segue",
        version="1",
        description="Definitions, people, segments and messages of one shop. Instants are RFC 3339, whole seconds.",
        license_info=License(name="Apache-2.0", identifier="Apache-2.0"),
        security_schemes={"token": HTTPBearer(bearerFormat="JWT", description=about)},
        security=[{"token": []}],
    )
    return _without_unused(_tidy(json.loads(made)))


def text(description: Any) -> str:
    """The description as the file holds it."""
    return json.dumps(description, indent=2, ensure_ascii=False) + "\n"


def signature(run: Callable[..., Any]) -> inspect.Signature:
    """The function's signature in Powertools' markers: each field of ``query`` is a parameter of its own."""
    parameters = inspect.signature(run).parameters.items()
    return inspect.Signature([each for name, parameter in parameters for each in _marked(name, parameter.annotation)])


def _marked(name: str, annotation: Any) -> Iterator[inspect.Parameter]:
    from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

    if name == "body":
        yield _parameter(name, Annotated[annotation, Body()])
    elif name == "query":
        for field_name, field in annotation.model_fields.items():
            marked: Any = Annotated[_not_null(field.annotation), *field.metadata, Query(description=field.description)]
            yield _parameter(field_name, marked, inspect.Parameter.empty if field.is_required() else field.default)
    elif name not in ("call", "text"):
        plain, field = get_args(annotation)
        marker = Path(description=field.description, json_schema_extra=field.json_schema_extra)
        yield _parameter(name, Annotated[plain, marker])


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _not_null(annotation: Any) -> Any:
    """The type that a parameter has where it is given: None stands for one that is left out."""
    options = [each for each in get_args(annotation) if each is not NoneType]
    return options[0] if len(options) < len(get_args(annotation)) == 2 else annotation


def _tidy(value: Any) -> Any:
    """The value without what pydantic derives from names, and with whole numbers written as such."""
    if isinstance(value, dict):
        return {name: _tidy(inner) for name, inner in value.items() if not _is_noise(name, inner)}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_noise(name: str, value: Any) -> bool:
    """Titles that repeat a name; that an object may have further keys, which is what JSON Schema says without it."""
    return (name == "title" and isinstance(value, str) and value != "Segue") or (
        name == "additionalProperties" and value is True
    )


def _without_unused(made: dict[str, Any]) -> dict[str, Any]:
    """Leave out the schemas of Powertools' own validation, which nothing refers to."""
    schemas = made["components"]["schemas"]
    while unused := schemas.keys() - set(_references(made)):
        for name in unused:
            del schemas[name]
    return made


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _references(inner)


if __name__ == "__main__":
    FILE.write_text(text(make()), encoding="utf-8")
