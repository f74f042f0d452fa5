"""The JSON Schema of a model of definitions: what editors check and complete while somebody writes."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from functions.core.segments.language.schema import DRAFT, ELSEWHERE, Schema, conditions


class _Generator(GenerateJsonSchema):
    """pydantic's own, without defaults and titles of fields, in the order of the fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """A key that fits no pattern is one too many; pydantic lets it pass."""
        made = super().dict_schema(schema)
        for pattern, values in made.pop("patternProperties", {}).items():
            made |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
        return made

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value


def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of a definition as it is written; its id may be left out, since the path says it."""
    made = model.model_json_schema(schema_generator=_Generator)
    text = json.dumps(made)
    made = json.loads(text.replace(ELSEWHERE, ""))
    defs = made.pop("$defs", {}) | (conditions() if ELSEWHERE in text else {})
    made |= {"required": [name for name in made["required"] if name != "id"]}
    first = {"$schema": DRAFT, **{key: made.pop(key) for key in ("title", "description")}}
    return {**first, **made, **({"$defs": defs} if defs else {})}
