"""Where in a text the parts of a condition stand: carried along while it is parsed, then noted beside its JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lark import Token

from functions.core.base.errors import Fault
from functions.core.segments.language.check import beyond
from functions.core.segments.operator import Problem

Place = tuple[int, int]


class Part(dict[str, Any]):
    """A piece of JSON that knows where in the text it stands, and how deep brackets nest in it.

    ``places`` are those of what its keys hold, ``clauses`` those of the words that begin to say it.
    """

    place: Place | None = None
    places: Mapping[str, Place] = {}
    clauses: Mapping[str, Place] = {}
    depth = 0


Places = dict[tuple[int, str], Place]


class Parsed(NamedTuple):
    """A node, and where the fields of its nodes stand: (id of node, field) -> (line, column)."""

    node: dict[str, Any]
    places: Places
    clauses: Places

    def fault(self, problem: Problem, path: str) -> Fault:
        """The problem with its place."""
        where, field, message, hint = problem
        line, column = self.places.get((id(where), field)) or self.places.get((id(where), "")) or (1, 1)
        return Fault(f"{field}: {message}" if field else message, path, line, column, hint)

    def beyond(self, retention_days: int) -> list[Fault]:
        """What looks back further than the log does, each with the place of its clause."""
        problems = beyond(self.node, retention_days)
        return [Parsed(self.node, self.places | self.clauses, {}).fault(*each) for each in problems]


def place_of(value: Any) -> Place | None:
    """Where a token, a part or the first of several stands."""
    if isinstance(value, Token) and value.line is not None and value.column is not None:
        return value.line, value.column
    if isinstance(value, list):
        return next((place for place in map(place_of, value) if place), None)
    return value.place if isinstance(value, Part) else None


def of_values(built: Mapping[str, Any], children: Sequence[Any], own: Place | None) -> dict[str, Place]:
    """Where each key came from: its own words, or the part that brought it."""
    places = {}
    for key, value in built.items():
        parts = (child for child in children if isinstance(child, Part) and child.get(key) is value)
        bringing = next((child.places.get(key) for child in parts), None)
        place = place_of(value) or bringing or own
        if place:
            places[key] = place
    return places


def of_clauses(built: Mapping[str, Any], children: Sequence[Any], own: Place | None) -> dict[str, Place]:
    """Where what is said of each key begins: in the part that brought it, or here."""
    parts = [child for child in children if isinstance(child, Part)]
    brought = {key: place for part in parts for key, place in part.clauses.items() if part.get(key) is built.get(key)}
    return {key: place for key in built if (place := brought.get(key, own))}


def noted(tree: Any) -> Parsed:
    """The JSON of what was parsed, its places beside it."""
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
