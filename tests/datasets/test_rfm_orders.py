"""rfm_orders: scores and segment names of the R package's README come out of the engine."""

from fractions import Fraction

import pytest

from functions.core.base.instants import holds
from functions.core.scores import rfm
from functions.core.scores.link import link
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import parser
from tests.datasets.readers import oracle, rfm_orders, seconds


@pytest.fixture(scope="module")
def shop():
    told = oracle("rfm_orders")
    now = seconds(told["analysis_date"])
    catalogue = engine.compile_catalogue({}, timelines=rfm.specs())
    states = {name: engine.rebuild(events, catalogue, now) for name, events in rfm_orders().items()}
    found = {name: rfm.orders(Snapshot(state, catalogue, now)) for name, state in states.items()}
    return told, now, states, found


def tallied(found, now):
    tally = Tally()
    for orders in found.values():
        tally.add(orders, now)
    return tally


def test_everybody_and_every_order_is_counted(shop):
    told, now, _, found = shop
    assert (told["customers"], told["sum_transaction_count"], told["sum_revenue"]) == (
        len(found),
        sum(orders.frequency for orders in found.values()),
        sum(orders.monetary for orders in found.values()),
    )
    assert told["customers"] == tallied(found, now).people


def test_scores_and_segment_names_are_those_of_the_readme(shop):
    told, now, states, found = shop
    tally = tallied(found, now)
    borders = {name: [tally.quantile(name, Fraction(n, 5)) + 1 for n in (1, 2, 3, 4)] for name in rfm.MEASURES}
    borders["drawn"] = now
    rules = told["readme_rules"]
    nodes = {f"rule-{n}": link(rule(rules, n), {}, borders) for n in range(len(rules["names"]))}
    catalogue = engine.compile_catalogue(nodes)
    for name, days, count, amount, score, segment in told["readme_rows"]:
        view = Snapshot(states[name], catalogue, now)
        groups = rfm.scores(view, borders)
        assert groups
        assert (days, count, amount) == (found[name].days(now), found[name].frequency, found[name].monetary)
        assert score == int("".join(str(groups[measure]) for measure in rfm.MEASURES))
        verdicts = engine.evaluate(states[name], catalogue, now)
        first = next(each for number, each in enumerate(rules["names"]) if holds(verdicts[f"rule-{number}"]))
        assert segment == first


def rule(rules, number):
    """One of the README's rules in our language."""
    limits = [
        f"rfm {measure} {compare} {rules[f'{measure}_{side}'][number]}"
        for measure in rfm.MEASURES
        for side, compare in (("lower", ">="), ("upper", "<="))
    ]
    return parser.parse(" and ".join(limits))


def test_the_nightly_borders_part_the_customers_in_fifths(shop):
    _, now, states, found = shop
    borders = tallied(found, now).borders(now)
    catalogue = engine.compile_catalogue({}, timelines=rfm.specs())
    for measure in rfm.MEASURES:
        groups = [
            rfm.place(measure, borders[measure], now, rfm.orders(Snapshot(state, catalogue, now)))
            for state in states.values()
        ]
        sizes = [groups.count(group) / len(groups) for group in range(1, 6)]
        # A hundred customers and more have the same few numbers of orders, and equals are not parted.
        assert all(0.12 < size < 0.33 for size in sizes), (measure, sizes)
