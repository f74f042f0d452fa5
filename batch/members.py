"""Computes the members of segments at one instant, for everybody in a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from batch.evaluator import Evaluator
from batch.file import PART, EventFile
from batch.people import PeopleFrame
from batch.registry import columns
from batch.words import canonical
from functions.core.segments import engine
from functions.core.segments.language.named import definitions_in
from functions.core.segments.operator import Node
from functions.core.segments.parts.source import takes_back
from functions.core.segments.priced import is_priced
from functions.core.segments.registry import operators
from functions.core.timelines import carts
from functions.core.timelines.filters import path_of
from functions.core.timelines.spec import TimelineSpec

# Keys of nodes that no operator implements in columns.
_ALONE = {"if given"}

Found = tuple[pl.Series, Mapping[str, np.ndarray]]


def members(segments: Mapping[str, Node], file: EventFile, now: int, size: int = PART) -> Iterator[Found]:
    """Yield, for each part of the file, its people's ids and per segment a boolean array of its members.

    A person exists from their first event on. Raises DefinitionRefused for references that are unknown or circular.
    """
    catalogue = engine.compile_catalogue(segments)
    alone = {canonical(node): node for segment in segments.values() for node in _leaves(segment) if _is_alone(node)}
    for part in file.parts(now, _properties(catalogue.specs.values()), size):
        people = PeopleFrame(part, file.layout, now)
        evaluator = Evaluator(people, segments, alone)
        yield people.ids, {name: evaluator.segment(name) for name in segments}


def _is_alone(node: Node) -> bool:
    """True if the condition has no columnar implementation.

    So it is if its operator has none, if its events may be taken back, or if its amounts count in one currency only.
    """
    special = bool(node.keys() & _ALONE) or is_priced(node)
    return node["op"] not in columns() or special or any(map(takes_back, definitions_in(node)))


def _leaves(node: Node) -> Iterator[Node]:
    children = operators()[node["op"]].children(node)
    for child in children:
        yield from _leaves(child)
    if not children:
        yield node


def _properties(specs: Iterable[TimelineSpec]) -> set[str]:
    """The properties that any timeline reads, and the currency of amounts."""
    paths = {
        path
        for spec in specs
        for path in (spec.value, spec.by, spec.group, spec.said, spec.without, *_filtered(spec.where))
    }
    paths |= {path for spec in specs if spec.cart for path in carts.PROPERTIES}
    paths |= {path for spec in specs for _, path in spec.occurrence}
    return {"currency", *(path_of(path)[0][0] for path in paths if path is not None)}


def _filtered(where: Any) -> Iterator[str]:
    if where is None:
        return
    for each in where.get("and", where.get("or", ())):
        yield from _filtered(each)
    if "property" in where:
        yield where["property"]
