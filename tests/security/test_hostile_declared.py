"""Hostile expressions and bodies of declared sources: bounded work, no 5xx, and nothing that cannot be stored."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions import wiring
from functions.core.base import json_text
from functions.core.base.errors import DefinitionRefused, NotUnderstood, Refused
from functions.core.base.translation import Request, Translation
from functions.core.definitions.source import load_source
from functions.core.mappings.mapping import compile_mapping
from functions.core.mappings.steps import MOST_STEPS, Steps
from functions.core.mappings.translation import translate
from functions.handlers.collect import handler
from functions.sources.declared import source_of
from tests.declared import FORM, SALE, TILL, declared, form, publish_source, signed
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.requests import NOW
from tests.security.hostile import mutated, mutations, paths
from tests.security.test_hostile_sources import check
from tests.unit.strategies import at_most
from tests.unit.test_collect_fuzz import BODIES

# What one body may take of a processor, on a slow machine; a quarter of a second as a rule.
SECONDS = 5

WIDE = {"a": [{"b": list(range(50)), "s": "x" * 100, "t": f"{number}"} for number in range(1_500)], "s": "y" * 50_000}
BOMBS = {
    "a list that doubles": "[@,@]" + " | [@,@][]" * 30,
    "a value that doubles without growing": "[@,@]" + " | [@,@]" * 30,
    "equality of what doubles": "[@,@]" + " | [@,@]" * 25 + " | @[0] == @[1]",
    "an object that doubles": "{x: @, y: @}" + " | {x: @, y: @}" * 24,
    "text of what doubles": "length(to_string([@,@]" + " | [@,@]" * 25 + "))",
    "joining what doubles": "join(s, a[].s | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][])",
    "sorting long texts": "sort([s, s][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][])",
    "sorting by what is long": "sort_by(a[] | [@,@][] | [@,@][] | [@,@][] | [@,@][], &join(t, b[*].t))",
    "everything in everything": "a[*].b[*] | [@,@,@,@][] | [@,@,@,@][] | [@,@,@,@][][]",
    "maps of maps": "map(&map(&map(&@, b), [@,@,@,@]), a) | map(&[@,@], @)",
    "containing what doubles": "contains([@,@] | [@,@] | [@,@] | [@,@] | [@,@] | [@,@] | [@,@], @)",
    "merging": "merge(@, @, @, @) | [@,@][] | [@,@] | [@,@] | [@,@] | [@,@] | [@,@]",
    "a slice of what doubles": "a[] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | @[::-1] | @[::-1] | @[::-1]",
    "an expression in the place of a value": "&a",
    "an expression in a list": "[&a, a]",
    "names that are long": "{x: s}" + " | {x: @, y: @}" * 15,
}


def rule(expression: str, **more: str) -> dict[str, Any]:
    return {"event": "X", "person": {"email": "'a@x.org'"}, "properties": {"v": expression}, **more}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("place", ["properties", "when", "identity", "consent", "time"])
def test_an_expression_that_explodes_ends_with_a_fault_or_a_small_event(name: str, place: str) -> None:
    text = BOMBS[name]
    body: dict[str, Any] = {"events": [rule(text if place == "properties" else "`1`")]}
    if place == "identity":
        body["identity"] = text
    elif place != "properties":
        body["events"][0][place] = text
    began, steps = time.process_time(), Steps()
    found = translate(compile_mapping(body), WIDE, {}, "EUR", steps)
    assert time.process_time() - began < SECONDS
    assert found.faults or len(json.dumps(found.events[0].properties, default=str)) < 400_000
    for fault in found.faults:
        assert "xxxx" not in fault.message and "yyyy" not in fault.message


def test_all_expressions_over_one_body_share_its_steps() -> None:
    bomb = "a[*].b[*] | [@,@,@][]"
    body = {"events": [rule(bomb) | {"event": f"X{number}"} for number in range(20)]}
    steps = Steps()
    began = time.process_time()
    assert translate(compile_mapping(body), WIDE, {}, "EUR", steps).faults
    assert time.process_time() - began < SECONDS
    assert steps.left < 0


def test_samples_of_a_definition_share_the_steps_of_one_body() -> None:
    sample = json.dumps({"body": {"a": list(range(100))}, "expect": [{"event": "X"}]})
    bomb = "length(a | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][] | [@,@][])"
    text = f"""
