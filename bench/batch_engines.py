"""Engines that answer for everybody at once: for each segment how many are in it, and the sum of their numbers."""

import time
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from bench.batch_file import KINDS, NOW
from bench.evaluate_peers import expressions, names
from bench.evaluate_segments import DAY, Fact, Leaf, Written, generated
from functions.core.base.events import Event
from functions.core.segments import engine

Checksum = list[tuple[int, int]]
SEGMENTS = 100


def facts_of(segments: list[Written]) -> list[Fact]:
    """Every fact that is asked for, once."""
    return sorted({leaf.fact for one in segments for leaf in one.leaves.values()})


def ours(path: Path) -> Checksum:
    """``batch``, which reads names, categories and totals as any file of events has them."""
    from batch.file import read
    from batch.members import members

    counts, totals = [0] * SEGMENTS, [0] * SEGMENTS
    for ids, member_ids in members(_nodes(), read(path), NOW):
        people = ids.to_numpy()
        for number, inside in enumerate(member_ids.values()):
            counts[number] += int(inside.sum())
            totals[number] += int(people[inside].sum())
    return list(zip(counts, totals, strict=True))


def _nodes() -> dict[str, Any]:
    return {segment.name: segment.node() for segment in generated(SEGMENTS)}


class Sample(NamedTuple):
    """How many people were rebuilt, in how many seconds, and whether ``ours`` says the same of them."""

    people: int
    seconds: float
    same: bool


def sample(path: Path, every: int) -> Sample:
    """Rebuild every so-manieth person."""
    import polars

    from batch.file import EventFile
    from batch.members import members

    events = polars.scan_parquet(path).filter(polars.col("person") % every == 0)
    columns = ("person", "time", "name", "category", "total")
    rows = events.select(columns).collect().rows()
    begin = time.process_time()
    alone = dict(_rebuilt(rows))
    seconds = time.process_time() - begin
    at_once = {
        person: {name for name, inside in people.items() if inside[place]}
        for ids, people in members(_nodes(), EventFile(events), NOW)
        for place, person in enumerate(ids.to_list())
    }
    return Sample(len(alone), seconds, alone == at_once)


def _rebuilt(rows: list[Any]) -> Iterator[tuple[int, set[str]]]:
    catalogue = engine.compile_catalogue(_nodes(), active=_nodes())
    for person, person_rows in groupby(rows, key=itemgetter(0)):
        events = [_event(number, *row) for number, row in enumerate(person_rows)]
        yield person, set(engine.rebuild(events, catalogue, NOW, str(person)).memberships)


def _event(number: int, person: int, at: int, name: str, category: str, total: int | None) -> Event:
    properties: dict[str, Any] = {"category": category} | ({} if total is None else {"total": total})
    return Event(name, at, at, (f"user_id:{person}",), f"{number}", "bench", properties)


def _symbol(leaf: Leaf, called: str) -> str:
    if leaf.fact.measure == "ago":
        return f"({called} > 0 AND {called} <= {NOW - leaf.value * DAY})"
    return f"({called} {leaf.compare} {leaf.value})"


def _sql(source: str) -> str:
    segments = generated(SEGMENTS)
    called = names(facts_of(segments))
    inner = ", ".join(f"{_aggregate(fact)} AS {name}" for fact, name in called.items())
    outer = ", ".join(
        f"sum(CASE WHEN {text} THEN 1 ELSE 0 END), sum(CASE WHEN {text} THEN person ELSE 0 END)"
        for text in expressions(segments, called, {"and": "AND", "or": "OR", "not": "NOT"}, _symbol)
    )
    return f"SELECT {outer} FROM (SELECT person, {inner} FROM {source} GROUP BY person)"


def _aggregate(fact: Fact) -> str:
    chosen = f"kind = {KINDS.index((fact.event, fact.category))}"
    if fact.measure == "ago":
        return f"max(CASE WHEN {chosen} THEN time ELSE 0 END)"
    recent = f"{chosen} AND time > {NOW - fact.days * DAY}"
    return f"sum(CASE WHEN {recent} THEN {'1' if fact.measure == 'count' else 'total'} ELSE 0 END)"


def _paired(row: tuple[Any, ...]) -> Checksum:
    numbers = list(map(int, row))
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def duckdb(path: Path) -> Checksum:
    """One query."""
    import duckdb

    (row,) = duckdb.sql(_sql(f"'{path}'")).fetchall()
    return _paired(row)


def chdb(path: Path) -> Checksum:
    """The same query."""
    import chdb

    return _paired(tuple(str(chdb.query(_sql(f"file('{path}', Parquet)"), "CSV")).strip().split(",")))


def polars(path: Path) -> Checksum:
    """The same in its expressions, by its streaming engine, of numbers no wider than they need to be.

    Of the forms that were tried the fastest: one filter and one group per kind, then joined, takes half as long again.
    """
    import polars

    segments = generated(SEGMENTS)
    facts = facts_of(segments)
    kind, at, one = polars.col("kind"), polars.col("time"), polars.col("person")

    def aggregate(fact: Fact) -> Any:
        chosen = kind == KINDS.index((fact.event, fact.category))
        if fact.measure == "ago":
            return polars.when(chosen).then(at).otherwise(0).max()
        recent = chosen & (at > NOW - fact.days * DAY)
        return recent.sum() if fact.measure == "count" else polars.when(recent).then("total").otherwise(0).sum()

    events = polars.scan_parquet(path).with_columns(polars.col("time", "total").cast(polars.Int32))
    people = events.group_by("person").agg(aggregate(fact).alias(name) for fact, name in names(facts).items())
    sql = expressions(segments, names(facts), {"and": "AND", "or": "OR", "not": "NOT"}, _symbol)
    selected = people.select(
        each.alias(f"{number}{part}")
        for number, inside in enumerate(map(polars.sql_expr, sql))
        for part, each in (("count", inside.sum()), ("sum", one.filter(inside).sum()))
    )
    return _paired(selected.collect(engine="streaming").row(0))


ENGINES: dict[str, Callable[[Path], Checksum]] = {"polars": polars, "duckdb": duckdb, "chdb": chdb}
