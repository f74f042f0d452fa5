"""What is wrong with a condition's JSON, every fault of it; what passes here cannot fail at evaluation."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.errors import Fault
from functions.core.segments.fields import nearest
from functions.core.segments.operator import Node, Operator, Problem
from functions.core.segments.operators import BY_KEY

DEEPEST = 32


def check(node: Any, known_segments: Mapping[str, Any] | set[str] | frozenset[str] | None = None) -> list[Fault]:
    """The faults; ``where`` is the path inside the JSON. Without known segments references are not looked up."""
    return [
        Fault(f"{field}: {message}" if field else message, where=path, suggestion=hint)
        for (_, field, message, hint), path in problems(node, known_segments)
    ]


def problems(node: Any, known: Any = None, path: str = "when", depth: int = 1) -> Iterator[tuple[Problem, str]]:
    """Each problem with the path of its node."""
    if depth > DEEPEST:
        yield Problem({}, "", f"conditions are nested more than {DEEPEST} deep"), path
        return
    if not isinstance(node, Mapping):
        yield Problem({}, "", 'a condition is an object with "op"'), path
        return
    operator = BY_KEY.get(node["op"]) if isinstance(node.get("op"), str) else None
    if operator is None:
        message = f"{node.get('op')!r} is not an operator; there are {', '.join(sorted(BY_KEY))}"
        yield Problem(node, "op", message, nearest(node.get("op"), BY_KEY)), path
        return
    own = list(_own(operator, node))
    yield from ((problem, path) for problem in own)
    if own:
        return
    if operator.key == "in segment" and known is not None and node["segment"] not in known:
        message = f"there is no segment {node['segment']!r}"
        yield Problem(node, "segment", message, nearest(node["segment"], known)), path
    children = operator.children(node)
    for position, child in enumerate(children):
        inner = f"{path}.of[{position}]" if isinstance(node["of"], list) else f"{path}.of"
        yield from problems(child, known, inner, depth + 1)


def _own(operator: Operator, node: Node) -> Iterator[Problem]:
    """Faults of the node itself, fields first: what they hold decides whether the rest can be asked."""
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
    inner = BY_KEY[node["op"]].children(node)
    own = {str(node["segment"])} if node["op"] == "in segment" else set()
    return own.union(*map(references, inner))
