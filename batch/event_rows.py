"""Converts rows into the engine's events, for people who are evaluated one by one."""

from collections.abc import Mapping
from typing import Any

from batch.rows import Layout
from batch.words import read_json
from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, namespace


def event(row: Mapping[str, Any], layout: Layout, place: int = 0) -> Event:
    """The event of a row; without an id its key is made of its ``place``."""
    identifier, _, sort = (row.get("id") or f"{row['person']}|{place:09d}").partition("|")
    if not sort:
        identifier, sort = str(row["person"]), identifier
    return Event(
        name=row["name"],
        time=row["time"],
        received=row["time"],
        identifiers=tuple(map(named, row.get("identifiers") or (identifier,))),
        sort=sort,
        source="file",
        properties=layout.properties(row),
        traits=read_json(row["traits"]) if row.get("traits") else {},
        consent=row.get("consent"),
        natural=row.get("natural"),
        revision=row.get("revision") or 0,
        trust=row.get("trust") or "signed",
        undated=bool(row.get("undated")),
    )


def named(identifier: str) -> str:
    """The identifier, as a ``user_id`` if it has no known namespace."""
    return identifier if namespace(identifier) in NAMESPACES else f"user_id:{identifier}"
