"""A condition as a pydantic field: text of the segment language or its JSON, validated into JSON."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from functions.core.base.errors import DefinitionRefused
from functions.core.base.model_faults import refuse
from functions.core.segments.language import parser
from functions.core.segments.language.check import check
from functions.core.segments.language.event_labels import SHIPPED, Labels
from functions.core.segments.language.schema import condition_text, elsewhere


class Reading(NamedTuple):
    """The pydantic context in which definitions are read.

    With ``retention_days``, the log's retention, conditions that look back further are faults. ``words`` are the event
    labels that texts may use.
    """

    retention_days: int | None = None
    words: Labels = SHIPPED


class _Condition:
    """The annotation that makes a field accept conditions."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(_read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [condition_text(), elsewhere("condition")]}


def _read(value: Any, info: ValidationInfo[Reading | None]) -> Mapping[str, Any]:
    reading = info.context or Reading()
    if isinstance(value, Mapping):
        faults, node = check(value, None, reading.retention_days), value
    elif isinstance(value, str):
        try:
            node, faults = parser.read(value, None, reading.retention_days, words=reading.words)
        except DefinitionRefused as refused:
            faults = list(refused.faults)
    else:
        raise PydanticCustomError("condition_type", "a condition is text")
    if faults:
        # Paths begin with "when", the condition's key in a segment.
        refuse(
            *(replace(each, where=each.where.removeprefix("when").removeprefix(".")) for each in faults), value=value
        )
    return node


Condition = Annotated[Any, _Condition()]
