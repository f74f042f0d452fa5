"""A score is, at every second, what a scan of the whole history gives, and stays so until its instant."""

import os
from decimal import Decimal
from fractions import Fraction

import reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import START, did, histories, names, trait

from functions.core.instants import FOREVER, holds, until
from functions.core.profile import pack, unpack
from functions.core.scores.check import check
from functions.core.scores.link import link
from functions.core.scores.measure import Measure, points
from functions.core.segments import engine
from functions.core.segments.snapshot import Snapshot

DAY = 86_400
EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "100"))
thorough = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

spans = st.sampled_from(["7 seconds", "40 seconds", "90 minutes", "1 day", "3 days", "1 week"])
whole_days = st.sampled_from(["1 day", "2 days", "5 days", "1 week"])
given_points = st.sampled_from([1, 5, -3, 10, 2.5, 0.01])
parts = st.fixed_dictionaries({"events": names})
limits = st.sampled_from([1, 6, 0.5, 12.25])
leaves = did | trait
conditions = leaves | leaves.map(lambda node: {"op": "not", "of": node})
rules = st.one_of(
    st.fixed_dictionaries({"points": given_points, "when": conditions}),
    st.fixed_dictionaries({"points": given_points, "per": parts}, optional={"within": spans, "at most": limits}),
    *(
        st.fixed_dictionaries({"points": given_points, "per": parts, way: whole_days}, optional={"at most": limits})
        for way in ("fading over", "halving every")
    ),
    st.fixed_dictionaries({"points": given_points, "per full": spans, "without": parts}, optional={"at most": limits}),
)
TIERS = {"a": -1, "b": 2, "c": 5.5}
definitions = st.lists(rules, min_size=1, max_size=3).map(lambda found: {"id": "e", "rules": found, "tiers": TIERS})
instants = st.lists(st.integers(0, 60) | st.integers(0, 12 * DAY), min_size=1, max_size=6)


def score(definition, history, now):
    """The naive score: every event is looked at anew for every rule."""
    return sum(worth(rule, history, now) for rule in definition["rules"])


def worth(rule, history, now):
    gives = Decimal(str(rule["points"]))
    if "when" in rule:
        return gives if reference.member(rule["when"], history, now) else Decimal(0)
    part = rule.get("per") or rule["without"]
    events = reference.once(reference.matching(part, {each.id: each for each in history}.values()), lambda e: e.time)
    ages = [now - event.time for event in events if event.time <= now]
    if "per full" in rule:
        amount = gives * (min(ages) // reference.span(rule["per full"])) if ages else Decimal(0)
    else:
        # A share is a quotient: times the points it is a whole number of hundredths again.
        amount = sum((round(gives * share(rule, gives, age), 2) for age in ages), Decimal(0))
    limit = Decimal(str(rule.get("at most", 10**9)))
    return max(-limit, min(limit, amount))


def share(rule, gives, age):
    if "fading over" in rule:
        days = reference.span(rule["fading over"]) // DAY
        return cents(Fraction(max(0, days - age // DAY), days) * Fraction(gives)) / gives
    if "halving every" in rule:
        halvings = Fraction(age // DAY, reference.span(rule["halving every"]) // DAY)
        part = Fraction(1, 2**halvings.numerator) if halvings.denominator == 1 else Fraction(2.0 ** -float(halvings))
        return cents(part * Fraction(gives)) / gives
    return age < reference.span(rule["within"]) if "within" in rule else 1


def cents(amount):
    """Rounded to hundredths, halves away from zero."""
    whole = int(abs(amount) * 100 + Fraction(1, 2))
    return Decimal(whole if amount > 0 else -whole) / 100


def compiled(definition, *more):
    nodes = {
        "s": {"op": "score", "score": "e", "compare": ">=", "value": 3},
        "t": {"op": "tier", "score": "e", "tier": "b"},
        "u": {"op": "score", "score": "e", "compare": "!=", "value": 0},
    }
    linked = link(nodes, {"e": definition})
    return engine.compile_catalogue(linked, acted=["s", "t", "u"]), Measure(definition)


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
        state = unpack(pack(engine.apply(state, [event], catalogue, now)), catalogue.names)
    assert engine.rebuild(history, catalogue, now).timelines == state.timelines
    for instant in sorted({now, *(now + offset for offset in offsets)}):
        worth, stays = measure.at(Snapshot(state, catalogue, instant), instant)
        assert score(definition, history, instant) == points(worth)
        if stays < FOREVER:
            assert score(definition, history, stays - 1) == points(worth)
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
        assert now < state.due <= min(coming)
        assert truth(definition, history, min(coming) - 1) == expected
        now = min(coming)
        state = engine.advance(state, catalogue, now)
