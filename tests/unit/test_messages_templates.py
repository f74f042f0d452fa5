"""Templates and contexts from tests/golden/messages, and what is shipped."""

import html
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused, Unsendable
from functions.core.definitions.template import load_template, warnings
from functions.core.messages import advice, render, sample
from functions.core.messages.template_variables import Facts, ShopDetails

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


@pytest.mark.parametrize("case", golden("warnings"))
def test_a_template_that_is_saved_is_warned_of_as_its_golden_case_says(case):
    load_template(case["template"])
    found = [[each.where, each.line, each.column, each.message] for each in advice.warnings(case["template"])]
    assert case["warnings"] == found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_gives_no_reason_to_warn(path):
    assert [] == warnings(path.read_text())


def test_a_warning_names_the_line_of_the_file():
    text = "id: t\nname: T\nkind: marketing\nsubject: Hi\nbody: |\n  <mj-section><mj-column>\n    <mj-image />\n"
    (found,) = warnings(text)
    assert (7, 5) == (found.line, found.column)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_template_has_a_title_and_one_first_heading(path):
    body = load_template(path.read_text())
    rendered = render.render(body, sample.facts(body["sample"]))
    assert f"<title>{html.escape(rendered.subject)}</title>" in rendered.html
    assert 1 == rendered.html.count("<h1")


LINES = [
    {"product_id": "1", "name": "Lamp", "price": Decimal(10), "image_url": "https://shop.example/lamp.png"},
    {"product_id": "2", "name": "Rug", "price": Decimal(20)},
]


@pytest.mark.parametrize("path", [path for path in SHIPPED if path.stem != "win-back"], ids=lambda path: path.stem)
@pytest.mark.parametrize(("lines", "cells"), [(LINES, 3), (LINES[:1], 3), (LINES[1:], 2)])
def test_the_rows_of_a_shipped_template_have_equally_many_cells(path, lines, cells):
    body = load_template(path.read_text())
    name = "Order Completed" if "purchase" in path.stem else "Checkout Started"
    event = {"name": name, "properties": {"products": lines, "shipping": Decimal(5), "total": Decimal(99)}}
    rendered = render.render(body, sample.facts({"event": event}))
    (table,) = re.findall(r'<table(?:(?!<table).)*?class="line".*?</table>', rendered.html, re.DOTALL)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)
    widths = [sum(int(span or 1) for span in re.findall(r'<td(?:[^>]*?colspan="(\d)")?', row)) for row in rows]
    # A line each, a rule, subtotal, shipping or the rest, and the total.
    assert len(lines) + 4 == len(rows)
    assert {cells} == set(widths)


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
    rendered = render.render(body, Facts(ShopDetails("Shop"), "ann@example.org", "https://shop.example/u/x"))
    assert "Hi there" in rendered.text
    assert "{{" not in rendered.html + rendered.text + rendered.subject
    assert "€" not in rendered.html


def test_the_four_templates_are_shipped():
    expected = ["cart-recovery-1", "cart-recovery-2", "post-purchase-thanks", "win-back"]
    assert expected == [path.stem for path in SHIPPED]


def test_marketing_is_not_rendered_without_its_unsubscribe_link():
    body = load_template(SHIPPED[0].read_text())
    with pytest.raises(Unsendable, match="unsubscribe"):
        render.render(body, Facts(ShopDetails("Shop"), "ann@example.org"))


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
