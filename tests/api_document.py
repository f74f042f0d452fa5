"""Answers held against the API's description."""

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from functions.handlers.openapi import document


def validate(method: str, path: str, status: int, value: Any) -> None:
    """The answer is what the document says of its operation and status, and has no key that it does not describe."""
    operation = described(method, path)
    if operation is None:
        return
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": closed_components()}).validate(value)


def described(method: str, path: str) -> Any:
    """The operation that the document has for a request, or None; a path without parameters goes first."""
    fitting = [
        methods[method.lower()]
        for template, methods in sorted(document()["paths"].items(), key=lambda item: item[0].count("{"))
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path) and method.lower() in methods
    ]
    return fitting[0] if fitting else None


@cache
def closed_components() -> dict[str, Any]:
    """The document's components, in which objects have no further keys; but a JSON Schema has those of its kind."""
    schemas = document()["components"]["schemas"]
    return {"schemas": {name: schema if name == "JsonSchema" else _closed(schema) for name, schema in schemas.items()}}


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False} if "properties" in schema else schema
