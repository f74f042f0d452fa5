"""The JSON Schema of a definition's pydantic model, for editors."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from functions.core.segments.language.schema import DRAFT, ELSEWHERE, conditions
from functions.core.segments.operator import Schema


class _Generator(GenerateJsonSchema):
    """pydantic's schema generator without defaults and field titles, with fields in declaration order."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """The schema of a dict, refusing keys that do not match its pattern, which pydantic's own schema allows."""
        schema_of_dict = super().dict_schema(schema)
        for pattern, values in schema_of_dict.pop("patternProperties", {}).items():
            schema_of_dict |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
        return schema_of_dict

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value


def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of a definition as it is written, in which the id may be left out."""
    made = model.model_json_schema(schema_generator=_Generator)
    text = json.dumps(made)
    made = json.loads(text.replace(ELSEWHERE, ""))
    defs = made.pop("$defs", {}) | (conditions() if ELSEWHERE in text else {})
    made |= {"required": [name for name in made["required"] if name != "id"]}
    first = {"$schema": DRAFT, **{key: made.pop(key) for key in ("title", "description")}}
    return {**first, **made, **({"$defs": defs} if defs else {})}
