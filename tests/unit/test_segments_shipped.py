"""What is shipped: every segment loads, says what its examples expect, and reads as it was written."""

from pathlib import Path

import pytest

from functions.core.definitions import examples
from functions.core.definitions.event_group import load_events
from functions.core.definitions.segment import load_segment
from functions.core.segments.language import parser
from functions.core.segments.language.check import check, references
from functions.core.segments.language.named import resolve

SHIPPED = sorted((Path(__file__).parents[2] / "definitions" / "segments").glob("*.yaml"))
EVENTS = {path.stem: load_events(path.read_text()) for path in SHIPPED[0].parents[1].glob("events/*.yaml")}
BODIES = {path.stem: load_segment(path.read_text()) for path in SHIPPED}


def failing(body, others):
    return examples.run(resolve(body, EVENTS), resolve(others, EVENTS))


@pytest.mark.parametrize("name", BODIES)
def test_a_shipped_segment_does_what_its_examples_say(name):
    body = BODIES[name]
    assert name == body["id"]
    assert {"in", "out"} == {example["expect"] for example in body["examples"]}
    assert [] == check(body["when"], set(BODIES))
    assert [] == failing(body, {other: each["when"] for other, each in BODIES.items()})


@pytest.mark.parametrize("name", BODIES)
def test_a_shipped_segment_survives_its_text(name):
    when = BODIES[name]["when"]
    assert when == parser.parse(parser.text(when))


def test_an_example_that_fails_is_reported_at_its_expectation():
    text = SHIPPED[0].read_text().replace("expect: in", "expect: out", 1)
    body = load_segment(text)
    (fault,) = failing(body, {})
    assert "examples[0].expect" == fault.where
    assert "in" == fault.suggestion
    assert set() == references(body["when"])
