"""Online Retail, first six months: who is in which segment, and who entered by time alone in which month."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from functions.core.base.instants import holds
from functions.core.profiles.state import pack, unpack
from functions.core.scores import rfm
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import parser
from tests.datasets.readers import online_retail, oracle, seconds

CONDITIONS = {
    "last order within 30 days (last >= snapshot - 30 d)": 'last "Order Completed" within 30 days',
    "3 or more orders": 'did "Order Completed" at least 3 times',
    "monetary >= 1000": 'sum of total over "Order Completed" >= 1000',
    "no order in the last 90 days (last < snapshot - 90 d)": 'last "Order Completed" more than 90 days ago',
    "bought StockCode 85123A": 'did "Order Completed" where products[].product_id = "85123A"',
    "within 30 days AND monetary >= 1000": 'did "Order Completed" within 30 days '
    'and sum of total over "Order Completed" >= 1000',
    "exactly 1 order AND within 30 days": 'did "Order Completed" exactly 1 time '
    'and did "Order Completed" within 30 days',
    "any cancelled invoice in the file": 'did "Order Cancelled"',
    "valid customer AND any cancelled invoice": 'did "Order Cancelled" and did "Order Completed"',
    "3 or more orders AND NOT bought 85123A": 'did "Order Completed" at least 3 times '
    'and did not "Order Completed" where products[].product_id = "85123A"',
    "3 or more orders in the last 90 days": 'did "Order Completed" at least 3 times within 90 days',
    "spent >= 500 in the last 90 days": 'sum of total over "Order Completed" within 90 days >= 500',
}
LAPSED = 'last "Order Completed" more than 60 days ago'
NAMES = {name: f"s{number}" for number, name in enumerate(CONDITIONS)}


@pytest.fixture(scope="module")
def shop():
    """Everybody's state at the snapshot, the file replayed event by event, and the entries that time made."""
    told = oracle("online_retail_2010-12_2011-05")
    snapshot = seconds(told["definitions"]["snapshot"])
    nodes = {NAMES[name]: parser.parse(text) for name, text in CONDITIONS.items()}
    catalogue = engine.compile_catalogue(nodes | {"lapsed": parser.parse(LAPSED)}, timelines=rfm.specs())
    states = {}
    entries: list[int] = []
    for customer, events in online_retail().items():
        states[customer] = replay(events, catalogue, snapshot, customer, entries)
    return told, snapshot, catalogue, states, entries


def replay(events, catalogue, snapshot, customer, entries):
    """Fold each event at its time; in between look when the state falls due, as the tick does."""
    state = engine.fresh(catalogue)
    for event in events:
        state = passed(state, catalogue, event.time, customer, entries)
        state = engine.apply(state, [event], catalogue, event.time)
    state = unpack(pack(passed(state, catalogue, snapshot, customer, entries)), catalogue.names, "")
    return engine.advance(state, catalogue, snapshot)


def passed(state, catalogue, end, customer, entries):
    while state.due is not None and state.due < end:
        at, before = state.due, state.memberships.get("lapsed")
        state = engine.advance(state, catalogue, at)
        entered = state.memberships.get("lapsed")
        if entered is not None and before is None:
            assert (at, "time") == entered
            entries.append((customer, at))
    return state


def test_every_segment_has_as_many_members_at_the_snapshot_as_the_dataset_states(shop):
    told, snapshot, catalogue, states, _ = shop
    verdicts = [engine.evaluate(state, catalogue, snapshot) for state in states.values()]
    found = {name: sum(holds(each[NAMES[name]]) for each in verdicts) for name in CONDITIONS}
    assert told["segment_counts_at_snapshot"] == found
    settled = Counter(name for state in states.values() for name in state.memberships)
    assert {NAMES[name]: count for name, count in found.items()} == {name: settled[name] for name in NAMES.values()}


def test_who_lapses_enters_by_time_alone_in_the_month_it_happens(shop):
    told, _, _, _, entries = shop
    wanted = told["lapsed_60_days_entries"]
    months = Counter(f"{datetime.fromtimestamp(at, UTC):%Y-%m}" for _, at in entries)
    again = sum(count > 1 for count in Counter(customer for customer, _ in entries).values())
    assert wanted["by_month"] == dict(months)
    assert (wanted["total_entries"], wanted["customers_entering_more_than_once"]) == (len(entries), again)


def test_recency_frequency_and_monetary_value_of_everybody_are_those_that_the_dataset_states(shop):
    told, snapshot, catalogue, states, _ = shop
    looked = {customer: rfm.orders(Snapshot(state, catalogue, snapshot)) for customer, state in states.items()}
    found = {customer: orders for customer, orders in looked.items() if orders}
    assert told["valid_customers"] == len(found)
    assert told["sum_recency_days"] == sum(orders.days(snapshot) for orders in found.values())
    assert told["sum_frequency"] == sum(orders.frequency for orders in found.values())
    assert told["valid_revenue"] == float(sum(orders.monetary for orders in found.values()))
    best = sorted(found, key=lambda customer: -found[customer].monetary)[:5]
    assert told["rfm_top5_by_monetary"] == [
        {
            "customer": customer,
            "recency_days": found[customer].days(snapshot),
            "frequency": found[customer].frequency,
            "monetary": float(found[customer].monetary),
        }
        for customer in best
    ]
