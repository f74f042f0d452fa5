"""How the text of a definition is read, and where in it a fault is shown."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.limits import LONGEST_DEFINITION
from functions.core.definitions.document import read

GOLDEN = Path(__file__).parents[1] / "golden/documents"
READ = json.loads((GOLDEN / "read.json").read_text())
PLACES = json.loads((GOLDEN / "places.json").read_text())


def shown(value):
    """Fractions as text with an exclamation mark, so that exact digits show in JSON."""
    if isinstance(value, Decimal):
        return f"{value}!"
    if isinstance(value, dict):
        return {name: shown(inner) for name, inner in value.items()}
    return [shown(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", READ, ids=lambda case: case["title"])
def test_a_text_is_read_or_refused_with_its_places(case):
    if "body" in case:
        assert case["body"] == shown(read(case["text"]).body)
        return
    with pytest.raises(DefinitionRefused) as refused:
        read(case["text"])
    assert case["faults"] == [[fault.line, fault.column] for fault in refused.value.faults]


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case["title"])
def test_a_fault_is_placed_in_the_whole_text(case):
    document = read(case["text"])
    value: Any = document.body
    for step in case["where"].replace("[", ".").replace("]", "").split("."):
        value = (value[int(step)] if step.isdigit() else value.get(step)) if not isinstance(value, str) else value
    if not case.get("own", True):
        placed = document.place(Fault("x", case["where"]))
    else:
        offset = value.index(case["at"]) if case["at"] else len(value.rstrip())
        before = value[:offset]
        placed = document.place(Fault("x", case["where"], before.count("\n") + 1, len(before) - before.rfind("\n")))
    assert placed.line
    assert placed.column
    if case["at"]:
        assert case["text"].split("\n")[placed.line - 1][placed.column - 1 :].startswith(case["at"])
    else:
        assert case["place"] == [placed.line, placed.column]


def test_a_word_is_found_where_it_is_used_and_not_where_it_is_defined():
    document = read('id: vip\nwhen: |\n  did "vip"\n  and in segment "vip"\nnext: [a, gold]\n')
    assert Fault("x", "next[1]", 5, 11) == document.mention("gold", "x")
    assert Fault("x", "when", 3, 7) == document.mention("vip", "x")


def test_a_text_of_more_than_64_kilobytes_is_refused():
    with pytest.raises(DefinitionRefused):
        read("a: " + "x" * LONGEST_DEFINITION)


@pytest.mark.parametrize("text", ['{"id": ' + "9" * 5000 + "}", '{"id": ' + "[" * 9000 + "]" * 9000 + "}"])
def test_json_that_python_cannot_hold_is_refused(text):
    with pytest.raises(DefinitionRefused):
        read(text)
