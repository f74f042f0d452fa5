"""Whom a new version of a segment brings in, when its publication wished that to be an entry: who, when and once."""

from dataclasses import replace

import pytest

from functions.core.base.events import Event
from functions.core.profiles.state import Membership, State, pack, unpack
from functions.core.segments import engine
from functions.core.segments.engine.catalogue import LinkedEntry
from functions.core.segments.language import parser

T = 1_767_225_600
DAY = 86_400
ONCE, TWICE = 'did "A"', 'did "A" at least 2 times'


def event(name, at, **properties):
    return Event(name, T + at, T + at, ("user_id:1",), f"2026#{name}{at}", "t", properties)


def catalogue(entries_on_publish=None, active=None, **texts):
    nodes = {name: parser.parse(text) for name, text in texts.items()}
    return engine.compile_catalogue(
        nodes, active=active, published=engine.Publications(entries=entries_on_publish or {})
    )


def wished(before=None, revision=5):
    return {"a": LinkedEntry(revision, before and parser.parse(before))}


def brought_up(state, told, new, now):
    """As a backfill does it."""
    return engine.backfill(state, told, new, now, engine.missing(state, new))


OLD = catalogue(a=TWICE)
NEW = catalogue(wished(TWICE), a=ONCE)
EVENTS = {"neither": [], "new": [event("A", 0)], "both": [event("A", 0), event("A", 60)]}


@pytest.mark.parametrize(
    ("who", "expected"),
    [("neither", {}), ("new", Membership(T + DAY, "published")), ("both", Membership(T + 60, "event"))],
)
def test_who_was_not_in_enters_now_and_who_was_stays_as_they_were(who, expected):
    state = engine.apply(engine.fresh(OLD), EVENTS[who], OLD, T + 60)
    after = brought_up(state, EVENTS[who], NEW, T + DAY)
    assert expected == after.memberships.get("a", {})
    assert (NEW.built, 5) == (after.built, after.entry_revision)


def test_an_edit_that_does_not_ask_for_it_enters_nobody_now():
    state = engine.apply(engine.fresh(OLD), EVENTS["new"], OLD, T + 60)
    assert "backfill" == brought_up(state, EVENTS["new"], catalogue(a=ONCE), T + DAY).memberships["a"].cause


def test_who_was_in_by_a_version_that_nobody_evaluated_them_by_is_not_brought_in_by_the_next():
    older = catalogue(a='did "B"')
    state = engine.apply(engine.fresh(older), EVENTS["both"], older, T + 60)
    assert "backfill" == brought_up(state, EVENTS["both"], NEW, T + DAY).memberships["a"].cause


def test_who_was_in_a_segment_that_nobody_acted_on_is_not_brought_in():
    unasked = catalogue(active=(), a=TWICE)
    state = engine.apply(engine.fresh(unasked), EVENTS["both"], unasked, T + 60)
    assert {} == state.memberships
    assert "backfill" == brought_up(state, EVENTS["both"], NEW, T + DAY).memberships["a"].cause


def test_a_first_version_brings_in_everybody_who_is_in():
    other = catalogue(b=TWICE)
    state = engine.apply(engine.fresh(other), EVENTS["both"], other, T + 60)
    after = brought_up(state, EVENTS["both"], catalogue(wished(), a=ONCE, b=TWICE), T + DAY)
    assert {"a": "published", "b": "event"} == {name: held.cause for name, held in after.memberships.items()}


def test_a_later_edit_of_something_else_brings_nobody_in_as_an_entry():
    kinds = {"other": 'did "C"'}
    first = catalogue({"a": LinkedEntry(5, None)}, a='in segment "other"', **kinds)
    told = [event("A", 0)]
    state = engine.apply(engine.fresh(catalogue(other='did "C"')), told, catalogue(other='did "C"'), T)
    state = brought_up(state, told, first, T + 60)
    assert ({}, 5) == (state.memberships, state.entry_revision)
    edited = catalogue({"a": LinkedEntry(5, None)}, a='in segment "other"', other='did "A"')
    assert {"backfill"} == {held.cause for held in brought_up(state, told, edited, T + 90).memberships.values()}


def test_who_is_folded_by_older_definitions_in_between_enters_once():
    told = EVENTS["new"]
    state = brought_up(engine.apply(engine.fresh(OLD), told, OLD, T + 60), told, NEW, T + 100)
    assert "published" == state.memberships["a"].cause
    behind = brought_up(unpack(pack(state), OLD.names, ""), told, OLD, T + 110)
    assert {} == behind.memberships
    again = brought_up(unpack(pack(behind), NEW.names, ""), told, NEW, T + 120)
    assert "backfill" == again.memberships["a"].cause


def test_an_entry_by_an_event_or_by_an_awaited_instant_stays_one():
    absent = 'did "A" then not "B" for 1 hour'
    old, new = catalogue(active=["b"], b=absent), catalogue(wished(), a=absent, b=absent)
    state = engine.apply(engine.fresh(old), [event("A", 0)], old, T)
    after = engine.advance(state, new, T + 4000)
    assert {"a": Membership(T + 3600, "time"), "b": Membership(T + 3600, "time")} == after.memberships
    somebody = engine.apply(engine.fresh(new), [event("A", -DAY)], new, T)
    assert "published" not in {held.cause for held in somebody.memberships.values()}


def test_a_wish_that_changes_no_condition_is_gone_through_too():
    same = catalogue(wished(ONCE), a=ONCE)
    plain = catalogue(a=ONCE)
    assert plain.built != same.built
    state = engine.advance(engine.apply(engine.fresh(plain), [], plain, T), same, T + 60)
    assert (5, {}) == (state.entry_revision, state.memberships)


def test_merging_brings_nobody_in_twice():
    told, mine = EVENTS["new"], [event("B", 10)]
    one = brought_up(engine.apply(engine.fresh(OLD), told, OLD, T), told, NEW, T + 100)
    other = brought_up(engine.apply(engine.fresh(OLD), mine, OLD, T), mine, NEW, T + 200)
    for first, second in ((one, other), (other, one)):
        merged = engine.merge(first, second, NEW, T + 300)
        assert ({"a": Membership(T + 100, "published")}, 5) == (merged.memberships, merged.entry_revision)


def test_rebuilding_from_the_log_brings_nobody_in():
    assert "backfill" == engine.rebuild(EVENTS["new"], NEW, T + DAY).memberships["a"].cause


def test_a_state_whose_history_is_filled_in_part_has_not_been_through_the_wish():
    older = catalogue(a='did "B"')
    state = engine.apply(engine.fresh(older), EVENTS["new"], older, T + 60)
    part = engine.backfill(state, EVENTS["new"], NEW, T + DAY, ())
    assert 0 == part.entry_revision
    assert engine.missing(part, NEW)


@pytest.mark.parametrize("entry_revision", [0, 1, 127, 128, 100_000])
@pytest.mark.parametrize("reachable", [True, False])
def test_how_far_a_state_has_come_is_packed_and_costs_nothing_without_entry_on_publish(entry_revision, reachable):
    state = State(
        memberships={"a": Membership(T, "published")},
        evaluated=T,
        timelines_digest=NEW.timelines_digest,
        segments_digest=NEW.segments_digest,
        due=T + 60,
        reachable=reachable,
        entry_revision=entry_revision,
    )
    assert state == unpack(pack(state), NEW.names, "")
    assert (len(pack(state)) == len(pack(replace(state, entry_revision=0)))) is (entry_revision == 0)
