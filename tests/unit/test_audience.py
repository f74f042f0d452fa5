"""What the shop's page is told of a visitor: right at every second, of open segments alone, and kept no longer."""

import json
from typing import Any

import pytest

from functions.core.answers.audience import LONGEST, Audience, Membership, audience, open_segments
from functions.core.base.errors import DefinitionRefused
from functions.core.base.events import Event
from functions.core.base.identity import profile_id
from functions.core.definitions.segment import load_segment
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.language.parser import parse
from tests.fakes.definitions import FakeDefinitions
from tests.publishing import catalogue_after
from tests.requests import NOW

HOUR = 3_600
# By its name: the condition; when "Product Viewed" happened; when it is asked; until when the visitor is in it, False
# outside, None for ever; and the next instant at which time alone may change it.
CASES = {
    "in, and it will end": ('did "Product Viewed" within 1 hour', [0], 60, HOUR, HOUR),
    "ended by time since it was stored": ('did "Product Viewed" within 1 hour', [0], HOUR, False, None),
    "the last second": ('did "Product Viewed" within 1 hour', [0], HOUR - 1, HOUR, HOUR),
    "begins by time": ('last "Product Viewed" more than 1 hour ago', [0], HOUR - 5, False, HOUR),
    "begun by time since it was stored": ('last "Product Viewed" more than 1 hour ago', [0], HOUR + 1, None, None),
    "for ever": ('did "Product Viewed"', [0], 10 * HOUR, None, None),
    "never": ('did "Order Completed"', [0], 60, False, None),
    "what was not done, by somebody who is known": ('not did "Order Completed"', [0], 60, None, None),
}


def seen(at: int) -> Event:
    moment = NOW + at
    return Event("Product Viewed", moment, moment, ("anonymous_id:a1",), f"{moment}#m{at}", "segment")


def known(catalogue: engine.Catalogue, *times: int) -> State:
    """The state as it was stored with the last of the events, and never touched since."""
    state = engine.fresh(catalogue, profile_id("anonymous_id:a1"))
    for at in times:
        state = engine.apply(state, [seen(at)], catalogue, NOW + at)
    return state


@pytest.mark.parametrize(("when", "times", "at", "until", "changes"), CASES.values(), ids=CASES)
def test_memberships_are_those_of_the_second_that_is_asked_about(
    when: str, times: list[int], at: int, until: Any, changes: int | None
) -> None:
    # Nobody acts on the segment, so that nothing is stored of it but the timeline.
    catalogue = engine.compile_catalogue({"s": parse(when)}, active=())
    found = audience(known(catalogue, *times), catalogue, ["s"], NOW + at)
    inside = () if until is False else (Membership("s", until and NOW + until),)
    assert Audience(inside, changes and NOW + changes) == found


@pytest.mark.parametrize("acted", [True, False])
def test_a_stored_membership_that_has_ended_is_not_told(acted: bool) -> None:
    when = parse('did "Product Viewed" within 1 hour')
    catalogue = engine.compile_catalogue({"s": when}, active=["s"] if acted else ())
    state = known(catalogue, 0)
    assert acted == ("s" in state.memberships)
    assert () == audience(state, catalogue, ["s"], NOW + HOUR).memberships


def test_a_segment_whose_history_is_not_there_yet_is_left_out_and_others_are_told() -> None:
    """A state of before a publication knows nothing of the new timeline: "not did" would be true of all."""
    shop = FakeDefinitions()
    before = catalogue_after(shop, "segments", "old", {"id": "old", "when": parse('did "Product Viewed"')})
    state = known(before, 0)
    new = {"id": "new", "when": parse('not did "Order Completed"')}
    catalogue = catalogue_after(shop, "segments", "new", new)
    assert ["old"] == [each.segment for each in audience(state, catalogue, ["new", "old"], NOW).memberships]
    filled = engine.backfill(state, [seen(0)], catalogue, NOW, engine.missing(state, catalogue))
    assert ["new", "old"] == [each.segment for each in audience(filled, catalogue, ["new", "old"], NOW).memberships]


@pytest.mark.parametrize(
    ("changes", "kept"),
    [(None, LONGEST), (NOW + 1, 0), (NOW + 5, 4), (NOW + LONGEST, LONGEST - 1), (NOW + 999, LONGEST), (NOW - 5, 0)],
)
def test_an_answer_is_kept_until_the_second_before_it_changes(changes: int | None, kept: int) -> None:
    assert kept == Audience((), changes).fresh_for(NOW)


def test_a_page_is_told_of_open_segments_alone() -> None:
    segments = {"in-house": {}, "shown": {"audience": "visitor"}, "proven": {"audience": "person"}}
    assert ["shown"] == open_segments(segments, is_person=False)
    assert ["proven", "shown"] == open_segments(segments, is_person=True)


@pytest.mark.parametrize("audience_said", ["visitor", "person", None])
def test_a_segment_says_who_may_know_of_it(audience_said: str | None) -> None:
    said = {} if audience_said is None else {"audience": audience_said}
    body = load_segment({"id": "s", "when": 'did "Product Viewed"', **said})
    assert audience_said == body.get("audience")


@pytest.mark.parametrize("wrong", ["everybody", True, ["visitor"]])
def test_another_audience_is_refused_with_the_two_that_there_are(wrong: Any) -> None:
    with pytest.raises(DefinitionRefused) as raised:
        load_segment(json.dumps({"id": "s", "when": 'did "Product Viewed"', "audience": wrong}))
    (fault,) = raised.value.faults
    assert "visitor" in fault.message and "person" in fault.message
    assert "visitor" == fault.suggestion
