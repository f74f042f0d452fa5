"""The schemas of whole definitions take what may be published, and not what is typically wrong."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from functions.core.base.errors import DefinitionRefused, NotFound
from functions.core.definitions.document import read
from functions.core.definitions.json_schemas import SCHEMAS, schema
from functions.core.definitions.kinds import KINDS
from functions.core.definitions.registry import kind_of

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "definitions").glob("*/*.yaml"))
WRITTEN = ROOT / "definitions" / "schema"
VALIDATORS = {kind: Draft202012Validator(schema(kind)) for kind in SCHEMAS}


def plain(value):
    return json.loads(json.dumps(value, default=lambda number: float(number) if isinstance(number, Decimal) else None))


def body(text):
    return plain(read(text).body)


def golden(path, *kinds):
    return json.loads((ROOT / "tests" / "golden" / path).read_text())


def test_every_kind_and_the_condition_has_one():
    assert {*KINDS, "conditions"} == set(SCHEMAS)
    with pytest.raises(NotFound) as refused:
        schema("segment")
    assert "segments" == refused.value.faults[0].suggestion


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one_and_its_file_is_as_it_is_made(kind):
    Draft202012Validator.check_schema(schema(kind))
    assert json.loads((WRITTEN / f"{kind}.json").read_text()) == schema(kind)


def test_editors_are_told_which_files_the_schemas_are_for():
    told = json.loads((ROOT / ".vscode" / "settings.json").read_text())
    assert {f"definitions/schema/{kind}.json": f"definitions/{kind}/*.yaml" for kind in KINDS} == {
        path.removeprefix("./"): files for path, files in told["yaml.schemas"].items()
    }


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_schema_accepts_what_is_shipped_as_text_and_as_json(path):
    VALIDATORS[path.parent.name].validate(body(path.read_text()))
    if path.parent.name in ("segments", "scores"):
        checked = plain(kind_of(path.parent.name).load(path.read_text(), None, {}))
        VALIDATORS[path.parent.name].validate(checked)


@pytest.mark.parametrize("case", golden("segments/texts.json"), ids=lambda case: case["case"])
def test_the_schema_accepts_every_golden_condition_as_text_and_as_json(case):
    VALIDATORS["conditions"].validate(case["json"])
    for when in (case["text"], case["json"]):
        VALIDATORS["segments"].validate({"id": "a", "when": when})


@pytest.mark.parametrize("case", golden("segments/meanings.json"), ids=lambda case: case["case"])
def test_the_schema_accepts_every_condition_of_the_golden_meanings(case):
    from functions.core.segments.language import parser

    VALIDATORS["conditions"].validate(plain(parser.parse(case["when"])))


@pytest.mark.parametrize("case", golden("scores/texts.json"), ids=lambda case: case["case"])
def test_the_schema_accepts_every_golden_rule_of_a_score(case):
    for rule in (case["text"], case["json"]):
        VALIDATORS["scores"].validate({"id": "a", "rules": [rule]})


@pytest.mark.parametrize("case", golden("definitions/refused.json"), ids=lambda case: case["title"])
def test_the_schema_accepts_what_is_published_in_the_golden_cases(case):
    for given in case.get("current", ()):
        VALIDATORS[given["kind"]].validate(body(given["text"]))
    if not case["faults"]:
        VALIDATORS[case["kind"]].validate(body(case["text"]))


FLOW = {"id": "a", "start": {"event": "X"}, "steps": [{"wait": "1 hour"}]}
LETTER = {"id": "a", "name": "A", "kind": "marketing", "subject": "A", "body": "<mj-section></mj-section>"}
WRONG: dict[str, list[dict[str, Any]]] = {
    "segments": [
        {"when": 5},
        {"id": "a"},
        {"id": "A b", "when": 'did "X"'},
        {"nmae": "x", "when": 'did "X"'},
        {"when": 'did "X"', "announce": "yes"},
        {"when": {"op": "didd", "events": ["X"]}},
        {"when": {"op": "did", "events": ["X"], "within": "2 months"}},
        {"when": 'did "X"', "examples": [{"events": [], "expect": "inn"}]},
        {"when": 'did "X"', "examples": [{"events": []}]},
        {"when": 'did "X"', "examples": [{"events": [{"event": "X"}], "expect": "in"}]},
        {"when": 'did "X"', "examples": [{"events": [{"at": "-1 month", "event": "X"}], "expect": "in"}]},
        {"when": 'did "X"', "examples": [{"events": [{"at": "-1d"}], "expect": "in"}]},
    ],
    "scores": [
        {"rules": []},
        {"rules": ['5 per "X"']},
        {"rules": [{"points": 0, "when": {"op": "did", "events": ["X"]}}]},
        {"rules": [{"points": 5, "per": {"events": ["X"]}, "with in": "3 days"}]},
        {"rules": [{"points": 5}]},
        {"rules": ['+5 per "X"'], "tiers": {"StoredState": 5}},
        {"rules": ['+5 per "X"'], "tiers": {"hot": "much"}},
    ],
    "flows": [
        FLOW | {"start": {"event": "X", "segment": "a"}},
        FLOW | {"start": {"event": "X", "on": "enter"}},
        FLOW | {"reentry": "twice"},
        FLOW | {"steps": []},
        FLOW | {"steps": [{"wait": "soon"}]},
        FLOW | {"steps": [{"wait": "1 hour", "send": "a"}]},
        FLOW | {"steps": [{"sned": "a"}]},
        FLOW | {"goals": "X"},
    ],
    "templates": [
        LETTER | {"kind": "advert"},
        LETTER | {"subjekt": "Hi"},
        LETTER | {"subject": ""},
        {name: value for name, value in LETTER.items() if name != "body"},
        LETTER | {"sample": {"person": {}}},
    ],
}


@pytest.mark.parametrize(("kind", "wrong"), [(kind, each) for kind, several in WRONG.items() for each in several])
def test_what_is_typically_wrong_is_refused_here_and_when_it_is_saved(kind, wrong):
    assert not VALIDATORS[kind].is_valid(wrong)
    with pytest.raises(DefinitionRefused):
        kind_of(kind).load(json.dumps({"id": "a"} | wrong), None, {})


def test_patterns_are_those_of_browsers_and_editors_too():
    for pattern in set(re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps([schema(kind) for kind in SCHEMAS]))):
        assert not re.search(r"\(\?[^:=!]|\\[AZz]|\(\?P", json.loads(f'"{pattern}"'))
