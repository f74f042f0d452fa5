"""Engines that answer for everybody at once: for each segment how many are in it, and the sum of their numbers."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.batch_file import KINDS, NOW
from bench.evaluate_peers import expressions, names
from bench.evaluate_segments import DAY, Fact, Leaf, Written, generated
from functions.core.events import Event
from functions.core.segments import engine

Checksum = list[tuple[int, int]]
SEGMENTS = 100
PROCESSES = 2


def facts_of(segments: list[Written]) -> list[Fact]:
    """Every fact that is asked for, once."""
    return sorted({leaf.fact for one in segments for leaf in one.leaves.values()})


def ours(path: Path) -> Checksum:
    """Every person's state rebuilt from the events, by processes that share the row groups."""
    import pyarrow.parquet

    groups = range(pyarrow.parquet.ParquetFile(path).num_row_groups)
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        found = list(pool.map(_group, [path] * len(groups), groups))
    return [(sum(count for count, _ in each), sum(total for _, total in each)) for each in zip(*found, strict=True)]


@lru_cache(maxsize=1)
def _catalogue() -> engine.Catalogue:
    return engine.compile_catalogue({segment.name: segment.node() for segment in generated(SEGMENTS)})


def _group(path: Path, group: int) -> Checksum:
    import pyarrow.parquet

    columns = pyarrow.parquet.ParquetFile(path).read_row_group(group).to_pydict()
    catalogue = _catalogue()
    counts, totals = dict.fromkeys(catalogue.segments, 0), dict.fromkeys(catalogue.segments, 0)
    for person, events in _people(columns):
        for name in engine.rebuild(events, catalogue, NOW).memberships:
            counts[name] += 1
            totals[name] += person
    return [(counts[name], totals[name]) for name in catalogue.segments]


def _people(columns: dict[str, list[int]]) -> Iterator[tuple[int, list[Event]]]:
    current, events = columns["person"][0], []
    for number, (person, at, kind, total) in enumerate(zip(*columns.values(), strict=True)):
        if person != current:
            yield current, events
            current, events = person, []
        name, category = KINDS[kind]
        properties: dict[str, Any] = {"category": category, "total": total} if total else {"category": category}
        events.append(Event(name, at, at, (f"email:{person}@mail.example",), f"{number}", "bench", properties))
    yield current, events


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
    """The same in its expressions, by its streaming engine."""
    import polars

    segments = generated(SEGMENTS)
    facts = facts_of(segments)
    kind, time, one = polars.col("kind"), polars.col("time"), polars.col("person")

    def aggregate(fact: Fact) -> Any:
        chosen = kind == KINDS.index((fact.event, fact.category))
        if fact.measure == "ago":
            return polars.when(chosen).then(time).otherwise(0).max()
        recent = chosen & (time > NOW - fact.days * DAY)
        return recent.sum() if fact.measure == "count" else polars.when(recent).then("total").otherwise(0).sum()

    people = polars.scan_parquet(path).group_by("person").agg(
        aggregate(fact).alias(name) for fact, name in names(facts).items()
    )  # fmt: skip
    sql = expressions(segments, names(facts), {"and": "AND", "or": "OR", "not": "NOT"}, _symbol)
    found = people.select(
        each.alias(f"{number}{part}")
        for number, inside in enumerate(map(polars.sql_expr, sql))
        for part, each in (("count", inside.sum()), ("sum", one.filter(inside).sum()))
    )
    return _paired(found.collect(engine="streaming").row(0))


ENGINES: dict[str, Callable[[Path], Checksum]] = {"polars": polars, "duckdb": duckdb, "chdb": chdb}
