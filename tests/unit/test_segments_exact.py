"""Law 6: at every instant, membership equals that of the naive evaluator, whatever came when, how often, and where."""

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.instants import holds, until
from functions.core.profiles.state import pack, unpack
from functions.core.segments import engine
from tests.unit import reference
from tests.unit.strategies import START, histories, segments, thorough


def truth(nodes, history, now):
    return {name: reference.member(node, history, now, nodes) for name, node in nodes.items()}


def answers(state, catalogue, now):
    return {name: holds(verdict) for name, verdict in engine.evaluate(state, catalogue, now).items()}


def instants(state, catalogue, now, span=120):
    """Every instant at which some verdict says it may change, with one second either side."""
    found, at = {now}, now
    while at <= now + span:
        coming = [t for t in map(until, engine.evaluate(state, catalogue, at).values()) if t is not None]
        if not coming:
            break
        assert min(coming) > at
        at = min(coming)
        found |= {at - 1, at, at + 1}
    return sorted(instant for instant in found if now <= instant <= now + span)


def repacked(state, catalogue):
    packed = pack(state)
    again = unpack(packed, catalogue.names, "")
    assert state == again
    assert packed == pack(again)
    return again


@thorough
@given(segments, histories, st.data())
def test_membership_equals_the_history_scan_whatever_the_order_of_arrival(nodes, history, data):
    catalogue = engine.compile_catalogue(nodes, active=["s3"])
    arrivals = data.draw(st.permutations(history + data.draw(st.lists(st.sampled_from(history))) if history else []))
    state, known, now = engine.fresh(catalogue), [], START
    while arrivals:
        size = data.draw(st.integers(1, 4))
        batch, arrivals = arrivals[:size], arrivals[size:]
        now = max(now + data.draw(st.integers(0, 10)), *(event.time for event in batch))
        known += batch
        state = repacked(engine.apply(state, batch, catalogue, now, engine.KnownEvents(known)), catalogue)
        expected = truth(nodes, known, now)
        assert expected == answers(state, catalogue, now)
        assert expected["s3"] == ("s3" in state.memberships)
    whole = engine.rebuild(known, catalogue, now)
    assert whole.timelines == state.timelines
    extra = data.draw(st.lists(st.integers(now, now + 120), max_size=3))
    for instant in [*instants(state, catalogue, now), *extra]:
        expected = truth(nodes, known, instant)
        assert expected == answers(state, catalogue, instant), instant - START
        advanced = engine.advance(state, catalogue, instant)
        assert {name for name in catalogue.active if expected[name]} == set(advanced.memberships)


@thorough
@given(segments, histories)
def test_an_answer_stays_right_until_its_instant_and_due_misses_nothing(nodes, history):
    catalogue = engine.compile_catalogue(nodes, active=["s3", "s1"])
    now = max((event.time for event in history), default=START)
    state = engine.apply(engine.fresh(catalogue), history, catalogue, now)
    state = engine.settle(state, catalogue, now, "event")
    verdicts = engine.evaluate(state, catalogue, now)
    for instant in range(now, now + 60):
        expected = truth(nodes, history, instant)
        for name, verdict in verdicts.items():
            if (until(verdict) or now + 60) > instant:
                assert expected[name] == holds(verdict), (name, instant - now)
        if state.due is None or instant < state.due:
            assert {name: expected[name] for name in ("s3", "s1")} == {
                name: name in state.memberships for name in ("s3", "s1")
            }


@thorough
@given(segments, histories, st.data())
def test_a_merged_profile_is_evaluated_as_the_union_of_the_events(nodes, history, data):
    catalogue = engine.compile_catalogue(nodes, active=["s3"])
    now = max((event.time for event in history), default=START) + data.draw(st.integers(0, 20))
    halves = [[event for event in history if event.identifiers[0].endswith(end)] for end in "ab"]
    both = data.draw(st.lists(st.sampled_from(history))) if history else []
    a, b = (engine.apply(engine.fresh(catalogue), half + both, catalogue, now) for half in halves)
    told = engine.KnownEvents(history)
    merged = engine.merge(a, b, catalogue, now, told)
    assert engine.rebuild(history, catalogue, now).timelines == merged.timelines
    assert merged.timelines == engine.merge(b, a, catalogue, now, told).timelines
    for instant in instants(merged, catalogue, now):
        assert truth(nodes, history, instant) == answers(merged, catalogue, instant)


@thorough
@given(segments, histories, st.integers(1, 100))
def test_looking_late_gives_the_memberships_of_looking_every_second(nodes, history, span):
    catalogue = engine.compile_catalogue(nodes)
    now = max((event.time for event in history), default=START)
    state = engine.apply(engine.fresh(catalogue), history, catalogue, now)
    stepped = state = engine.settle(state, catalogue, now, "event")
    for instant in range(now, now + span + 1):
        stepped = engine.advance(stepped, catalogue, instant)
    assert stepped.memberships == engine.advance(state, catalogue, now + span).memberships


@thorough
@given(segments, histories, st.integers(0, 100))
def test_the_history_ends_where_the_scan_says(nodes, history, span):
    catalogue = engine.compile_catalogue(nodes)
    now = max((event.time for event in history), default=START) + span
    for name in nodes:
        membership_history = engine.history(history, catalogue, name, now)
        inside = bool(membership_history) and membership_history[-1]["left"] is None
        assert truth(nodes, history, now)[name] == inside
        for stay in membership_history:
            assert stay["left"] is None or stay["entered"] < stay["left"]


@thorough
@given(segments, segments, histories)
def test_an_edited_definition_is_exact_after_its_backfill(before, after, history):
    old, new = engine.compile_catalogue(before), engine.compile_catalogue(after, active=["s3"])
    now = max((event.time for event in history), default=START)
    state = engine.apply(engine.fresh(old), history, old, now)
    state = unpack(pack(state), new.names, "")
    state = engine.backfill(state, history, new, now, engine.missing(state, new))
    assert engine.missing(state, new) == frozenset()
    expected = truth(after, history, now)
    assert expected == answers(state, new, now)
    assert {name for name in new.active if expected[name]} == set(state.memberships)
    assert not {held.cause for held in state.memberships.values()} - {"backfill", "event", "time"}
