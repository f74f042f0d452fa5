"""The shape of every kind of definition is told in one way: texts are text, and each fault has its place."""

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.checks import check
from functions.core.definitions.event_group import EventLabel
from functions.core.segments.language.label import Label

MAIL = "kind: marketing\nsubject: Hi\nbody: <mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section>\n"
SHAPES = {
    "segments": 'when: did "X"\n',
    "scores": 'rules: ["+5 per \\"X\\""]\n',
    "flows": "start: {event: X}\nsteps: [{wait: 1 hour}]\n",
    "templates": MAIL,
    "events": "any of: [X, Y]\n",
    "rates": "base: EUR\nrates: {}\n",
    "sources": "signature: {scheme: basic}\nevents: [{event: X, person: {email: email}}]\n"
    "samples: [{body: {email: a@x.org}, expect: [{event: X}]}]\n",
}
NAMES = [(kind, "name") for kind in SHAPES]
NAMES += [(kind, "description") for kind in SHAPES if kind != "flows"]


def checked(kind, text):
    return check(kind, "rates" if kind == "rates" else "x", text, ())


def refused(kind, text):
    with pytest.raises(DefinitionRefused) as found:
        checked(kind, text)
    return [(each.line, each.column, each.message, each.suggestion) for each in found.value.faults]


def named(kind, key, value):
    more = "name: X\n" if kind == "templates" and key != "name" else ""
    return f"{key}: {value}\n{more}{SHAPES[kind]}"


@pytest.mark.parametrize(("kind", "key"), NAMES)
@pytest.mark.parametrize(("written", "suggested"), [("2026", '"2026"'), ("true", '"true"'), ("1.50", '"1.50"')])
def test_a_name_that_yaml_reads_as_no_text_is_refused_with_the_text_in_quotes(kind, key, written, suggested):
    fault = (1, len(key) + 3, f"{key} is text of at most 200 characters", suggested)
    assert [fault] == refused(kind, named(kind, key, written))
    assert checked(kind, named(kind, key, suggested))


@pytest.mark.parametrize(("kind", "key"), NAMES)
@pytest.mark.parametrize("written", ["[]", "{}", "x" * 201])
def test_a_name_that_is_no_text_or_too_long_is_refused(kind, key, written):
    fault = (1, len(key) + 3, f"{key} is text of at most 200 characters", None)
    assert [fault] == refused(kind, named(kind, key, written))


def test_a_label_is_written_in_the_words_that_sentences_have_a_place_for():
    assert set(Label._fields) == set(EventLabel.model_fields)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("any of: [X]\nby: a[]\nunless: [Y]\n", (2, 5, "must lead to one value, not to members of a list", "a")),
        ("any of: [X]\nby: id\n", (2, 5, "by belongs to what takes an occurrence back", "unless")),
        ("any of: [X]\namount: total\n", (2, 9, "amount belongs to what takes an occurrence back", "unless")),
        ("any of: [X]\nby: id\nunless: [Y, X]\n", (3, 13, "'X' cannot take itself back", None)),
        ("any of: [X]\nby: id\nunless: {Y: 1}\n", (3, 9, "'unless' is a list of 1 to 50 names of events", None)),
        (
            "any of: [X]\nby: id\nunless: [Y]\nrefunds: [Y]\n",
            (4, 10, "'Y' takes an occurrence back at once, or by its amount", None),
        ),
        ("any of: [X, {}]\n", (1, 13, "the name of an event must be text", None)),
        ("any of: [X]\nlabel:\n", (2, 7, "a label says what somebody did and did not", None)),
        ("any of: [X]\nlabel: {past: paid}\n", (2, 8, "a label says what somebody did and did not", None)),
        (
            "any of: [X]\nlabel: {past: paid, negative: did not pay, sum: much}\n",
            (2, 49, "sum says its words for each property", "{total: spent}"),
        ),
        (
            "any of: [X]\nlabel: {past: paid, negative: did not pay, sum: {total: Spent}}\n",
            (2, 57, "a label is lower-case words, such as “did not buy”, of at most 60 characters", "spent"),
        ),
        (
            "any of: [X]\nlabel: {past: paid, negative: did not pay, passed: paid}\n",
            (2, 52, "'passed' is not part of a label", "past"),
        ),
    ],
)
def test_what_is_wrong_with_named_events_is_told_where_it_stands(written, fault):
    (told,) = refused("events", written)
    assert fault[:3] == told[:3]
    assert fault[3] is None or fault[3] == told[3]


def test_a_list_of_too_many_events_is_not_compared_name_by_name():
    (told,) = refused("events", f"any of: [{'X, ' * 10_000}]\n")
    assert (1, 9, "'any of' is a list of 1 to 50 names of events") == told[:3]


@pytest.mark.parametrize(
    ("sample", "fault"),
    [
        ("5", (5, 9, "a sample is a mapping", None)),
        ("{person: {}}", (5, 18, "'person' is not known here", "traits, event, shop, email, segment")),
        ("{event: {titel: X}}", (5, 25, "'titel' is not known here", "name, properties")),
        ("{event: X}", (5, 17, "event is names with their values", None)),
        ("{event: {properties: [1]}}", (5, 30, "properties is names with their values", None)),
        ("{traits: 5}", (5, 18, "traits is names with their values", None)),
        ("{shop: {name: 24}}", (5, 23, "name is text", '"24"')),
    ],
)
def test_what_is_wrong_with_the_sample_of_a_template_is_told_where_it_stands(sample, fault):
    assert [fault] == refused("templates", f"name: X\n{MAIL}sample: {sample}\n")


def test_the_sample_of_a_template_is_kept_as_it_is_written():
    text = f"name: X\n{MAIL}sample: {{event: {{properties: {{total: 12.50, none: ~, list: [{{a: 1}}]}}}}}}\n"
    body = check("templates", "x", text, ())
    assert {"event": {"properties": {"total": 12.5, "none": None, "list": [{"a": 1}]}}} == body["sample"]
