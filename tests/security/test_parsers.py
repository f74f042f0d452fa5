"""Time and memory are bounded at every door, whatever a text says: answers come in a moment, and name the limit."""

import base64
import gzip
import json
import time
from itertools import pairwise
from urllib.parse import quote

import pytest

from tests.flow.host import opened

# Seconds of the processor. What is asked takes a fraction of one; with a mistake it takes minutes.
GENEROUS = 30
HALF = "\\ud83d"


@pytest.fixture(scope="module")
def door():
    """One host for all tests: nothing that they ask changes anything."""
    with opened(shipped=False) as opened_host:
        yield opened_host


@pytest.fixture(autouse=True)
def quick(door):
    began = time.process_time()
    yield
    assert time.process_time() - began < GENEROUS


def template(**parts):
    return json.dumps(
        {
            "name": "T",
            "kind": "transactional",
            "subject": "Hi",
            "body": "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
            **parts,
        }
    )


def table(rows):
    return f"<mj-section><mj-column><mj-table>{rows}</mj-table></mj-column></mj-section>"


def segment(when):
    return json.dumps({"name": "S", "when": when})


REFUSED = {
    "open braces in a body": ("templates", template(body="{{" * 29_000), "{{ is never closed"),
    "open braces in a subject": ("templates", template(subject="{{" * 29_000), "at most 1000 characters"),
    "open braces in a head": ("templates", template(head="{{" * 29_000), "at most 20000 characters"),
    "tags in a head": ("templates", template(head="{%" * 9_000), "{% is never closed"),
    "nested rows": ("templates", template(body=table("<tr>" * 6_500 + "</tr>" * 6_500)), "nest at most 100 elements"),
    "angles": ("templates", template(body="<" * 50_000), "begins no element"),
    "open comments": ("templates", template(body="<!--" * 14_000), "begins no element"),
    "raw": ("templates", template(text="{% raw %}" * 900), "unexpected tag 'raw'"),
    "loops": ("templates", template(text="{% for a in (1..1000) %}{% endfor %}" * 500), "loop iteration limit"),
    "brackets of Liquid": ("templates", template(text="{{ " + "event[" * 160 + "]" * 30 + " }}"), ""),
    "nested brackets": ("segments", segment("(" * 30_000), "expected"),
    "many nots": ("segments", segment("not " * 14_000 + 'did "A"'), "more than 32 deep"),
    "many conditions": ("segments", segment('did "A"' + ' and did "A"' * 4_500), "there may be 500"),
    "a huge number": ("segments", segment('sum of total over "A" > ' + "9" * 60_000), "10^24"),
    "a long name": ("segments", segment(f'did "{"A" * 60_000}"'), "longer than 256 characters"),
    "deep JSON": ("segments", '{"name": "S", "when": ' + '{"and": [' * 6_000, "nested too deeply"),
    "deep YAML": ("flows", "name: F\nsteps: " + "[" * 30_000, "nested too deeply"),
    "dashes": ("flows", "- " * 30_000, "nested too deeply"),
    "billion laughs": (
        "flows",
        "a: &a [x, x, x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghi")),
        "anchors and aliases",
    ),
    "one key many times": ("scores", "name: S\n" + "a: 1\n" * 5_000, "stands here twice"),
    "one key of JSON many times": ("scores", "{" + '"a": 1,' * 8_000 + '"b": 1}', "stands here twice"),
    "a huge exponent": ("rates", '{"base": 1e99999999999999999999}', "digits"),
    "a huge scalar": ("events", f"name: {'x' * 60_000}\nany of: [A]", "at most 200 characters"),
    "thousands of points": ("scores", json.dumps({"name": "S", "rules": [f'+{"9" * 50_000} when did "A"']}), ""),
    "more than a definition": ("segments", segment("x" * 70_000), "at most 65536 bytes"),
}


