"""What a request says, read into a model or refused fault by fault, without a host."""

import pytest

from functions.core.base.errors import Malformed
from functions.handlers.models import definitions, flows, messages, people, segments
from functions.handlers.reading import read


def refused(model, given):
    with pytest.raises(Malformed) as error:
        read(model, given)
    return [(fault.where, fault.message, fault.suggestion) for fault in error.value.faults]


@pytest.mark.parametrize("written", ["0", "10001", "-1", "+1", " 1", "1_0", "1.0", "１", "", "9" * 5000, "x"])
def test_a_limit_is_a_whole_number_in_digits_and_the_usual_one_is_suggested(written):
    assert [("limit", "not a whole number from 1 to 10000", "1000")] == refused(people.EventsQuery, {"limit": written})


def test_a_limit_may_have_zeros_before_it_and_is_the_usual_one_if_left_out():
    assert 7 == read(people.EventsQuery, {"limit": "007"}).limit
    assert 1000 == read(people.EventsQuery, {"unknown": "x"}).limit


@pytest.mark.parametrize("written", ["1", "True", "yes", ""])
def test_a_yes_is_written_true_and_a_no_false(written):
    assert [("count", "neither true nor false", None)] == refused(segments.SegmentsQuery, {"count": written})
    assert read(segments.SegmentsQuery, {"count": "true"}).count
    assert not read(segments.SegmentsQuery, {"count": "false"}).count


def test_a_query_is_refused_with_every_fault_at_once():
    assert [
        ("check", "neither true nor false", None),
        ("backfilled", "not one of silent, send", "silent"),
    ] == refused(definitions.TogetherQuery, {"check": "maybe", "backfilled": "loud"})


@pytest.mark.parametrize(
    ("model", "given", "faults"),
    [
        (people.IdentifierQuery, {}, [("identifier", "missing", "?identifier=email:ann@example.org")]),
        (
            messages.MessagesQuery,
            {"state": "lost"},
            [("state", "no such state", "claimed, released, sent, held, failed")],
        ),
        (people.InstantQuery, {"at": "noon"}, [("at", "not an RFC 3339 instant", "2026-11-21T19:30:00Z")]),
        (definitions.VersionQuery, {"version": "0"}, [("version", "not a whole number from 1 to 1000000000", "1")]),
        (flows.StateWanted, {}, [("state", "not one of active, paused, draining", "paused")]),
        (flows.StateWanted, {"state": ["paused"]}, [("state", "not one of active, paused, draining", "paused")]),
        (
            segments.Condition,
            {"when": 5, "at": 5},
            [
                ("when", "missing or not text", None),
                ("at", "not an RFC 3339 instant", "2026-11-21T19:30:00Z"),
            ],
        ),
        (definitions.PublishTogether, {}, [("definitions", "not a list of 1 to 500 definitions", None)]),
        (
            definitions.PublishTogether,
            {"definitions": [1, {"kind": 1, "id": "a"}]},
            [
                ("definitions.0", "not an object with kind, id and text", None),
                ("definitions.1.kind", "missing or not text", None),
                ("definitions.1.text", "missing or not text", None),
            ],
        ),
        (
            definitions.PublishTogether,
            {"definitions": [{"kind": "flows", "id": "{a}", "text": ""}] * 2},
            [("definitions", "named twice: flows/{a}", None)],
        ),
    ],
)
def test_each_fault_names_its_place_and_what_would_be_right(model, given, faults):
    assert faults == refused(model, given)


@pytest.mark.parametrize("many", [0, 501])
def test_one_request_publishes_one_to_five_hundred_definitions(many):
    given = {"definitions": [{"kind": "flows", "id": str(number), "text": ""} for number in range(many)]}
    assert [("definitions", "not a list of 1 to 500 definitions", None)] == refused(definitions.PublishTogether, given)


def test_an_instant_that_is_left_out_or_null_is_none():
    assert read(segments.Condition, {"when": "x", "at": None}).at is None
    assert read(segments.Condition, {"when": "x"}).at is None
    assert 0 == read(segments.Condition, {"when": "x", "at": "1970-01-01T00:00:00Z"}).at
