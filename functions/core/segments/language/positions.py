"""Positions in the text (line, column) of a condition's parts: carried through the parse, then kept beside the JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lark import Token

from functions.core.base.errors import Fault
from functions.core.segments.language.check import beyond
from functions.core.segments.operator import Problem

Place = tuple[int, int]


class Part(dict[str, Any]):
    """A piece of JSON with its position in the text and the depth of brackets in it.

    ``places`` holds the position of each key's value, ``clauses`` that of the clause in which each key is written.
    """

    place: Place | None = None
    places: Mapping[str, Place] = {}
    clauses: Mapping[str, Place] = {}
    depth = 0


Places = dict[tuple[int, str], Place]


class Parsed(NamedTuple):
    """A node with positions: (id of the node object, field) -> (line, column)."""

    node: dict[str, Any]
    places: Places
    clauses: Places

    def fault(self, problem: Problem, path: str) -> Fault:
        """The problem as a Fault with line and column."""
        where, field, message, hint = problem
        line, column = self.places.get((id(where), field)) or self.places.get((id(where), "")) or (1, 1)
        return Fault(f"{field}: {message}" if field else message, path, line, column, hint)

    def beyond(self, retention_days: int) -> list[Fault]:
        """The faults for clauses that look back further than the log's retention, each at its clause."""
        problems = beyond(self.node, retention_days)
        return [Parsed(self.node, self.places | self.clauses, {}).fault(*each) for each in problems]


def place_of(value: Any) -> Place | None:
    """The position of a token or part, or of the first one in a list; None if it has none."""
    if isinstance(value, Token) and value.line is not None and value.column is not None:
        return value.line, value.column
    if isinstance(value, list):
        return next((place for place in map(place_of, value) if place), None)
    return value.place if isinstance(value, Part) else None


def of_values(built: Mapping[str, Any], children: Sequence[Any], own: Place | None) -> dict[str, Place]:
    """The position of each key's value: of the value itself, else of the part it came from, else ``own``."""
    places = {}
    for key, value in built.items():
        parts = (child for child in children if isinstance(child, Part) and child.get(key) is value)
        bringing = next((child.places.get(key) for child in parts), None)
        place = place_of(value) or bringing or own
        if place:
            places[key] = place
    return places


def of_clauses(built: Mapping[str, Any], children: Sequence[Any], own: Place | None) -> dict[str, Place]:
    """The position of the clause of each key: recorded in the part that the key came from, else ``own``."""
    parts = [child for child in children if isinstance(child, Part)]
    brought = {key: place for part in parts for key, place in part.clauses.items() if part.get(key) is built.get(key)}
    return {key: place for key in built if (place := brought.get(key, own))}


def noted(tree: Any) -> Parsed:
    """The parse result as plain JSON, with its positions."""
    places: Places = {}
    clauses: Places = {}
    return Parsed(_plain(tree, places, clauses), places, clauses)


def _plain(value: Any, places: Places, clauses: Places) -> Any:
    if isinstance(value, dict):
        node = {key: _plain(inner, places, clauses) for key, inner in value.items()}
        own = place_of(value) or (1, 1)
        part_places, part_clauses = (value.places, value.clauses) if isinstance(value, Part) else ({}, {})
        places.update({(id(node), key): part_places.get(key) or place_of(inner) or own for key, inner in value.items()})
        places[id(node), ""] = own
        clauses.update({(id(node), key): place for key, place in part_clauses.items()})
        return node
    if isinstance(value, list):
        return [_plain(each, places, clauses) for each in value]
    return str(value) if isinstance(value, str) else value
