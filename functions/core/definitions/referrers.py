"""References to a definition from current ones, which prevent its withdrawal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from functions.core.base.errors import Fault
from functions.core.definitions.checks import KINDS, misworded
from functions.core.definitions.document import read
from functions.core.definitions.records import Definition
from functions.core.scores.link import needed, tier_segments
from functions.core.segments.language.named import mentioned
from functions.core.segments.nested import mappings
from functions.core.segments.priced import is_asking


@dataclass(frozen=True, slots=True)
class Referrer:
    """A reference to a definition in a current one; ``where`` is its path in the text."""

    kind: str
    id: str
    where: str
    line: int | None
    column: int | None


def referrers(withdrawn: Definition, current: Iterable[Definition]) -> list[Referrer]:
    """Every reference that withdrawing the definition would break, tiers of a score included, by kind, id and place.

    Rates are not named in texts: every condition on amounts refers to them.
    """
    if withdrawn.kind == "rates":
        return [place for other in _ordered(current) for place in _amounts(other)]
    names = {(withdrawn.kind, withdrawn.id)}
    if withdrawn.kind == "scores":
        names |= {("segments", tier) for tier in tier_segments(withdrawn.body)}
    current = list(current)
    sayings = [_saying(*each) for each in misworded({}, current, withdrawn.id)] if withdrawn.kind == "events" else []
    named = [
        place
        for other in _ordered(current)
        if other.kind in KINDS and (other.kind, other.id) != (withdrawn.kind, withdrawn.id)
        for place in _places(other, names)
    ]
    keys = {(each.kind, each.id) for each in named}
    return [*named, *(each for each in sayings if (each.kind, each.id) not in keys)]


def _saying(other: Definition, words: str) -> Referrer:
    """The place where a text uses words of a label."""
    place = read(other.text).mention(words, "")
    return Referrer(other.kind, other.id, place.where, place.line, place.column)


def _places(other: Definition, names: set[tuple[str, str]]) -> Iterator[Referrer]:
    needs = KINDS[other.kind].references(other.body)
    wanted = {(kind, name) for kind, place_of_fault in needs.items() for name in place_of_fault} & names
    if not wanted:
        return
    document = read(other.text)
    for where in [path for path, part in _parts(other) if _named(part) & wanted] or [""]:
        mentions = [document.mention(name, "") for _, name in sorted(wanted)]
        exact = next((fault for fault in mentions if where and fault.where.startswith(where)), None)
        place_of_fault = exact or document.place(Fault("", where))
        yield Referrer(other.kind, other.id, place_of_fault.where, place_of_fault.line, place_of_fault.column)


def _ordered(current: Iterable[Definition]) -> list[Definition]:
    return sorted(current, key=lambda each: (each.kind, each.id))


def _amounts(other: Definition) -> Iterator[Referrer]:
    """Yield the places where a definition counts amounts."""
    if other.kind in ("segments", "scores", "flows") and is_asking(other.body):
        document = read(other.text)
        for where in [path for path, part in _parts(other) if is_asking(part)]:
            place = document.place(Fault("", where))
            yield Referrer(other.kind, other.id, where, place.line, place.column)


def _parts(definition: Definition) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a body that may refer to others, each with its path in the text."""
    body = definition.body
    for key in ("when", "start", "goal"):
        if key in body:
            yield key, body[key]
    yield from ((f"rules[{index}]", rule) for index, rule in enumerate(body.get("rules", ())))
    yield from ((f"steps[{index}].{step['do']}", step) for index, step in enumerate(body.get("steps", ())))


def _named(part: Any) -> set[tuple[str, str]]:
    """Kind and id of everything that a part refers to."""
    scores, events = {("scores", name) for name in needed(part)}, {("events", name) for name in mentioned(part)}
    return scores | events | set(_steps_and_segments(part))


def _steps_and_segments(part: Any) -> Iterator[tuple[str, str]]:
    for node in mappings(part):
        yield from ((f"{key}s", node[key]) for key in ("segment", "template") if isinstance(node.get(key), str))
