"""The JSON Schema of conditions for editors, assembled from the operators' records.

Rules that a schema cannot express (names defined above, contradictory spans, depth) are left to the check.
"""

from collections.abc import Mapping

from functions.core.segments.language.check import LONGEST_CONDITION
from functions.core.segments.language.filter_fields import definitions
from functions.core.segments.language.schema_parts import ELSE, closed, part
from functions.core.segments.operator import SPANS, Field, Operator, Schema
from functions.core.segments.registry import operators

DRAFT = "https://json-schema.org/draft/2020-12/schema"
# The prefix of a reference in a field's schema to a definition that its model does not have: pydantic accepts these
# only as references to another host. ``model_schema`` removes it when it adds the definitions.
ELSEWHERE = "https://conditions.invalid/"


def any_case(word: str) -> str:
    """A regular expression for the word in any mix of cases."""
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


_UNIT = "|".join([*(any_case(unit[0]) for unit in SPANS), *(f"{any_case(unit)}[sS]?" for unit in SPANS)])
SHORT_SPAN = rf"(\d{{1,6}}\s*({_UNIT})\s*)+"


def span_text() -> Schema:
    """The schema of a span as people write it: ``1 hour``, ``1h30m``."""
    return {"type": "string", "pattern": rf"^\s*{SHORT_SPAN}$", ELSE: "a span such as 1 hour, 1h30m or 7 days"}


def elsewhere(name: str) -> Schema:
    """A reference to one of ``conditions`` for a pydantic field's schema."""
    return {"$ref": f"{ELSEWHERE}#/$defs/{name}"}


def condition_text() -> Schema:
    """The schema of a condition as text of the language."""
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_CONDITION,
        "description": "a condition in words; docs/segments.md has them all",
        "examples": [operator.examples[0] for operator in operators().values()],
    }


def schema() -> Schema:
    """The JSON Schema of a condition's JSON."""
    return {"$schema": DRAFT, "title": "Condition of a Segue segment", **part("condition"), "$defs": conditions()}


def conditions() -> dict[str, Schema]:
    """The ``$defs`` that every schema with conditions needs."""
    operator_schema = {"type": "object", "properties": {"op": {"enum": list(operators())}}, "required": ["op"]}
    return {
        "condition": {**operator_schema, "oneOf": [{"$ref": f"#/$defs/{_name(key)}"} for key in operators()]},
        **definitions(),
        **{_name(key): _operator(operator) for key, operator in operators().items()},
    }


def _name(key: str) -> str:
    return f"op-{key.replace(' ', '-')}"


def _operator(operator: Operator) -> Schema:
    """The schema of one operator's JSON."""
    more = {"op": {"const": operator.key}}
    return object_of(operator.fields, more, title=operator.title, description=operator.meaning)


def object_of(fields: Mapping[str, Field], more: Mapping[str, Schema] | None = None, **about: str) -> Schema:
    """The schema of an object with these keys alone, ``more`` before them and required."""
    properties = {**(more or {}), **{name: field.check.schema for name, field in fields.items()}}
    return closed(properties, *(more or {}), *(name for name, each in fields.items() if each.required), **about)
