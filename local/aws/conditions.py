"""Parses the conditions of the adapters' writes once: existence and equality tests joined by AND and OR.

The placeholder of an attribute is its name (``#v``), that of a value is the adapter's (``:v``). Other conditions are
left to moto.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

Value = Mapping[str, Any]
Values = Mapping[str, Value]
Test = Callable[[Values, Values], bool]

_EXISTS = re.compile(r"attribute_(?P<not>not_)?exists\(#(?P<name>\w+)\)")
_EQUALS = re.compile(r"#(?P<name>\w+) = (?P<value>:\w+)")


@cache
def test_of(condition: str) -> Test | None:
    """A function (row, values) that tests the condition; None for a condition of another form."""
    ways = [[_term(term) for term in way.split(" AND ")] for way in condition.split(" OR ")]
    alternatives = [[term for term in way if term] for way in ways]
    return _joined(alternatives) if alternatives == ways else None


def _joined(ways: Sequence[Sequence[Test]]) -> Test:
    return lambda row, values: any(all(term(row, values) for term in way) for way in ways)


def _term(text: str) -> Test | None:
    if match := _EXISTS.fullmatch(text):
        name, absent = match["name"], bool(match["not"])
        return lambda row, _: (name in row) is not absent
    if match := _EQUALS.fullmatch(text):
        name, value = match["name"], match["value"]
        return lambda row, values: name in row and _same(row[name], values[value])
    return None


def _same(one: Value, other: Value) -> bool:
    if "N" in one and "N" in other:
        return Decimal(one["N"]) == Decimal(other["N"])
    return one == other
