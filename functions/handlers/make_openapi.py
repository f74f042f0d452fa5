"""Makes the description of the API from its routes and models; ``make openapi`` writes it to the file.

The deployed function serves the file, which a test compares with what is made here: making it loads what takes longer
than any answer of the API.
"""

import json
from collections.abc import Iterator
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.models import (
    APIKey,
    HTTPBase,
    HTTPBearer,
    License,
    SecurityScheme,
)

from functions.handlers import api, openapi_definitions, openapi_senders, routes
from functions.handlers.openapi import FILE

_ABOUT = (
    "Under /api definitions, people, segments and messages of one shop; instants there are RFC 3339, whole seconds. "
    "SDKs send events to /v1, storefronts to /hooks; a recipient's unsubscribe link is under /u."
)
_SCHEMES: dict[str, SecurityScheme] = {
    "token": HTTPBearer(
        bearerFormat="JWT", description="HS256, signed with the signing key, aud segue; `segue token` makes one"
    ),
    "write_key": HTTPBase(scheme="basic", description="the write key as the user name; or `writeKey` in the body"),
    "signature": APIKey.model_validate(
        {
            "in": "header",
            "name": "X-Shopify-Hmac-Sha256",
            "description": "base64 of the HMAC-SHA256 of the body; see docs/sources.md for other storefronts",
        }
    ),
}


def make() -> dict[str, Any]:
    """The description as the routes and the models give it."""
    app = APIGatewayHttpResolver()
    for area in dict.fromkeys(api.AREAS.values()):
        app.include_router(routes.router(area))
    app.include_router(openapi_senders.router)
    document = app.get_openapi_json_schema(
        title="Segue",
        version="1",
        description=_ABOUT,
        license_info=License(name="Apache-2.0", identifier="Apache-2.0"),
        security_schemes=_SCHEMES,
        security=[{"token": []}],
    )
    described = _tidy(json.loads(document))
    described["components"]["schemas"] |= openapi_definitions.components()
    return _without_unused(described)


def text(description: Any) -> str:
    """The description as the file holds it."""
    return json.dumps(description, indent=2, ensure_ascii=False) + "\n"


def _tidy(value: Any) -> Any:
    """The value without what pydantic derives from names, and with whole numbers written as such."""
    if isinstance(value, dict):
        return {name: _tidy(inner) for name, inner in value.items() if not _is_noise(name, inner)}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_noise(name: str, value: Any) -> bool:
    """True for a title that repeats a name and for ``additionalProperties: true``, which JSON Schema has by default."""
    return (name == "title" and isinstance(value, str) and value != "Segue") or (
        name == "additionalProperties" and value is True
    )


def _without_unused(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out the schemas of Powertools' own validation, which nothing refers to."""
    schemas = document["components"]["schemas"]
    while unused := schemas.keys() - set(_references(document)):
        for name in unused:
            del schemas[name]
    return document


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rpartition("/")[2]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _references(inner)


if __name__ == "__main__":
    FILE.write_text(text(make()), encoding="utf-8")
