"""Each guide ADDING_*.md is followed to the letter, in a copy of the code, and what it adds works."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.guides import CODE, LOCAL, ROOT, follow, run


@pytest.fixture
def copy(tmp_path):
    for folder in CODE:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("guide", sorted(path.name for path in (ROOT / "docs").glob("ADDING_*.md")))
def test_what_a_guide_adds_is_clean_by_the_rules_of_the_project(guide, copy):
    added = [path for path in follow(guide, copy) if path.endswith(".py")]
    assert added
    shutil.copy(ROOT / "pyproject.toml", copy)
    ruff = str(Path(sys.executable).parent / "ruff")
    for rules in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *rules, *added], cwd=copy, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, done.stdout + done.stderr


def test_an_operator_is_one_new_file(copy):
    new = follow("ADDING_AN_OPERATOR.md", copy)
    assert ["functions/core/segments/operators/quiet.py", "my-shop/segments/quiet-buyers.yaml"] == new
    assert "1 right\n" == run(copy, "-m", "cli", "check", "my-shop")
    run(
        copy,
        script="""
from functions.core.segments.language import parser
from functions.core.segments.registry import operators

record = operators()["quiet"]
for text in record.examples:
    node = parser.parse(text)
    assert text == parser.text(node)
    sentence = parser.sentence(node)
    assert node == parser.parse(sentence), sentence
    assert record.explain(node, type("View", (), {"now": 0, "entries": lambda *_: (), "sealed": lambda *_: ()})())
""",
    )
    wrong = copy / "my-shop/segments/quiet-buyers.yaml"
    wrong.write_text(wrong.read_text().replace("expect: in", "expect: out"))
    with pytest.raises(AssertionError, match="quiet-buyers"):
        run(copy, "-m", "cli", "check", "my-shop")


def test_a_step_of_flows_is_one_new_file(copy):
    new = follow("ADDING_A_FLOW_STEP.md", copy)
    assert ["functions/core/flows/steps/weekdays.py", "my-shop/flows/on-weekdays.yaml"] == new
    assert "1 right\n" == run(copy, "-m", "cli", "check", "my-shop")
    flow = copy / "my-shop/flows/on-weekdays.yaml"
    flow.write_text(flow.read_text().replace("Mon, ", "Monday, "))
    with pytest.raises(AssertionError, match="weekdays is Mon, Tue"):
        run(copy, "-m", "cli", "check", "my-shop")


def test_a_kind_of_definition_is_one_new_file(copy):
    new = follow("ADDING_A_KIND_OF_DEFINITION.md", copy)
    texts = ["my-shop/offers/spring.yaml", "my-shop/segments/subscribers.yaml"]
    assert ["functions/core/definitions/kinds/offers.py", *texts] == new
    assert "2 right\n" == run(copy, "-m", "cli", "check", "my-shop")
    assert "A code for the people of a segment." in run(copy, "-m", "cli", "schema", "offers")
    run(copy, "-m", "functions.handlers.make_openapi")
    run(copy, script=LOCAL + OFFERS)
    offer = copy / "my-shop/offers/spring.yaml"
    offer.write_text(offer.read_text().replace("SPRING26", "spring"))
    with pytest.raises(AssertionError, match="a code is 4 to 20 capitals and digits"):
        run(copy, "-m", "cli", "check", "my-shop")


OFFERS = """
OFFER = open("my-shop/offers/spring.yaml").read()
SEGMENT = open("my-shop/segments/subscribers.yaml").read()
MISSING = (1, "an offer needs the id of a segment", "segment: subscribers")
CODE = (1, "a code is 4 to 20 capitals and digits", "SPRING26")

with running("http://127.0.0.1") as host:
    token = {"authorization": f"Bearer {host.token('publish')}", "content_type": "application/yaml"}

    def put(path, text):
        status, answer = ask(host, "PUT", f"/api/definitions/{path}", text.encode(), **token)
        return status, [(each["line"], each["message"], each["suggestion"]) for each in answer.get("faults", ())]

    def delete(path):
        return ask(host, "DELETE", f"/api/definitions/{path}", **token)

    assert (422, [(2, "there is no segment 'subscribers'", None)]) == put("offers/spring", OFFER)
    assert (200, []) == put("segments/subscribers", SEGMENT)
    assert (422, [MISSING, CODE]) == put("offers/spring", "name: Spring")
    assert (200, []) == put("offers/spring", OFFER)
    assert (422, [(3, "offer 'spring' has this code", None)]) == put("offers/summer", OFFER)
    (listed,) = ask(host, "GET", "/api/definitions/offers", **token)[1]["definitions"]
    assert ("spring", "SPRING26 for whoever is in subscribers") == (listed["id"], listed["sentence"])

    status, refusal = delete("segments/subscribers")
    assert (409, "offer 'spring' refers to it") == (status, refusal["faults"][0]["message"])
    (referrer,) = refusal["referrers"]
    assert ("offers", "spring", "segment", 2) == tuple(referrer[key] for key in ("kind", "id", "where", "line"))

    assert "Segue offer" == ask(host, "GET", "/api/schema/offers")[1]["title"]
    described = ask(host, "GET", "/api/openapi.json")[1]["paths"]["/api/definitions/{kind}/{id}"]["put"]
    assert "offers" in described["parameters"][0]["schema"]["enum"]
    assert (200, 200) == (delete("offers/spring")[0], delete("segments/subscribers")[0])
"""
