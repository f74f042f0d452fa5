"""References to a definition from current ones, which prevent its withdrawal."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from functions.core.base.errors import Fault
from functions.core.definitions.document import read
from functions.core.definitions.kind import Reliance
from functions.core.definitions.kinds import KINDS
from functions.core.definitions.records import Address, Definition
from functions.core.definitions.registry import kind_of
from functions.core.scores.link import needed
from functions.core.segments.language.named import mentioned
from functions.core.segments.nested import mappings


@dataclass(frozen=True, slots=True)
class Referrer:
    """A reference to a definition in a current one; ``where`` is its path in the text."""

    kind: str
    id: str
    where: str
    line: int | None
    column: int | None


def referrers(withdrawn: Definition, current: Iterable[Definition]) -> list[Referrer]:
    """Every reference that withdrawing the definition would break, those to what it defines included.

    They come by kind, id and place; last what relies on the definition without naming it.
    """
    kind = kind_of(withdrawn.kind)
    addresses = {withdrawn.address, *kind.defines(withdrawn.body)}
    definitions = sorted((each for each in current if each.kind in KINDS), key=lambda each: each.address)
    naming = [
        place for other in definitions if other.address != withdrawn.address for place in _places(other, addresses)
    ]
    relying = map(_referrer, kind.reliances(withdrawn, definitions))
    by_name = {(each.kind, each.id) for each in naming}
    return [*naming, *(each for each in relying if (each.kind, each.id) not in by_name)]


def _referrer(reliance: Reliance) -> Referrer:
    (kind, name), place = reliance.definition.address, reliance.place
    return Referrer(kind, name, place.where, place.line, place.column)


def _places(other: Definition, addresses: Set[Address]) -> Iterator[Referrer]:
    kind = kind_of(other.kind)
    matching = {(of, name) for of, names in kind.references(other.body).items() for name in names} & addresses
    if not matching:
        return
    document = read(other.text)
    for where in [path for path, value in kind.parts(other.body) if _named(value) & matching] or [""]:
        mentions = [document.mention(name, "") for _, name in sorted(matching)]
        exact = next((fault for fault in mentions if where and fault.where.startswith(where)), None)
        yield _referrer(Reliance(other, exact or document.place(Fault("", where))))


def _named(part: Any) -> set[Address]:
    """Kind and id of everything that a part of a body refers to."""
    scores, events = {("scores", name) for name in needed(part)}, {("events", name) for name in mentioned(part)}
    return scores | events | set(_by_key(part))


def _by_key(part: Any) -> Iterator[Address]:
    """Yield what keys with the noun of a kind refer to: ``{"template": "note"}``."""
    for node in mappings(part):
        for key in node.keys() & _nouns().keys():
            if isinstance(node[key], str):
                yield _nouns()[key], node[key]


@cache
def _nouns() -> dict[str, str]:
    return {kind_of(kind).one: kind for kind in KINDS}
