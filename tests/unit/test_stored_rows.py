"""Stored rows: each kind has one codec, which reads what earlier releases wrote and writes what they can read."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb import rows as package
from functions.adapters.dynamodb.due_index import DUE, SHARD
from functions.adapters.dynamodb.newest import GROUP_SHARD, TIME_KEY
from functions.adapters.dynamodb.rows import (
    attributes,
    backfill_lanes,
    backfills,
    bundle_parts,
    counters,
    current_versions,
    declared_sources,
    definitions,
    events,
    formats,
    identifiers,
    job_erasures,
    job_leases,
    job_people,
    job_segments,
    job_values,
    jobs,
    links,
    marks,
    messages,
    names,
    pace,
    products,
    quarantine,
    revocations,
    runs,
    shop_erasures,
    states,
    ticks,
)
from functions.adapters.dynamodb.versioned import versioned
from functions.adapters.packing import unpack
from functions.core.profiles.records import StoredState
from functions.topology import FUNCTIONS, TABLES
from functions.topology_rows import Stream
from tests.unit.random_rows import RANDOM
from tests.unit.stored_rows import JOB, RECORDS

GOLDEN = Path(__file__).parents[1] / "golden" / "rows"
DYNAMODB = Path(package.__file__).parents[1]
DAYS_730 = 730 * 86400
Item = dict[str, Any]


def stored(item: Item, record: Any) -> Item:
    """The item as a write of the record's version leaves it."""
    following, *_ = versioned(item, record.version - 1)
    return following


def _set_by(change: str, values: Item) -> Item:
    """The attributes that an update expression of the form ``SET #a = :b, …`` sets."""
    pairs = (pair.split(" = ") for pair in change.removeprefix("SET ").split(", "))
    return {name.removeprefix("#"): values[value] for name, value in pairs}


# How each kind of row is written and read.
WRITERS: dict[str, Callable[[Any], Item]] = {
    "events": lambda event: events.to_item(event, DAYS_730, "cause-1" if event.natural else ""),
    "identifiers": identifiers.to_item,
    "states": lambda state: stored(states.to_item(state, 64, "cause-1"), state),
    "attributes": lambda known: stored(attributes.to_item(known), known),
    "definitions": definitions.to_item,
    "current_versions": current_versions.to_item,
    "bundle_parts": bundle_parts.to_item,
    "runs": lambda run: stored(runs.to_item(run, 64), run),
    "messages": lambda message: messages.to_item(message) | messages.claimed_by("a" * 32),
    "quarantine": quarantine.to_item,
    "products": products.to_item,
    "backfills": backfills.to_item,
    "backfill_lanes": lambda lane: backfill_lanes.to_item(9, lane),
    "counters": counters.to_item,
    "pace": pace.to_item,
    "revocations": revocations.to_item,
    "shop_erasures": lambda request: shop_erasures.to_item(request.shop, request.asked),
    "links": lambda link: links.to_item("p1", link),
    "marks": lambda mark: {**marks.key(mark.key), **_set_by(*marks.change(mark, DAYS_730))},
    "names": lambda named: names.to_item(*named),
    "jobs": jobs.to_item,
    "job_values": lambda value: job_values.to_item(value, 1_795_600_000),
    "job_segments": lambda segment: job_segments.to_item(JOB, segment),
    "job_people": lambda page: job_people.to_item(JOB, page),
    "job_erasures": job_erasures.to_item,
    "job_leases": job_leases.to_item,
    "formats": formats.to_item,
    "declared_sources": declared_sources.to_item,
    "ticks": lambda progress: stored(ticks.to_item(progress), progress),
}
READERS: dict[str, Callable[[Any], Any]] = {
    kind: import_module(f"{package.__name__}.{kind}").from_item for kind in WRITERS
}


def parsed(value: Any) -> Any:
    """An item of a golden file as the SDK has it: binary attributes are base64 in the file."""
    if isinstance(value, dict):
        return {name: base64.b64decode(each) if name == "B" else parsed(each) for name, each in value.items()}
    return [parsed(each) for each in value] if isinstance(value, list) else value


GOLDEN_ITEMS = {
    (path.stem, name): parsed(item)
    for path in sorted(GOLDEN.glob("*.json"))
    for name, item in json.loads(path.read_text()).items()
}
# What releases before this one wrote, and this one only reads.
ONLY_READ = {case for case in GOLDEN_ITEMS if "of before" in case[1] or "of a release" in case[1]}
CASES = sorted(GOLDEN_ITEMS)


