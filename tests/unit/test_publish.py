"""What may become current, what is refused and where the fault is shown."""

import json
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused, Malformed, NotFound
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of

CASES = json.loads((Path(__file__).parents[1] / "golden/definitions/refused.json").read_text())


def current(given):
    return Definition(
        given["kind"], given["id"], 1, given["text"], kind_of(given["kind"]).load(given["text"], None, {}), "ann", 0
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_a_definition_is_taken_or_refused_with_every_fault_in_its_place(case):
    others = [current(given) for given in case.get("current", ())]
    try:
        body = check(case["kind"], case["id"], case["text"], others, case.get("retention"))
    except DefinitionRefused as refused:
        found = [
            {name: getattr(fault, name) for name in ("line", "column", "message", "suggestion")}
            for fault in refused.faults
        ]
        assert case["faults"] == [
            {name: told[name] for name in wanted} for told, wanted in zip(found, case["faults"], strict=True)
        ], found
    else:
        assert case["faults"] == []
        assert body["id"] == case["id"]


def test_an_unknown_kind_is_told_the_known_ones():
    with pytest.raises(NotFound) as refused:
        check("segment", "a", "id: a", [])
    (fault,) = refused.value.faults
    assert ("segments", True) == (
        fault.suggestion,
        "flows, rates, scores, segments, sources, templates" in fault.message,
    )


@pytest.mark.parametrize("name", ["A", "a_b", "-a", "a" * 61, "a b", "é"])
def test_an_id_is_lower_case_words_joined_by_hyphens(name):
    with pytest.raises(Malformed):
        check("segments", name, 'when: did "X"', [])


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "definitions").glob("*/*.yaml")), ids=lambda path: path.stem
)
def test_every_shipped_definition_may_be_published(path):
    shipped = (Path(__file__).parents[2] / "definitions").glob("*/*.yaml")
    others = [
        {"kind": other.parent.name, "id": other.stem, "text": other.read_text()} for other in shipped if other != path
    ]
    assert path.stem == check(path.parent.name, path.stem, path.read_text(), map(current, others))["id"]