id: x
signature: {{scheme: basic}}
events: [{{event: X, person: {{email: "'a@x.org'"}}, properties: {{v: "{bomb}"}}}}]
samples: [{", ".join([sample] * 40)}]
"""
    began = time.process_time()
    with pytest.raises(DefinitionRefused) as refused:
        load_source(text)
    assert time.process_time() - began < SECONDS
    assert any("more work" in fault.message for fault in refused.value.faults)
    one = text.replace(", ".join([sample] * 40), sample)
    assert load_source(one), "one sample alone is within them"


ATOMS = st.sampled_from(["a", "b", "@", "*", "`1`", "`[]`", "`null`", "'x'", "'2026-11-21T18:00:00Z'", "id", "amount"])
ONE = (
    *("text", "lower", "instant", "money", "minor", "abs", "ceil", "floor", "sum", "avg", "length", "sort", "max"),
    *("keys", "values", "type", "to_string", "to_number", "to_array", "not_null", "reverse", "min", "merge"),
)
TWO = ("contains", "join", "starts_with", "ends_with", "money", "not_null", "merge")
FORMS = ["{0}.{1}", "{0}[*]", "{0}[*].{1}", "{0}[]", "[{0}, {1}]", "{{k: {0}, total: {1}}}", "{0} | {1}", "{0} && {1}",
         "{0} || {1}", "{0} == {1}", "{0} < {1}", "!{0}", "{0}[?{1}]", "{0}[::-1]", "{0}[-1]", "({0})", "&{0}",
         "map(&{0}, {1})", "sort_by({0}, &{1})", "max_by({0}, &{1})", "min_by({0}, &{1})",
         *(f"{name}({{0}})" for name in ONE), *(f"{name}({{0}}, {{1}})" for name in TWO)]  # fmt: skip
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.tuples(st.sampled_from(FORMS), inner, inner).map(lambda made: made[0].format(*made[1:])),
    max_leaves=12,
)


@at_most(3_000)
@given(EXPRESSIONS, BODIES, st.sampled_from(["properties", "when", "time", "identity", "consent", "person", "traits"]))
def test_whatever_an_expression_says_of_whatever_body_is_an_event_or_a_reason(text: str, body: Any, place: str) -> None:
    try:
        source = source_of(_with(text, place))
    except DefinitionRefused as refused:
        assert all(fault.message for fault in refused.faults)
        return
    raw = json.dumps(body).encode()
    check(_translated(source.translate, raw))


def _with(text: str, place: str) -> dict[str, Any]:
    body = declared(FORM.replace("trust: public", "trust: signed")) | {"identity": "'x'"}
    one = {"event": "X", "person": {"email": "'a@x.org'"}}
    if place in ("properties", "traits"):
        one |= {place: {"v": text, "total": text, "currency": text}}
    elif place == "person":
        one |= {"person": {"email": text, "user_id": "'u1'"}}
    elif place != "identity":
        one |= {place: text}
    return body | {"events": [one]} | ({"identity": text} if place == "identity" else {})


def _translated(take: Any, raw: bytes) -> Translation:
    try:
        made: Translation = take(Request(raw, {}, "", NOW, "EUR", trust="signed"))
    except (NotUnderstood, Refused) as error:
        assert str(error)
        str(error).encode()
        return Translation()
    return made


SALES = list(paths(SALE))
SOURCES = [TILL, FORM.replace("id: form", "id: till")]


@at_most(3_000)
@given(
    st.sampled_from(SALES), st.sampled_from(mutations()), st.sampled_from([TILL, FORM.replace("id: form", "id: till")])
)
def test_a_hostile_value_anywhere_in_a_body_is_an_event_or_a_reason(path: Any, value: Any, text: str) -> None:
    check(_translated(source_of(declared(text)).translate, mutated(SALE, path, value)))


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> FakePorts:
    """A shop with a till and a form."""
    fakes = FakePorts()
    monkeypatch.setattr(wiring, "ports", lambda: fakes)
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    publish_source(fakes, TILL)
    publish_source(fakes, FORM, "form")
    return fakes


ODD_BODIES = (
    *(b"", b"[" * 100_000, b"9" * 200_000, b'{"type": "sale"' + b" " * 200_000, b"\x1f\x8b"),
    *(b"\x1f\x8b\x08\x00" + b"\x00" * 100, b'{"type":"sale","type":"ping"}', b"\xef\xbb\xbf{}", b'"\\ud800"'),
)


@pytest.mark.parametrize("body", ODD_BODIES, ids=range(len(ODD_BODIES)))
def test_no_body_is_a_fault_of_ours(shop: FakePorts, body: bytes) -> None:
    assert handler(signed(body), CONTEXT)["statusCode"] in (200, 400, 413)


HEADERS = ("x-till-signature", "webhook-id", "webhook-signature", "authorization", "x-form-token")
ODD_HEADERS = ("", "é" * 5_000, "\x00", "v1," * 3_000, "=" * 8_000, "Basic ====", "t=1,v1=", "\ud800")


@pytest.mark.parametrize("value", ODD_HEADERS, ids=range(len(ODD_HEADERS)))
def test_no_header_is_a_fault_of_ours(shop: FakePorts, value: str) -> None:
    for name in HEADERS:
        for made in (signed(SALE, "a wrong secret for it"), form({"id": 1}, "wrong")):
            made["headers"][name] = value
            assert 401 == handler(made, CONTEXT)["statusCode"]
    assert ([], {}) == (shop.log.events, shop.quarantine.rows)


def test_a_secret_in_a_row_of_another_source_opens_no_door(shop: FakePorts) -> None:
    assert 401 == handler(signed(SALE, "a new secret of the form"), CONTEXT)["statusCode"]
    assert 401 == handler(form({"id": 1}, "a secret of the till"), CONTEXT)["statusCode"]


def test_reasons_in_quarantine_hold_nothing_of_the_body(shop: FakePorts) -> None:
    marker = "marker-of-somebody@example.org"
    for key in SALE:
        handler(signed({**SALE, key: [marker], "customer": {"email": [marker]}}), CONTEXT)
    assert shop.quarantine.rows
    assert not [item.reason for item in shop.quarantine.rows.values() if "marker" in item.reason]


def test_the_steps_are_enough_for_the_largest_real_order() -> None:
    line = '{"sku": "x", "qty": 1, "price": "1.50", "title": "A chair", "url": "u", "tags": ["a"]}'
    text = "lines[*].{sku: text(sku), quantity: qty, price: price, name: title, url: url, tags: tags, x: lower(sku)}"
    steps, body = Steps(), json_text.read(f'{{"lines": [{", ".join([line] * 500)}]}}')
    found = translate(compile_mapping({"events": [rule(text)]}), body, {}, "EUR", steps)
    assert found.events
    assert steps.left > MOST_STEPS * 3 // 4
