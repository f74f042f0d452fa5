"""The public datasets through a file of events: the same counts at once as one by one."""

from collections import Counter

import pytest

from functions.core.definitions.shop import NOTHING_ELSE
from functions.core.scores import rfm
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import parser
from tests.datasets.readers import online_retail, oracle, rfm_orders, seconds
from tests.datasets.test_online_retail import CONDITIONS
from tests.datasets.test_rfm_orders import tallied

pl = pytest.importorskip("polars", reason="requirements-batch.txt is not installed")

from batch.borders import rfm_borders  # noqa: E402 (needs polars)
from batch.file import EventFile  # noqa: E402
from batch.members import members  # noqa: E402


def filed(people):
    """The events of the customers as a file, products as a list of structures."""
    rows = [
        {"person": customer, "time": event.time, "name": event.name, "natural": event.natural, **event.properties}
        for customer, events in people.items()
        for event in events
    ]
    return EventFile(pl.DataFrame(rows, infer_schema_length=None).lazy())


def counted(conditions, file, now):
    found: Counter[str] = Counter()
    for _, masks in members({name: parser.parse(text) for name, text in conditions.items()}, file, now):
        found.update({name: int(mask.sum()) for name, mask in masks.items()})
    return found


def test_every_segment_of_online_retail_is_counted_as_the_dataset_states():
    told = oracle("online_retail_2010-12_2011-05")
    now = seconds(told["definitions"]["snapshot"])
    assert told["segment_counts_at_snapshot"] == counted(CONDITIONS, filed(online_retail()), now)


def test_customers_orders_and_borders_are_those_that_rfm_orders_states():
    told = oracle("rfm_orders")
    now, people = seconds(told["analysis_date"]), rfm_orders()
    ordered, paid = 'did "Order Completed" exactly {} times', 'sum of total over "Order Completed" = {}'
    same = {name: f"{ordered} and {paid}".format(count, amount) for name, _, count, amount, *_ in told["readme_rows"]}
    file = filed(people)
    found = counted({"everybody": 'did "Order Completed"', **same}, file, now)
    assert told["customers"] == found.pop("everybody")
    assert all(found.values())
    assert tallied(looked_at(people, now), now).borders(now) == rfm_borders(file, now, NOTHING_ELSE)


def looked_at(people, now):
    catalogue = engine.compile_catalogue({}, timelines=rfm.specs())
    states = {name: engine.rebuild(events, catalogue, now) for name, events in people.items()}
    return {name: rfm.orders(Snapshot(state, catalogue, now)) for name, state in states.items()}
