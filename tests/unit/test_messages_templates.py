"""Templates and contexts from tests/golden/messages, and what is shipped."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from functions.core.errors import DefinitionRefused, Unsendable
from functions.core.messages import render, sample
from functions.core.messages.context import Facts, Shop
from functions.core.messages.definition import load_template

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "definitions/templates").glob("*.yaml"))


def golden(name):
    cases = json.loads((ROOT / "tests/golden/messages" / f"{name}.json").read_text())
    return [pytest.param(case, id=case["says"]) for case in cases]


@pytest.mark.parametrize("case", golden("rendering"))
def test_a_template_renders_as_its_golden_case_says(case):
    body = load_template(case["template"])
    rendered = render.render(body, sample.facts(case["template"].get("sample", {}), body["kind"]))
    expected = case["expect"]
    if "subject" in expected:
        assert expected["subject"] == re.sub(r"\s", " ", rendered.subject)
    for part, text in (("html", rendered.html), ("text", rendered.text)):
        for fragment in expected.get(part, ()):
            assert fragment in text
        for fragment in expected.get(f"not_{part}", ()):
            assert fragment not in text


@pytest.mark.parametrize("case", golden("refused"))
def test_a_wrong_template_is_refused_with_place_and_suggestion(case):
    with pytest.raises(DefinitionRefused) as refused:
        load_template(case["text"])
    found = [(f.line, f.column, f.message, f.suggestion) for f in refused.value.faults]
    expected = [(f["line"], f["column"], f["message"], f["suggestion"]) for f in case["faults"]]
    assert expected == [(*each[:3], each[3] if want[3] else None) for each, want in zip(found, expected, strict=True)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_says_who_writes_and_how_to_stop(path):
    body = load_template(path.read_text())
    rendered = render.render(body, sample.facts(body["sample"]))
    for part in (rendered.html, rendered.text):
        assert "https://shop.example/u/sample" in part
        assert "12 Harbour Street" in part


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_renders_for_somebody_of_whom_nothing_is_known(path):
    body = load_template(path.read_text())
    rendered = render.render(body, Facts(Shop("Shop"), "ann@example.org", "https://shop.example/u/x"))
    assert "Hi there" in rendered.text
    assert "{{" not in rendered.html + rendered.text + rendered.subject
    assert "€" not in rendered.html


def test_the_four_templates_are_shipped():
    expected = ["cart-recovery-1", "cart-recovery-2", "post-purchase-thanks", "win-back"]
    assert expected == [path.stem for path in SHIPPED]


def test_marketing_is_not_rendered_without_its_unsubscribe_link():
    body = load_template(SHIPPED[0].read_text())
    with pytest.raises(Unsendable, match="unsubscribe"):
        render.render(body, Facts(Shop("Shop"), "ann@example.org"))


def test_what_is_saved_is_plain_data_that_renders_after_a_round_trip():
    body = load_template(SHIPPED[0].read_text())
    stored = json.loads(json.dumps({name: body[name] for name in ("id", "kind", "subject", "html", "text")}))
    assert render.render(stored, sample.facts({})) == render.render(body, sample.facts({}))


def test_rendering_does_not_import_what_only_saving_needs():
    code = (
        "import sys; from functions.core.messages import render, mime, unsubscribe;"
        "print(sorted({'mjml', 'yaml', 'html2text', 'css_inline'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == found.stdout.strip()


@pytest.mark.parametrize(
    "source", ["{{", "{% if %}", "{{ a | }}", "<", "<mj-section", "{% for %}", "{{ a.b.c[", "&#0;", ""]
)
def test_broken_bodies_are_refused_and_never_crash(source):
    template = {"id": "t", "name": "T", "kind": "marketing", "subject": "Hi"}
    with pytest.raises(DefinitionRefused):
        load_template({**template, "body": source})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_loads_nothing_from_strangers(path):
    html = load_template(path.read_text())["html"]
    assert "fonts.googleapis.com" not in html and "@import" not in html