def shown(item: Item) -> Item:
    """The item with what is packed as values: how zlib finds its way to the same text is its own affair."""
    packed = {name: ("B", unpack(value["B"])) for name, value in item.items() if "B" in value and name != "s"}
    return {**item, **packed}


def read_as(record: Any) -> Any:
    """What reading gives of a record: whether a state notifies is said only when it is written."""
    return record._replace(notify=False) if isinstance(record, StoredState) else record


def test_every_kind_of_row_has_a_golden_item_and_a_record():
    kinds = {path.stem for path in Path(package.__file__).parent.glob("*.py")} - {"__init__"}
    assert kinds == WRITERS.keys() == {kind for kind, _ in GOLDEN_ITEMS}
    assert {(kind, name) for kind, several in RECORDS.items() for name in several} == GOLDEN_ITEMS.keys()


@pytest.mark.parametrize("case", CASES, ids=": ".join)
def test_a_row_as_it_is_stored_today_is_read(case):
    kind, name = case
    assert read_as(RECORDS[kind][name]) == READERS[kind](GOLDEN_ITEMS[case])


@pytest.mark.parametrize("case", [case for case in CASES if case not in ONLY_READ], ids=": ".join)
def test_a_row_is_written_as_it_is_stored_today(case):
    kind, name = case
    assert shown(GOLDEN_ITEMS[case]) == shown(WRITERS[kind](RECORDS[kind][name]))


@pytest.mark.parametrize("case", CASES, ids=": ".join)
def test_an_attribute_of_the_release_behind_is_passed_over(case):
    kind, name = case
    item = {**GOLDEN_ITEMS[case], "new": {"S": "from after a roll-back"}}
    assert read_as(RECORDS[kind][name]) == READERS[kind](item)


def test_every_kind_of_row_is_tried_with_random_records():
    assert WRITERS.keys() == RANDOM.keys()


@pytest.mark.parametrize("kind", sorted(WRITERS))
@given(st.data())
def test_what_is_written_is_read_again(kind, data):
    record = data.draw(RANDOM[kind])
    assert read_as(record) == READERS[kind](WRITERS[kind](record))


def test_numbers_keep_their_kind_and_their_digits():
    """A property that is 1 is no 1.0 to a receipt."""
    event = replace(RECORDS["events"]["an order"], properties={"a": 1, "b": Decimal("1.0"), "c": Decimal("1E+3")})
    read = events.from_item(events.to_item(event, 0, ""))
    assert {name: str(value) for name, value in event.properties.items()} == {
        name: str(value) for name, value in read.properties.items()
    }


def test_the_names_of_the_topology_are_those_of_the_rows():
    tables = {table.name: table for table in TABLES}
    for kind in WRITERS:
        module = import_module(f"{package.__name__}.{kind}")
        table, items = tables[module.TABLE], [GOLDEN_ITEMS[case] for case in CASES if case[0] == kind]
        assert all(name in item for item in items for name in (table.hash, table.range) if name)
    keys = {index.name: (index.hash, index.range) for table in TABLES for index in table.indexes}
    assert {"due": (SHARD, DUE), "newest": (GROUP_SHARD, TIME_KEY)} == keys
    expiring = {"log": events.EXPIRES, "quarantine": quarantine.EXPIRES, "jobs": jobs.EXPIRES}
    expiring |= {"definitions": bundle_parts.EXPIRES}
    assert expiring == {name: tables[name].ttl for name in expiring}
    (newest,) = tables["quarantine"].indexes
    assert (quarantine.REASON, quarantine.SIZE) == newest.include


def test_the_stream_of_profiles_is_filtered_by_the_names_of_its_rows():
    streams = [each for function in FUNCTIONS for each in function.triggers if isinstance(each, Stream) and each.part]
    assert [(states.STATE, states.NOTIFY)] == [(each.part, each.flag) for each in streams]


def test_an_adapter_names_no_attribute_itself():
    """What one writes and another one reads would drift apart."""
    shared = {"calls", "expressions", "values", "versioned", "due_index", "newest", "__init__"}
    for path in DYNAMODB.glob("*.py"):
        if path.stem not in shared:
            assert not re.findall(r'"#|":\w|\b(?:text|number|binary|raw|integer|string)\(', path.read_text()), path
