"""A kind of step that is added as one file, as docs/ADDING_A_FLOW_STEP.md says."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.flow import load_flow
from functions.core.definitions.json_schemas import schema
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.flows import steps
from functions.core.flows.sentence import sentence
from functions.core.flows.step_kinds import step_kinds
from functions.core.segments.language.event_labels import PLAIN
from tests.flow.test_publication_starts import DAY, START, Shop

GUIDE = Path(__file__).parents[2] / "docs/ADDING_A_FLOW_STEP.md"
(STEP,) = re.findall(r"^```python\n# functions/core/flows/steps/weekdays.py\n(.*?)^```", GUIDE.read_text(), re.M | re.S)
FLOW = """id: {0}
name: {0}
start: {{event: Product Added}}
steps:
  - wait: 1 hour
  - weekdays: {1}
  - send: note
"""


@pytest.fixture(autouse=True)
def weekdays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "weekdays.py").write_text(STEP)
    monkeypatch.setattr(steps, "__path__", [*steps.__path__, str(tmp_path)])
    step_kinds.cache_clear()
    yield
    step_kinds.cache_clear()
    sys.modules.pop("functions.core.flows.steps.weekdays", None)


def test_a_run_takes_an_added_step() -> None:
    # START is a Sunday.
    shop = Shop(FLOW.format("on-sunday", "[Sat, Sun]"), FLOW.format("on-monday", "Mon"))
    shop.happen(1, "Product Added")
    shop.settle()
    shop.to(START + DAY)
    assert ["p1@x.org"] == shop.written_to()
    ended = {run.flow: run.outcome for profile in shop.people.states for run in shop.runs.of(profile)}
    assert {"on-sunday": "completed", "on-monday": "not on a Sun"} == ended


def test_an_added_step_has_faults_a_schema_and_a_sentence() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        load_flow(FLOW.format("a", "Sunday"))
    (fault,) = refused.value.faults
    assert ("steps[1].weekdays[0]", 6, "Sun") == (fault.where, fault.line, fault.suggestion)
    with pytest.raises(DefinitionRefused) as refused:
        load_flow(FLOW.format("a", "Mon").replace("weekdays", "weekday"))
    assert ["weekdays"] == [fault.suggestion for fault in refused.value.faults]
    days = schema("flows")["$defs"]["WeekdaysStep"]["properties"]["weekdays"]
    assert ["Mon", "Tue"] == days["anyOf"][0]["enum"][:2]
    said = sentence(load_flow(FLOW.format("a", "[Mon, Tue]")), PLAIN)
    assert said.endswith("wait 1 hour, then go on if it is Mon or Tue, then send the e-mail “note”")


def test_a_step_may_refer_to_a_kind_of_definition_that_only_it_knows(tmp_path: Path) -> None:
    naming = '    advance=_advance,\n    needs=lambda content: [("offers", "spring")],\n'
    (tmp_path / "weekdays.py").write_text(STEP.replace("    advance=_advance,\n", naming))
    flow = Definition("flows", "a", 1, "", load_flow(FLOW.format("a", "Mon")), "ann", 0)
    note = Definition("templates", "note", 1, "", {"id": "note"}, "ann", 0)
    offer = Definition("offers", "spring", 1, "", {"id": "spring"}, "ann", 0)
    assert load([flow, note, offer]).lacks(flow) is False
    assert load([flow, note]).lacks(flow) is True
