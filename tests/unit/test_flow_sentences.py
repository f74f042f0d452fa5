"""What a flow is in English."""

import json
from pathlib import Path

import pytest

from functions.core.definitions.flow import load_flow
from functions.core.flows.sentence import sentence
from functions.core.flows.step_kind import StepKind
from functions.core.flows.step_kinds import step_kinds
from functions.core.segments.language.event_labels import PLAIN

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/golden/flows/sentences.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_flow_is_said_in_english(case):
    assert case["sentence"] == sentence(load_flow(case["text"]), PLAIN)


@pytest.mark.parametrize("kind", step_kinds())
def test_every_kind_of_step_has_a_sentence(kind):
    assert any(f"- {kind}:" in case["text"] for case in CASES)


@pytest.mark.parametrize("kind", step_kinds().values(), ids=step_kinds())
def test_the_example_of_a_kind_of_step_is_one(kind):
    flow = load_flow(f"id: a\nstart: {{segment: b}}\nsteps:\n  - {kind.example}\n")
    assert [kind.key] == [step["do"] for step in flow["steps"]]


def test_the_page_on_adding_a_step_names_every_field_of_the_record():
    page = (ROOT / "docs/ADDING_A_FLOW_STEP.md").read_text()
    assert [] == [name for name in StepKind.__dataclass_fields__ if f"`{name}`" not in page]
