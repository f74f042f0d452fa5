"""Expressions of declared sources: JMESPath, exact on decimals, with functions of ours."""

from decimal import Decimal
from typing import Any

import pytest

from functions.core.base import json_text
from functions.core.base.errors import DefinitionRefused
from functions.core.mappings.expression import Failed, parse
from functions.core.mappings.functions import MappingFunctions
from functions.core.mappings.mapping import compile_mapping
from functions.core.mappings.records import Mapped
from functions.core.mappings.steps import Steps
from functions.core.mappings.translation import translate

BODY = json_text.read(
    """{"a": 1, "b": "Two", "n": null, "t": true, "d": 12.50, "s": "12.50", "w": "7", "at": "2026-11-21T18:00:00Z",
    "list": [3, 1.5, 2], "lines": [{"sku": "x", "price": 1.25, "tags": ["p", "q"]}, {"sku": "y", "price": 2}]}"""
)
CASES: list[tuple[str, Any]] = [
    ("a", 1),
    ("lines[*].sku", ["x", "y"]),
    ("lines[?price > `1`].sku | [0]", "x"),
    ("lines[?price == `2`].sku", ["y"]),
    ("lines[].tags[]", ["p", "q"]),
    ("lines[::-1].sku", ["y", "x"]),
    ("lines[*].{id: sku, price: price}", [{"id": "x", "price": Decimal("1.25")}, {"id": "y", "price": 2}]),
    ("sum(list)", Decimal("6.5")),
    ("max(list)", 3),
    ("avg(list)", Decimal("6.5") / 3),
    ("sort(list)", [Decimal("1.5"), 2, 3]),
    ("sort_by(lines, &price)[-1].sku", "y"),
    ("max_by(lines, &price).sku", "y"),
    ("sum(lines[*].price)", Decimal("3.25")),
    ("ceil(d)", 13),
    ("floor(d)", 12),
    ("abs(d)", Decimal("12.50")),
    ("to_number(s)", Decimal("12.50")),
    ("to_number(w)", 7),
    ("to_number(b)", None),
    ("[to_string(a), to_string(d), to_string(t), to_string(n)]", ["1", "12.50", "true", "null"]),
    ("type(d)", "number"),
    ("[type(money(d)), type(b), type(n)]", ["number", "string", "null"]),
    ("d == `12` || d > `12`", True),
    ("a == t", False),
    ("list == `[3]`", False),
    ('{x: a} == `{"x": 1}`', True),
    ("a < b", None),
    ("b < 'U'", True),
    ("contains(list, `2`)", True),
    ("contains(b, 'w')", True),
    ("join('-', lines[*].sku)", "x-y"),
    ("not_null(n, b)", "Two"),
    ("merge({x: a}, {y: b})", {"x": 1, "y": "Two"}),
    ("text(a)", "1"),
    ("text(n)", None),
    ("lower(b)", "two"),
    ("lower(a)", None),
    ("instant(at)", 1_795_284_000_000),
    ("instant(`1795284000`)", 1_795_284_000_000),
    ("instant(`1795284000123`)", 1_795_284_000_123),
    ("instant('1795284000')", 1_795_284_000_000),
    ("instant(n)", None),
    ("money(d)", 1250),
    ("money(s, 'JPY')", 13),
    ("money(d, 'bhd')", 12_500),
    ("minor(a)", 1),
    ("money(n)", None),
    ("header('X-Topic')", "sale"),
    ("header('x-other')", None),
]


def value(text: str, body: Any = BODY) -> Any:
    steps = Steps()
    return parse(text).value(body, MappingFunctions(steps, {"x-topic": "sale"}, "EUR"), steps)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_expression_gives_what_jmespath_says_exactly(text: str, expected: Any) -> None:
    found = value(text)
    assert expected == found
    assert not isinstance(found, float)
    assert isinstance(found, bool) is isinstance(expected, bool)


