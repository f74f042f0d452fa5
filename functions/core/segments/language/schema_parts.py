"""Parts of JSON Schemas, for the checks of fields that state them."""

from collections.abc import Mapping
from typing import Any

from functions.core.segments.operator import SPANS, Schema

# The message that editors show instead of the pattern; a VS Code extension that other tools ignore.
ELSE = "patternErrorMessage"
LONGEST_TEXT = 256
TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
SCALARS: Schema = {"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]}
SPAN: Schema = {
    "type": "string",
    "pattern": rf"^[0-9]{{1,10}} ({'|'.join(SPANS)})s?$",
    ELSE: "a span such as 48 hours; months and years differ in length",
}


def part(name: str) -> Schema:
    """A reference to a schema that ``schema.conditions`` defines: ``condition``, ``filter`` or ``step``."""
    return {"$ref": f"#/$defs/{name}"}


def closed(properties: Mapping[str, Mapping[str, Any]], *required: str, **more: Any) -> Schema:
    """The schema of an object with these properties and no others."""
    return {
        **more,
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }
