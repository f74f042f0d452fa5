"""The field type for a rule of a score: takes the rule's text or its JSON, and validates to its JSON."""

import json
from dataclasses import replace
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from functions.core.base.errors import DefinitionRefused
from functions.core.base.model_faults import refuse
from functions.core.scores import language
from functions.core.scores.check import SHAPES, check
from functions.core.scores.language import ParsedRule
from functions.core.segments.language.condition_field import Reading
from functions.core.segments.language.schema import ELSEWHERE, any_case, object_of
from functions.core.segments.language.schema_parts import ELSE
from functions.core.segments.operator import Schema

_TEXT: Schema = {
    "type": "string",
    "pattern": rf"^\s*[+-]\s*\d[\d,]*(\.\d+)?\s+({any_case('when')}|{any_case('per')})\s",
    ELSE: 'a rule begins with its points and a sign, then says when, per or per full: +5 per "Email Opened"',
    "examples": [
        '+10 when did "Order Completed" within 30 days',
        '+5 per "Email Opened" within 90 days at most 25',
        '+20 per "Order Completed" fading over 30 days',
        '-3 per full week without "Order Completed" at most 30',
    ],
}


class _Rule:
    """The annotation that gives a field the validation and the JSON Schema of a rule."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [_TEXT, *_shapes()]}


def _read(raw: Any, info: ValidationInfo[Reading | None]) -> dict[str, Any]:
    reading = info.context or Reading()
    try:
        written = language.read(raw, reading.words) if isinstance(raw, str) else ParsedRule(raw, {}, {})
    except DefinitionRefused as refused:
        refuse(*(replace(each, where="") for each in refused.faults), value=raw)
    if faults := [written.fault(each, "") for each in check(written.rule, reading.retention_days)]:
        refuse(*faults, value=raw)
    return written.rule


def _shapes() -> list[Schema]:
    """The schema of each way of a rule, whose references lead to the definitions of conditions."""
    shapes = json.dumps([object_of(shape) for shape in SHAPES.values()])
    return list(json.loads(shapes.replace('"#/$defs/', f'"{ELSEWHERE}#/$defs/')))


Rule = Annotated[Any, _Rule()]