@pytest.mark.parametrize(("kind", "text", "limit"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_definition_is_refused_in_a_moment_with_its_limit_and_its_place(door, kind, text, limit):
    answer = door.publish(kind, "hostile", text)
    assert 422 == answer.status, answer.body[:500]
    faults = json.loads(answer.body)["faults"]
    assert any(limit in fault["message"] and fault["line"] for fault in faults), faults[:3]
    assert len(faults) <= 100


@pytest.mark.parametrize("when", ["(" * 60_000, "not " * 15_000, 'did "A" and ' * 5_000, "9" * 60_000, '"' * 60_000])
def test_a_preview_of_a_hostile_condition_is_refused_in_a_moment(door, when):
    assert 422 == door.api("POST", "preview", {"when": when}).status


def test_definitions_together_are_held_to_the_same_limits(door):
    text = template(body=table("<tr>" * 6_500 + "</tr>" * 6_500))
    answer = door.api(
        "POST", "definitions?check=true", {"definitions": [{"kind": "templates", "id": "t", "text": text}]}
    )
    assert 422 == answer.status
    assert b"nest at most 100 elements" in answer.body


BODIES = {
    "deep": b'{"a":' * 100_000,
    "deep lists": b"[" * 400_000,
    "a huge number": b'{"userId": "u", "event": "A", "properties": {"a": ' + b"9" * 5_000 + b"}}",
    "a huge exponent": b'{"userId": "u", "event": "A", "properties": {"a": 1e' + b"9" * 300 + b"}}",
    "a gzip bomb": gzip.compress(b" " * 50_000_000),
    "a broken gzip": b"\x1f\x8b" + b"x" * 1_000,
    "half a character": f'{{"userId": "{HALF}", "event": "{HALF * 1_000}"'.encode(),
    "not UTF-8": b"\xff" * 100_000,
    "open quotes": b'{"a": "' + b"\\" * 400_000,
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", ["track", "batch"])
def test_a_hostile_body_is_refused_in_a_moment(door, path, body):
    basic = base64.b64encode(f"{door.keys['write_key']}:".encode()).decode()
    answer = door.request("POST", f"/v1/{path}", body, {"authorization": f"Basic {basic}"})
    assert answer.status in (400, 413), (answer.status, answer.body[:300])


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_hostile_body_of_the_api_is_refused_in_a_moment(door, body):
    assert door.api("POST", "preview", body).status in (400, 413)


@pytest.mark.parametrize(
    "key", ["a" * 60_000, "=" * 60_000, base64.b64encode(b":" * 60_000).decode(), "\xff" * 1_000, " " * 60_000]
)
@pytest.mark.parametrize("scheme", ["Basic", "Bearer", "Basic " * 1_000])
def test_a_hostile_key_is_refused_in_a_moment(door, scheme, key):
    assert 401 == door.request("POST", "/v1/track", {"event": "A"}, {"authorization": f"{scheme} {key}"}).status
    assert 401 == door.request("GET", "/api/segments", b"", {"authorization": f"{scheme} {key}"}).status


LONG = ("a" * 8_000, ":" * 8_000, "email:" + "a@" * 4_000, "email:" + "a." * 4_000 + "@x.org", "9" * 8_000, "#" * 8_000)


@pytest.mark.parametrize("written", LONG)
def test_hostile_cursors_identifiers_and_paths_are_refused_in_a_moment(door, written):
    for path in (
        f"profiles?identifier={quote(written)}",
        f"profiles/{quote(written, safe='')}",
        f"profiles/{quote(written, safe='')}/explain/vip?at={quote(written)}",
        f"messages?next={quote(written)}",
        f"messages?limit={quote(written)}",
        f"quarantine?next={quote('old:' + written)}",
        f"quarantine/shopify/{quote(written, safe='')}",
        f"definitions/segments/{quote(written, safe='')}?version={quote(written)}",
        f"segments/x/members?next={quote(written)}",
    ):
        assert door.api("GET", path).status in (400, 404), path
    assert door.request("POST", f"/u/{quote(written, safe='')}").status in (400, 404), written


def test_a_query_of_very_many_parameters_is_answered_in_a_moment(door):
    assert 200 == door.api("GET", "segments?" + "&".join(f"a{number}=1" for number in range(20_000))).status
