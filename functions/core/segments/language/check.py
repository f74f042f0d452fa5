"""Validation of a condition's JSON, reporting every fault; a condition that passes cannot fail at evaluation."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base.errors import Fault
from functions.core.base.spelling import nearest
from functions.core.segments.operator import Node, Operator, Problem, seconds
from functions.core.segments.registry import operators

DEEPEST = 32
LARGEST = 500
LONGEST_CONDITION = 65_536
DAY = 86_400


def check(
    node: Any,
    known_segments: Mapping[str, Any] | set[str] | frozenset[str] | None = None,
    retention_days: int | None = None,
) -> list[Fault]:
    """Return the faults of a condition's JSON, each with its path in the JSON as ``where``.

    References to segments are checked only if ``known_segments`` is given. With ``retention_days``, the log's
    retention, windows that reach beyond it are faults.
    """
    faults = [_fault(*problem) for problem in problems(node, known_segments)]
    if faults or retention_days is None:
        return faults
    return [_fault(*problem) for problem in beyond(node, retention_days)]


def _fault(problem: Problem, path: str) -> Fault:
    node, field, message, hint = problem
    where = f"{path}.{field}" if field in node else path
    return Fault(f"{field}: {message}" if field else message, where=where, suggestion=hint)


def beyond(node: Node, retention_days: int, path: str = "when") -> Iterator[tuple[Problem, str]]:
    """Yield clauses of a checked condition that look back further than the log's retention, with their nodes' paths."""
    operator = operators()[node["op"]]
    for name, field in operator.fields.items():
        if field.looks_back and name in node:
            text = node[name]
            far, *near = [text] if isinstance(text, str) else text
            if message := too_far(far, retention_days):
                hint = f"{retention_days} days"
                yield (
                    Problem(node, name, message, " and ".join([hint, *near]) if _fits(near, retention_days) else None),
                    path,
                )
    for place, child in operator.inside(node).items():
        yield from beyond(child, retention_days, f"{path}.{place}")


def too_far(span: str, retention_days: int) -> str | None:
    """A message if events must be known over a span longer than the log's retention, else None."""
    if seconds(span) <= retention_days * DAY:
        return None
    days = f"{retention_days} days"
    return (
        f"the log keeps {days} (LOG_RETENTION_DAYS), so what happened up to {span} ago is not known; say {days} at most"
    )


def _fits(near: list[str], retention_days: int) -> bool:
    return all(seconds(span) < retention_days * DAY for span in near)


def problems(node: Any, segments: Any = None) -> Iterator[tuple[Problem, str]]:
    """Yield each problem of the JSON with the path of its node."""
    first_pass = list(_problems(node, segments, "when", 1, frozenset()))
    yield from first_pass
    if not first_pass and (size := _size(node, {})) > LARGEST:
        message = f"this is {size} conditions, names counted wherever they stand; there may be {LARGEST}"
        yield Problem(node, "", message), "when"


def _problems(node: Any, segments: Any, path: str, depth: int, names: frozenset[str]) -> Iterator[tuple[Problem, str]]:
    if depth > DEEPEST:
        yield Problem({}, "", f"conditions are nested more than {DEEPEST} deep"), path
        return
    if not isinstance(node, Mapping):
        yield Problem({}, "", 'a condition is an object with "op"'), path
        return
    operator = operators().get(node["op"]) if isinstance(node.get("op"), str) else None
    if operator is None:
        message = f"{node.get('op')!r} is not an operator; there are {', '.join(sorted(operators()))}"
        yield Problem(node, "op", message, nearest(node.get("op"), operators())), path
        return
    own = [*_own(operator, node)] or [*_lost(node, segments, names, depth)]
    yield from ((problem, path) for problem in own)
    if any(problem.field != "segment" for problem in own):
        return
    for place, child in operator.inside(node).items():
        yield from _problems(child, segments, f"{path}.{place}", depth + 1, names)
        names |= {place.removeprefix("names.")} if place.startswith("names.") else set()


def _lost(node: Node, segments: Any, names: frozenset[str], depth: int) -> Iterator[Problem]:
    """Yield references to unknown segments or names, and a ``let`` that is not at the top."""
    if node["op"] == "in segment" and segments is not None and node["segment"] not in segments:
        message = f"there is no segment {node['segment']!r}"
        yield Problem(node, "segment", message, nearest(node["segment"], segments))
    if node["op"] == "name" and node["name"] not in names:
        message = f"{node['name']} is not a name that was given above"
        yield Problem(node, "name", message, nearest(node["name"], names))
    if node["op"] == "let" and depth > 1:
        yield Problem(node, "", "let stands before the whole condition")


def _size(node: Node, sizes: dict[str, int]) -> int:
    """The number of conditions in a checked node, counting what a name stands for at every use."""
    if node["op"] == "name":
        return sizes[node["name"]]
    total = 0
    for place, child in operators()[node["op"]].inside(node).items():
        size = _size(child, sizes)
        if place.startswith("names."):
            sizes[place.removeprefix("names.")] = size
        else:
            total += size
    return total if node["op"] == "let" else total + 1


def _own(operator: Operator, node: Node) -> Iterator[Problem]:
    """Yield faults of the node itself: those of its fields, or, if there are none, those of their combination."""
    faults = [*_unknown(operator, node), *_fields(operator, node)]
    yield from faults
    if not faults:
        yield from operator.check(node)


def _unknown(operator: Operator, node: Node) -> Iterator[Problem]:
    for name in node:
        if name != "op" and name not in operator.fields:
            yield Problem(node, name, f"is not part of “{operator.title}”", nearest(name, operator.fields))


def _fields(operator: Operator, node: Node) -> Iterator[Problem]:
    for name, field in operator.fields.items():
        if name in node:
            yield from (Problem(node, name, message, hint) for message, hint in field.check(node[name]))
        elif field.required:
            yield Problem(node, name, f"is missing from “{operator.title}”", name)


def references(node: Node) -> set[str]:
    """The segments that a condition refers to."""
    inner = operators()[node["op"]].children(node)
    own = {str(node["segment"])} if node["op"] == "in segment" else set()
    return own.union(*map(references, inner))


def reached(segment: str, conditions: Mapping[str, Node]) -> set[str]:
    """The segments, of those with conditions, that a segment refers to, directly or indirectly."""
    names: set[str] = set()
    waiting = [segment]
    while waiting:
        fresh = (references(conditions[waiting.pop()]) & conditions.keys()) - names
        names |= fresh
        waiting += fresh
    return names
