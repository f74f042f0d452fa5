"""The JSON Schema for editors takes what the check takes, and little else."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from functions.core.segments.language import parser
from functions.core.segments.language.check import check
from functions.core.segments.language.schema import schema
from functions.core.segments.registry import operators
from tests.unit.strategies import at_most, conditions

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def plain(node):
    return json.loads(json.dumps(node, default=lambda value: float(value) if isinstance(value, Decimal) else value))


def test_the_schema_of_conditions_is_a_valid_json_schema():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("operator", operators().values(), ids=operators())
def test_every_field_of_every_operator_has_a_schema(operator):
    name = f"op-{operator.key.replace(' ', '-')}"
    assert [] == [field for field, said in SCHEMA["$defs"][name]["properties"].items() if not said]
    for example in operator.examples:
        VALIDATOR.validate(plain(parser.parse(example)))


@at_most(150)
@given(conditions({"vip"}))
def test_what_passes_the_check_passes_the_schema(node):
    if not check(node):
        VALIDATOR.validate(plain(node))


@pytest.mark.parametrize(
    "node",
    [
        {"op": "didd"},
        {"op": "did"},
        {"op": "did", "events": []},
        {"op": "did", "events": ["A"], "within": "2 months"},
        {"op": "did", "events": ["A"], "count": {"at least": 0}},
        {"op": "did", "events": ["A"], "where": {"property": "n", "compare": "like", "value": 5}},
        {"op": "and", "of": [{"op": "did", "events": ["A"]}]},
        {"op": "consent", "answer": "perhaps"},
    ],
)
def test_what_the_check_refuses_the_schema_refuses(node):
    assert check(node)
    assert not VALIDATOR.is_valid(node)
