"""Files of events: which are read, what is refused, and what counts once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.segments.registry import operators
from functions.core.timelines.retention import CAP

pl = pytest.importorskip("polars", reason="requirements-batch.txt is not installed")

from batch.file import EventFile, Unreadable, read  # noqa: E402 (needs polars)
from batch.members import members  # noqa: E402
from batch.registry import columns  # noqa: E402

NOW = 1_795_000_000
DAY = 86_400
ALONE = {"then", "followed", "score", "tier", "rfm"}


def frame(*rows, **columns):
    """Orders of the given people, ten days ago unless they say otherwise."""
    plain = {"person": "ann", "time": NOW - 10 * DAY, "name": "Order Completed"}
    return pl.DataFrame([{**plain, **row} for row in rows], infer_schema_length=None, **columns)


def inside(text, told, size=1000):
    file = EventFile(told.lazy() if isinstance(told, pl.DataFrame) else told)
    found = members({"asked": parser.parse(text)}, file, NOW, size)
    return sorted(person for ids, masks in found for person in ids.filter(masks["asked"]).to_list())


def test_every_operator_has_a_form_in_columns_or_is_known_to_be_asked_one_by_one():
    assert set(operators()) == columns().keys() | ALONE
    assert not columns().keys() & ALONE


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_people_are_whole_however_the_file_is_read(size):
    told = frame(*({"person": person} for person in "aabbbbcdd"))
    assert ["a", "d"] == inside('did "Order Completed" exactly 2 times', told, size)


def test_a_file_that_is_not_sorted_by_person_is_sorted():
    told = frame({"person": "b"}, {"person": "a"}, {"person": "b"}, {"person": "a"}, {"person": "c"})
    assert ["a", "b"] == inside('did "Order Completed" at least 2 times', told, 2)


def test_an_event_that_stands_there_twice_counts_once():
    told = frame({"id": "email:a@x.org|1"}, {"id": "email:a@x.org|1"}, {"id": "email:a@x.org|2"}, {"id": None})
    assert ["ann"] == inside('did "Order Completed" exactly 3 times', told)


def test_of_an_order_told_twice_the_latest_telling_counts():
    rows = [{"natural": "order:1", "total": 5000}, {"natural": "order:1", "total": 300, "revision": 2}]
    assert ["ann"] == inside('sum of total over "Order Completed" = 3', frame(*rows))
    assert ["ann"] == inside('did "Order Completed" exactly 1 time', frame(*rows))


def test_amounts_are_minor_units_if_whole_and_major_ones_otherwise():
    for total in (1999, Decimal("19.99"), 19.99):
        assert ["ann"] == inside('sum of total over "Order Completed" = 19.99', frame({"total": total}))
    assert ["ann"] == inside('sum of total over "Order Completed" = 1999', frame({"total": 1999, "currency": "JPY"}))


def test_sums_beyond_64_bits_are_exact():
    told = frame(*({"number": 9 * 10**18} for _ in range(5)))
    assert ["ann"] == inside(f'sum of number over "Order Completed" = {45 * 10**18}', told)
    assert [] == inside(f'sum of number over "Order Completed" > {45 * 10**18}', told)


def test_nothing_that_is_missing_satisfies_a_comparison():
    told = frame({"person": "ann", "coupon": "x"}, {"person": "bob", "coupon": None})
    assert ["ann"] == inside('did "Order Completed" where coupon != "y"', told)
    assert ["bob"] == inside('not did "Order Completed" where coupon != "y"', told)
    assert ["bob"] == inside('not did "Order Completed" where coupon exists', told)
    assert [] == inside('did "Order Completed" where never != 5', told)


def test_somebody_is_known_from_their_first_event_on():
    told = frame({"person": "ann"}, {"person": "bob", "time": NOW + 1})
    assert ["ann"] == inside('did not "Store Entered"', told)


def test_a_consent_that_names_no_address_is_the_persons_whatever_they_have():
    rows = [
        {"person": "ann", "consent": "subscribed", "identifiers": ["user_id:1"]},
        {"person": "bob", "consent": "subscribed", "identifiers": ["user_id:2", "email:bob@x.org"]},
        {"person": "bob", "consent": "unsubscribed", "identifiers": ["user_id:2"], "time": NOW - DAY},
        {"person": "eve", "consent": "subscribed", "identifiers": ["user_id:3"], "undated": True},
    ]
    told = frame(*rows, schema_overrides={"undated": pl.Boolean})
    assert ["ann", "eve"] == inside("consent is subscribed", told)
    assert ["bob"] == inside("consent is unsubscribed", told)


def test_times_may_be_seconds_timestamps_or_dates():
    for time in (NOW - DAY, datetime.fromtimestamp(NOW - DAY, UTC), date.fromtimestamp(NOW - DAY)):
        assert ["ann"] == inside('did "Order Completed" within 2 days', frame({"time": time}))


def test_a_property_whose_name_is_taken_has_a_prefix():
    assert ["ann"] == inside('did "Order Completed" where name = "Home"', frame({"properties.name": "Home"}))


@pytest.mark.parametrize("name", ["who", "twin"])
def test_a_property_may_be_called_as_a_column_that_is_added(name):
    assert ["ann"] == inside(f'did "Order Completed" where {name} = "x"', frame({name: "x", "natural": "order:1"}))


def test_properties_may_be_one_column_of_structures():
    told = frame({"properties": {"category": "Tea", "lines": [{"sku": "a"}, {"sku": "b"}]}})
    assert ["ann"] == inside('did "Order Completed" where category = "Tea" and lines[].sku = "b"', told)


def test_who_has_more_events_than_are_remembered_is_answered_as_the_engine_answers():
    rows = [{"time": NOW - CAP - 100 + n, "total": 100} for n in range(CAP + 50)]
    told = [
        Event("Order Completed", row["time"], row["time"], ("user_id:ann",), f"{n}", "x", {"total": 100})
        for n, row in enumerate(rows)
    ]
    for text in (f'sum of total over "Order Completed" > {CAP}', 'average of total over "Order Completed" = 1'):
        catalogue = engine.compile_catalogue({"asked": parser.parse(text)}, active=["asked"])
        state = engine.rebuild(told, catalogue, NOW, "ann")
        assert holds(engine.evaluate(state, catalogue, NOW)["asked"]) == (["ann"] == inside(text, frame(*rows)))


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (pl.DataFrame({"person": ["a"], "name": ["A"]}), "no column 'time'"),
        (frame({"time": "yesterday"}), "an event has no time"),
        (frame({"time": 1.5}), "time is Float64"),
        (frame({"time": NOW * 1000}), "in seconds"),
        (frame({"person": None}, {"person": "a"}), "an event has no person"),
        (frame({"consent": "perhaps"}), "consent is one of"),
    ],
)
def test_what_is_no_file_of_events_is_refused(told, message):
    with pytest.raises(Unreadable, match=message):
        inside('did "Order Completed"', told)


def test_a_csv_file_is_read_with_exact_amounts(tmp_path):
    path = tmp_path / "orders.csv"
    rows = ("7,2026-11-16T10:00:00+01:00,Order Completed,20", "7,2026-11-16,Order Completed,0.1")
    path.write_text("\n".join(("person,time,name,total", *rows)))
    node = {"asked": parser.parse('sum of total over "Order Completed" = 20.1')}
    ((ids, found),) = members(node, read(path), NOW)
    assert (["7"], [True]) == (ids.to_list(), found["asked"].tolist())


def test_a_file_that_is_not_there_is_said_to_be(tmp_path):
    with pytest.raises(Unreadable, match=r"gone\.csv"):
        read(tmp_path / "gone.csv")
    (tmp_path / "text.parquet").write_text("no")
    with pytest.raises(Unreadable, match="parquet"):
        read(tmp_path / "text.parquet")