@pytest.mark.parametrize(("text", "expected"), [("ceil(y)", -1), ("floor(y)", -2), ("ceil(x)", 2), ("floor(x)", 1)])
def test_rounding_goes_to_the_side_that_is_named(text: str, expected: int) -> None:
    assert expected == value(text, {"x": Decimal("1.5"), "y": Decimal("-1.5")})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sum(b)", "sum() takes array of number"),
        ("money(b)", "money() was given what is no amount"),
        ("minor(d)", "minor() was given what is no amount"),
        ("money(a, at)", "and was given another code"),
        ("instant(b)", "instant() takes a date"),
        ("to_string(list)", "to_string() takes text"),
        ("lines[::0]", "has no value"),
    ],
)
def test_what_fails_says_what_was_wrong_and_not_the_value(text: str, says: str) -> None:
    with pytest.raises(Failed) as failed:
        value(text)
    assert says in failed.value.reason
    assert "Two" not in failed.value.reason and "12.5" not in failed.value.reason


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("", "is text", None),
        (7, "is text", None),
        ("a b", "nexpected token: b", 3),
        ("a.", "ends too early", 3),
        ("a = 'b'", "nknown token '='", 3),
        ("'open", "nclosed ' delimiter", 1),
        ("nope(a)", "there is no function nope()", None),
        ("instnt(a)", "there is no function instnt()", None),
        ("lower()", "lower() takes 1 argument, and has 0", None),
        ("lower(a, b)", "lower() takes 1 argument, and has 2", None),
        ("header(a)", "name of a header in quotes", None),
        ("a == `1.5`", "a literal in an expression", None),
        ("a == `NaN`", "a literal in an expression", None),
        ('{"\\ud800": a}', "half a character", None),
        ("x" * 1001, "at most 1000 characters", None),
        ("[" * 60 + "a" + "]" * 60, "nested at most", None),
        ("!" * 300 + "a", "nested at most", None),
        ("a" + "|a" * 200, "nested at most", None),
        ("`" + "[" * 900 + "`", "in backticks", 1),
        ("a == `sale`", "in backticks", 6),
    ],
)
def test_a_wrong_expression_is_refused_with_its_place(text: Any, says: str, column: int | None) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        parse(text)
    (fault,) = refused.value.faults
    assert says in fault.message
    assert column is None or (1, column) == (fault.line, fault.column)


def mapped(rule: dict[str, Any], body: Any = BODY, **source: Any) -> Mapped:
    rule = {"event": "X", "person": {"email": "'a@x.org'"}, **rule}
    return translate(compile_mapping({"events": [rule], **source}), body, {}, "EUR")


def properties(**expressions: str) -> Any:
    found = mapped({"properties": expressions})
    return [fault.message for fault in found.faults] if found.faults else found.events[0].properties


def test_amounts_are_in_minor_units_once_however_they_are_written() -> None:
    assert {"total": 1250, "currency": "EUR"} == properties(total="d")
    assert {"total": 1250, "currency": "EUR"} == properties(total="money(d)")
    assert {"total": 13, "currency": "JPY"} == properties(total="money(s, 'JPY')")
    assert {"total": 1, "currency": "EUR"} == properties(total="minor(a)")
    assert {"tip": 1250} == properties(tip="money(d)")
    lines = [{"sku": "x", "price": 125}, {"sku": "y", "price": 200}]
    assert {"products": lines, "currency": "EUR"} == properties(products="lines[*].{sku: sku, price: price}")
    assert {"products": lines, "currency": "EUR"} == properties(products="lines[*].{sku: sku, price: money(price)}")


def test_amounts_of_two_currencies_in_one_event_are_refused() -> None:
    assert ["the amounts of one event have one currency"] == properties(total="money(d, 'JPY')", currency="'EUR'")
    assert ["the amounts of one event have one currency"] == properties(total="money(d, 'JPY')", tax="money(d, 'USD')")


def test_empty_values_are_left_out_and_false_and_zero_are_not() -> None:
    assert {"f": False, "z": 0} == properties(n="n", e="''", l="`[]`", o="`{}`", f="`false`", z="`0`")
    assert {"o": {"b": "Two"}} == properties(o="{n: n, b: b}")


def test_an_order_has_one_spelling() -> None:
    assert {"order_id": "1003"} == properties(order_id="'#1003'")


def test_every_fault_of_a_body_is_told_with_its_place() -> None:
    found = mapped({"time": "b", "properties": {"x": "sum(b)"}, "consent": "b", "person": {"email": "n"}}, identity="n")
    assert {
        "identity",
        "events[0].time",
        "events[0].properties.x",
        "events[0].consent",
        "events[0].person",
    } == {fault.where for fault in found.faults}
    assert () == found.events


def test_a_body_that_no_event_is_about_is_a_fault_and_an_ignored_one_is_none() -> None:
    assert ["events"] == [fault.where for fault in mapped({"when": "b == 'Three'"}).faults]
    assert Mapped(ignored=True) == mapped({"when": "b == 'Three'"}, ignore="b == 'Two'")
    assert "2" not in str(mapped({}, identity="a").faults) and "1" == mapped({}, identity="a").identity


@pytest.mark.parametrize("given", ["null", "undefined", "0", "no address"])
def test_a_value_that_names_nobody_is_nobody(given: str) -> None:
    assert mapped({"person": {"email": "e"}}, {"e": given}).faults
