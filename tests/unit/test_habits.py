"""What people write out of habit or by mistake is refused where it stands, with what can be typed instead."""

import json
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.together import check_together
from functions.core.segments.language import parser
from functions.core.segments.language.syntax_errors import DESCRIPTIONS

CASES = json.loads((Path(__file__).parents[1] / "golden/definitions/habits.json").read_text())


def faults_of(kind, text):
    try:
        check_together({(kind, "x"): text}, (), 730)
    except DefinitionRefused as refused:
        return refused.faults
    return ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"].replace("\n", " ")[-60:])
def test_what_is_written_wrong_is_refused_with_its_place_and_what_to_type(case):
    faults = faults_of(case["kind"], case["text"])
    assert case["faults"] == [[each.line, each.column, each.suggestion] for each in faults]
    for fault in faults:
        assert fault.suggestion not in DESCRIPTIONS, "a description cannot be typed"
        assert not any(sign in f"{fault.message}{fault.suggestion}" for sign in ("(?", "\\d", "\\s"))
        assert len(fault.message) < 400


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("spend more than 500", "spent more than 500"),
        ("ordered more than 3 times", "ordered at least 4 times"),
        ("never ordered", "not ordered"),
        ("did not ordered in the last 30 days", 'did not "Order Completed" in the last 30 days'),
        ("ordered since 01.02.2026", "ordered since 2026-02-01"),
        ("spent more than 1.000", "spent more than 1000"),
        ("orderd in the last 30 days", "ordered in the last 30 days"),
        ("age > 18", "trait age > 18"),
        ("did 'Order Completed' within 1 day", 'did "Order Completed" within 1 day'),
    ],
)
def test_what_is_suggested_is_right_in_the_place_of_what_is_wrong(written, mended):
    (fault,) = faults_in(written)
    assert mended[fault.column - 1 :].startswith(fault.suggestion)
    assert [] == faults_in(mended)


def faults_in(text):
    try:
        return parser.read(text, None, None, {})[1]
    except DefinitionRefused as refused:
        return list(refused.faults)


@pytest.mark.parametrize("text", ["did „Order Completed“", "did «Order Completed»", "did “Order Completed”"])
def test_quotes_of_other_keyboards_are_read(text):
    assert parser.parse('did "Order Completed"') == parser.parse(text)


@pytest.mark.parametrize("text", ["ordered in the last 30 days", "whose age is 18 or more"])
def test_the_people_that_lists_speak_of_may_be_typed_too(text):
    people = f"People {text}" if text.startswith("whose") else f"People who {text}"
    assert parser.parse(text) == parser.parse(people)


def test_a_number_that_reads_two_ways_is_refused_and_one_that_does_not_is_read():
    assert 1.5 == parser.parse('sum of n over "A" > 1.5')["value"]
    assert 1.255 == parser.parse('sum of n over "A" > 1.255')["value"]
    assert 1500 == parser.parse('sum of n over "A" > 1,500')["value"]
    with pytest.raises(DefinitionRefused) as refused:
        parser.parse('sum of n over "A" > 1.500')
    assert ["1500"] == [fault.suggestion for fault in refused.value.faults]


def test_a_condition_of_a_check_may_be_its_json():
    text = (
        '{"id": "x", "start": {"event": "Order Completed"}, '
        '"steps": [{"check": {"op": "did", "events": ["Order Completed"]}}, {"wait": "1 hour"}]}'
    )
    assert () == faults_of("flows", text)
    assert [["dod", "did"]] == [
        [each.message.split("'")[1], each.suggestion] for each in faults_of("flows", text.replace('"did"', '"dod"'))
    ]
