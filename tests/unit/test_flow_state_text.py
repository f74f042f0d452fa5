"""A flow's text with another state: one line changes, and nothing else moves."""

import json

import pytest

from functions.core.definitions.document import read
from functions.core.definitions.flow_state_text import with_state
from functions.core.flows.flow import FlowState

YAML = """# Ours since May.
id: welcome
name: Welcome   # what reports say
start: {event: Signed Up}
steps:
  - wait: 1 hour   # no sooner
  - send: welcome
"""

TEXTS = {
    "no state": YAML,
    "a state with a comment": YAML.replace("start:", "state: active   # on\nstart:"),
    "a quoted state": YAML.replace("start:", 'state: "active"\nstart:'),
    "a state of nothing": YAML.replace("start:", "state:\nstart:"),
    "a state at the end": YAML + "state: active",
    "no name and no id": "start: {event: A}\nsteps: [{send: a}]",
    "a name over several lines": "id: a\nname: >\n  A long\n  name\nstart: {event: A}\nsteps: [{send: a}]\n",
    "a name in quotes over two lines": 'name: "A long\n  name"\nstart: {event: A}\nsteps: [{send: a}]\n',
    "line ends of Windows": YAML.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + YAML,
    "JSON on one line": '{"id": "a", "start": {"event": "A", "state": 1}, "steps": [{"send": "a"}]}',
    "JSON with tabs": '{\n\t"id": "a",\n\t"start": {"event": "A"},\n\t"steps": [{"send": "a"}]\n}\n',
    "JSON with a state": '{"start": {"event": "A\\/"}, "state" : "active" , "steps": [{"send": "}"}]}',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("state", ["paused", "draining"])
def test_a_text_says_the_state_and_everything_else_as_before(text: str, state: FlowState) -> None:
    changed = with_state(text, state)
    assert {**read(text).body, "state": state} == read(changed).body
    back = with_state(changed, "active")
    assert {**read(text).body, "state": "active"} == read(back).body


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_new_state_changes_or_adds_one_line(text: str) -> None:
    before, after = text.removeprefix("\ufeff").splitlines(), with_state(text, "paused").splitlines()
    if "\n" in text:
        assert [line for line in before if line not in after] in ([], [line for line in before if "state" in line])
        assert 1 == len([line for line in after if line not in before])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_text_that_says_the_state_stays_as_it_is(text: str) -> None:
    assert text == with_state(text, "active")
    paused = with_state(text, "paused")
    assert paused == with_state(paused, "paused")


def test_a_comment_stays_beside_the_state() -> None:
    assert "state: paused   # on\n" in with_state(TEXTS["a state with a comment"], "paused")
    assert "name: Welcome   # what reports say\nstate: paused\n" in with_state(YAML, "paused")


def test_a_flow_in_json_stays_json_when_its_state_changes() -> None:
    for name, text in TEXTS.items():
        if name.startswith("JSON"):
            assert "draining" == json.loads(with_state(text, "draining"))["state"]
