"""A score is, at every second, what a scan of the whole history gives, and stays so until its instant."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.instants import FOREVER, holds, until
from functions.core.profiles.state import pack, unpack
from functions.core.scores.check import check
from functions.core.scores.compiled_score import CompiledScore, points
from functions.core.scores.link import link
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from tests.unit import reference
from tests.unit.strategies import START, TIERS, given_points, histories, limits, parts, rules, thorough

DAY = 86_400

spans = st.sampled_from(["7 seconds", "40 seconds", "90 minutes", "1 day", "3 days", "1 week"])
silences = st.fixed_dictionaries(
    {"points": given_points, "per full": spans, "without": parts}, optional={"at most": limits}
)
definitions = st.lists(rules | silences, min_size=1, max_size=3).map(
    lambda found: {"id": "e", "rules": found, "tiers": TIERS}
)
instants = st.lists(st.integers(0, 60) | st.integers(0, 12 * DAY), min_size=1, max_size=6)


def score(definition, history, now):
    person = reference.Person(list({event.id: event for event in history}.values()), {})
    return reference.points.score(definition, person, now, reference.holds)


def compiled(definition, *more):
    nodes = {
        "s": {"op": "score", "score": "e", "compare": ">=", "value": 3},
        "t": {"op": "tier", "score": "e", "tier": "b"},
        "u": {"op": "score", "score": "e", "compare": "!=", "value": 0},
    }
    linked = link(nodes, {"e": definition})
    return engine.compile_catalogue(linked, active=["s", "t", "u"]), CompiledScore(definition)


def truth(definition, history, now):
    value = score(definition, history, now)
    return {"s": value >= 3, "t": 2 <= value < Decimal("5.5"), "u": value != 0}


@thorough
@given(definitions, histories, instants, st.data())
def test_a_score_is_what_the_history_scan_gives_whatever_the_order_of_arrival(definition, history, offsets, data):
    assert [] == [fault for rule in definition["rules"] for fault in check(rule)]
    catalogue, measure = compiled(definition)
    now = max((event.time for event in history), default=START)
    state = engine.fresh(catalogue)
    for event in data.draw(st.permutations(history)):
        state = engine.apply(state, [event], catalogue, now, engine.KnownEvents(history))
        state = unpack(pack(state), catalogue.names, "")
    assert engine.rebuild(history, catalogue, now).timelines == state.timelines
    for instant in sorted({now, *(now + offset for offset in offsets)}):
        worth, membership_history = measure.at(Snapshot(state, catalogue, instant), instant)
        assert score(definition, history, instant) == points(worth)
        if membership_history < FOREVER:
            assert score(definition, history, membership_history - 1) == points(worth)
        expected = truth(definition, history, instant)
        assert expected == {name: holds(each) for name, each in engine.evaluate(state, catalogue, instant).items()}
        assert {name for name, inside in expected.items() if inside} == set(
            engine.advance(state, catalogue, instant).memberships
        )


@thorough
@given(definitions, histories)
def test_a_comparison_of_a_score_holds_until_its_instant_and_due_misses_nothing(definition, history):
    catalogue, _ = compiled(definition)
    now = max((event.time for event in history), default=START)
    state = engine.advance(engine.apply(engine.fresh(catalogue), history, catalogue, now), catalogue, now)
    for _ in range(6):
        verdicts, expected = engine.evaluate(state, catalogue, now), truth(definition, history, now)
        assert expected == {name: holds(verdict) for name, verdict in verdicts.items()}
        coming = [end for end in map(until, verdicts.values()) if end is not None]
        if not coming:
            break
        assert state.due is not None
        assert now < state.due <= min(coming)
        assert truth(definition, history, min(coming) - 1) == expected
        now = min(coming)
        state = engine.advance(state, catalogue, now)
