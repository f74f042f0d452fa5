"""The guide to flows: its examples are flows, and its errors are what is said."""

import re
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.flow import Flow, load_flow
from functions.core.definitions.vocabulary import standard

GUIDE = (Path(__file__).parents[2] / "docs/flows.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SHIPPED = Path(__file__).parents[2] / "definitions"

WRONG = {
    "id": "id: A b\nstart: {event: A}\nsteps: [{wait: 1 hour}]\n",
    "key": "id: a\nwen: 1\nstart: {event: A}\nsteps: [{wait: 1 hour}]\n",
    "start": "id: a\nsteps: [{wait: 1 hour}]\n",
    "on": "id: a\nstart: {event: A, on: enter}\nsteps: [{wait: 1 hour}]\n",
    "by": "id: a\nstart: {segment: a, by: b}\nsteps: [{wait: 1 hour}]\n",
    "enters": "id: a\nstart: {segment: a, on: x}\nsteps: [{wait: 1 hour}]\n",
    "events": "id: a\nstart: {event: []}\nsteps: [{wait: 1 hour}]\n",
    "reentry": "id: a\nstart: {event: A}\nreentry: seldom\nsteps: [{wait: 1 hour}]\n",
    "steps": "id: a\nstart: {event: A}\nsteps: []\n",
    "step": "id: a\nstart: {event: A}\nsteps: [1]\n",
    "id of a step": "id: a\nstart: {event: A}\nsteps: [{wait: 1 hour, id: A b}]\n",
    "id twice": "id: a\nstart: {event: A}\nsteps: [{wait: 1 hour, id: b}, {wait: 1 hour, id: b}]\n",
    "template twice": "id: a\nstart: {event: A}\nsteps: [{send: b}, {send: b}]\n",
    "late": "id: a\nstart: {event: A}\nsteps: [{wait: 800 days}, {send: b}]\n",
    "template": "id: a\nstart: {event: A}\nsteps: [{send: A B}]\n",
    "state": "id: a\nstate: off\nstart: {event: A}\nsteps: [{wait: 1 hour}]\n",
    "when paused": "id: a\nwhen paused: off\nstart: {event: A}\nsteps: [{wait: 1 hour}]\n",
    "move": "id: a\nmove: 1\nstart: {event: A}\nsteps: [{wait: 1 hour}]\n",
    "strict": "id: a\nstrict: 1\nstart: {event: A}\nsteps: [{wait: 1 hour}]\n",
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_the_guide_shows_is_a_flow_that_refers_to_shipped_definitions(text):
    body = load_flow(text, 730)
    for step in body["steps"]:
        assert step["do"] != "send" or (SHIPPED / "templates" / f"{step['template']}.yaml").exists()
    named = [each for each in [*body["start"].get("events", ()), *body["goal"]] if isinstance(each, str)]
    assert set(named) <= standard.EVENTS.keys()


def test_the_guide_speaks_of_every_key():
    assert EXAMPLES
    assert [] == [key for key in Flow.written() if f"`{key}" not in GUIDE and f"{key}:" not in GUIDE]


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_the_guide_has_every_fault_with_its_text(text):
    with pytest.raises(DefinitionRefused) as refused:
        load_flow(text, 730)
    table = GUIDE.partition("## What is refused")[2]
    (fault,) = refused.value.faults
    assert f"`{fault.message}`" in table
