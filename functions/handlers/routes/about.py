"""Routes of the API about itself: OpenAPI and JSON Schemas."""

from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers import openapi as description
from functions.handlers.call import Call
from functions.handlers.models.about import JsonSchema
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import SchemaKind

router = APIGatewayHttpRouter()


@operation(router, "GET /api/openapi.json", needs="nothing")
def openapi(call: Call) -> dict[str, Any]:
    """This document."""
    return description.document()


@operation(router, "GET /api/schema/<kind>", (404,), needs="nothing")
def show_schema(call: Call, kind: SchemaKind) -> JsonSchema:
    """The JSON Schema of a kind of definition, for editors.

    Needs no token, since it holds nothing of the shop and editors send none. `conditions` is the schema of the JSON of
    one condition.
    """
    from functions.core.definitions.json_schemas import schema  # brings what publishing brings

    return JsonSchema.model_validate(schema(kind))
