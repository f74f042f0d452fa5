"""The JSON Schema of conditions for editors, assembled from the operators' records.

Rules that a schema cannot express (names defined above, contradictory spans, depth) are left to the check.
"""

from collections.abc import Mapping
from typing import Any

from functions.core.base import currencies
from functions.core.base.keys import ID, NAMED
from functions.core.segments.language.check import LONGEST_CONDITION
from functions.core.segments.language.fields import BOUNDS, COMPARES, LONGEST_TEXT, MOST
from functions.core.segments.operator import SPANS, Operator
from functions.core.segments.registry import operators
from functions.core.timelines.filters import COMPARISONS, NEAR

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
NODE: Schema = {"$ref": "#/$defs/condition"}
# The prefix of a reference in a field's schema to a definition that its model does not have: pydantic accepts these
# only as references to another host. ``model_schema`` removes it when it adds the definitions.
ELSEWHERE = "https://conditions.invalid/"
# The message that editors show instead of the pattern; a VS Code extension that other tools ignore.
ELSE = "patternErrorMessage"
SPAN: Schema = {
    "type": "string",
    "pattern": rf"^[0-9]{{1,10}} ({'|'.join(SPANS)})s?$",
    ELSE: "a span such as 48 hours; months and years differ in length",
}


def any_case(word: str) -> str:
    """A regular expression for the word in any mix of cases."""
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


_UNIT = "|".join([*(any_case(unit[0]) for unit in SPANS), *(f"{any_case(unit)}[sS]?" for unit in SPANS)])
SHORT_SPAN = rf"(\d{{1,6}}\s*({_UNIT})\s*)+"


def span_text() -> Schema:
    """The schema of a span as people write it: ``1 hour``, ``1h30m``."""
    return {"type": "string", "pattern": rf"^\s*{SHORT_SPAN}$", ELSE: "a span such as 1 hour, 1h30m or 7 days"}


def id_schema(longest: int) -> Schema:
    """The schema of an id with at most that many characters."""
    says = "an id is lower-case words joined by hyphens"
    return {"type": "string", "pattern": f"^{ID.pattern}$", "maxLength": longest, ELSE: says}


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


def closed(properties: Mapping[str, Mapping[str, Any]], *required: str, **more: Any) -> Schema:
    """The schema of an object with these properties and no others."""
    return {
        **more,
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


_NAMED = closed({"named": {"type": "string", "pattern": f"^{NAMED.pattern}$"}}, "named")

# The schema of a field's values, by the name of its check function in ``fields`` or in the operator's module.
_BY_CHECK: Mapping[str, Schema] = {
    "text": _TEXT,
    "path": _TEXT,
    "single_path": _TEXT,
    "span": SPAN,
    "spans": {"type": "array", "items": SPAN, "minItems": 2, "maxItems": 2},
    "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([Tt ].*)?$"},
    "events": {"type": "array", "items": {"anyOf": [_TEXT, _NAMED]}, "minItems": 1},
    "where": {"$ref": "#/$defs/filter"},
    "currency": {"type": "string", "pattern": f"^{currencies.FORM.pattern}$"},
    "step": {"$ref": "#/$defs/step"},
    "count": {
        "oneOf": [
            closed({bound: {"type": "integer", "minimum": int(bound == "at least"), "maximum": MOST}}, bound)
            for bound in BOUNDS
        ]
    },
    "whole": {"type": "integer", "minimum": 1, "maximum": MOST},
    "compare": {"enum": list(COMPARES)},
    "number_compare": {"enum": list(COMPARISONS)},
    "scalars": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
    "number": {"type": "number"},
    "node": NODE,
}


def schema() -> Schema:
    """The JSON Schema of a condition's JSON."""
    return {"$schema": DRAFT, "title": "Condition of a Segue segment", **NODE, "$defs": conditions()}


def conditions() -> dict[str, Schema]:
    """The ``$defs`` that every schema with conditions needs."""
    operator_schema = {"type": "object", "properties": {"op": {"enum": list(operators())}}, "required": ["op"]}
    return {
        "condition": {**operator_schema, "oneOf": [{"$ref": f"#/$defs/{_name(key)}"} for key in operators()]},
        "filter": _filter(),
        "step": closed({"events": _BY_CHECK["events"], "where": _BY_CHECK["where"]}, "events"),
        **{_name(key): _operator(operator) for key, operator in operators().items()},
    }


def _name(key: str) -> str:
    return f"op-{key.replace(' ', '-')}"


def _operator(operator: Operator) -> Schema:
    """The schema of one operator's JSON."""
    fields = {
        name: field.schema if field.schema is not None else _BY_CHECK.get(field.check.__name__, {})
        for name, field in operator.fields.items()
    }
    required = [name for name, field in operator.fields.items() if field.required]
    properties = {"op": {"const": operator.key}, **fields}
    return closed(properties, "op", *required, title=operator.title, description=operator.meaning)


def _filter() -> Schema:
    inner = {"type": "array", "items": {"$ref": "#/$defs/filter"}, "minItems": 2}
    parts = {"property": _TEXT, "compare": {"enum": [*COMPARES, NEAR]}, "value": _BY_CHECK["scalars"]}
    joined = [closed({word: inner}, word) for word in ("and", "or")]
    return {"oneOf": [closed(parts, "property", "compare"), *joined]}
