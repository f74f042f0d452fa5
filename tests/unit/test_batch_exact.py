"""Everybody at once equals everybody alone: the same people in the same segments, whatever the file holds."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.segments import engine
from tests.unit.strategies import START, histories, segments, thorough

pl = pytest.importorskip("polars", reason="requirements-batch.txt is not installed")
from batch.file import EventFile  # noqa: E402
from batch.members import members  # noqa: E402
from tests.unit.event_files import LOG, exported, row  # noqa: E402 (needs polars)

people = st.dictionaries(st.sampled_from(["a", "b", "c"]), histories, min_size=1)
PLAIN = {
    "t": pl.Enum(["x", "xy", "y", "5"]),
    "currency": pl.Categorical,
    "cart": pl.String,
    "value": pl.Float64,
    "model": pl.String,
    "tags": pl.List(pl.String),
    "deep": pl.Struct({"n": pl.Decimal(20, 3)}),
    "products": pl.List(pl.Struct({"category": pl.String, "price": pl.Int64})),
    "place": pl.Struct({"lat": pl.Float64, "lon": pl.Float64}),
}
KINDS: dict[Any, Callable[[int], Any]] = {
    pl.Int64: int,
    pl.Float64: lambda cents: cents / 100,
    pl.Decimal(30, 2): lambda cents: Decimal(cents) / 100,
}
numeric = st.sampled_from(list(KINDS))
plain = st.fixed_dictionaries(
    {},
    optional={
        "t": st.sampled_from(["x", "xy", "y", "5"]),
        "n": st.integers(-3, 6) | st.sampled_from([100, 150, 500, 3 * 10**14]),
        "total": st.sampled_from([0, 100, 150, 200, 500, -300]),
        "currency": st.sampled_from(["EUR", "jpy", "KWD", "?"]),
        "cart": st.sampled_from(["c1", "c2", ""]),
        "value": st.sampled_from([0.0, 1.5, 5.0, -3.0, 1e9, 0.1]),
        "model": st.sampled_from(["x", "xy"]),
        "tags": st.lists(st.sampled_from(["x", "5"]), max_size=2),
        "deep": st.fixed_dictionaries({"n": st.sampled_from([Decimal("1.5"), Decimal(5), None])}),
        "products": st.lists(
            st.fixed_dictionaries({"category": st.sampled_from(["x", None]), "price": st.sampled_from([100, 500])}),
            max_size=2,
        ),
        "place": st.fixed_dictionaries({"lat": st.sampled_from([52.5201, 52.524, 1.0]), "lon": st.just(13.4)}),
    },
)


def everybody(nodes, frame, now):
    """Who is in what, by the file; read a few rows at a time."""
    found = {}
    for ids, masks in members(nodes, EventFile(frame.lazy()), now, size=3):
        for place, person in enumerate(ids.to_list()):
            found[person] = {name for name, mask in masks.items() if mask[place]}
    return found


def one_by_one(nodes, events, now):
    """Who is in what, by the engine."""
    catalogue = engine.compile_catalogue(nodes, active=nodes)
    known = {person: [event for event in history if event.time <= now] for person, history in events.items()}
    return {
        person: set(engine.rebuild(history, catalogue, now, person).memberships)
        for person, history in known.items()
        if history
    }


@thorough
@given(segments, people, st.integers(0, 90))
def test_the_members_are_those_whom_the_engine_finds(nodes, told, later):
    now = START + later
    assert one_by_one(nodes, told, now) == everybody(nodes, exported(told), now)


@thorough
@given(segments, st.lists(st.tuples(st.sampled_from("abc"), histories, plain), max_size=6), numeric, st.integers(0, 90))
def test_columns_of_one_kind_each_are_read_as_the_engine_reads_values(nodes, told, kind, later):
    events: dict[str, list[Any]] = {}
    rows, now = [], START + later
    for number, (person, history, said) in enumerate(told):
        properties = said | {name: KINDS[kind](said[name]) for name in ("total", "n") if name in said}
        for first in history:
            event = replace(first, sort=f"{first.sort}-{number}", properties=decimals(properties))
            rows.append({**row(person, event), **properties})
            events.setdefault(person, []).append(event)
    kinds = {name: each for name, each in LOG.items() if name != "properties"}
    frame = pl.DataFrame(rows, {**kinds, **PLAIN, "total": kind, "n": kind})
    assert one_by_one(nodes, events, now) == everybody(nodes, frame, now)


def decimals(value):
    if isinstance(value, float):
        return Decimal(repr(value))
    return {name: decimals(inner) for name, inner in value.items()} if isinstance(value, dict) else value
