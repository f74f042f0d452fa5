"""The kinds of definition: how each is read and checked, what it refers to, and what a new one must not break."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.core.document import Document, read
from functions.core.errors import DefinitionRefused, Fault, Malformed
from functions.core.flows import definition as flows
from functions.core.kinds import known
from functions.core.messages import definition as templates
from functions.core.ports import Definition
from functions.core.segments import definition as segments
from functions.core.segments import examples
from functions.core.segments.check import references
from functions.core.segments.fields import nearest

Body = dict[str, Any]
Needs = Mapping[str, set[str]]
Conditions = Mapping[str, Mapping[str, Any]]
Everything = dict[tuple[str, str], Mapping[str, Any]]
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class KindRecord:
    """One kind: ``load`` reads a text into a checked body, ``references`` names what the body needs, by kind."""

    load: Callable[[str], Body]
    references: Callable[[Mapping[str, Any]], Needs]


KINDS: Mapping[str, KindRecord] = {
    "templates": KindRecord(templates.load_template, lambda body: {}),
    "segments": KindRecord(segments.load_segment, lambda body: {"segments": set(segments.references(body))}),
    "flows": KindRecord(flows.load_flow, flows.references),
}


def check(kind: str, name: str, text: str, current: Iterable[Definition]) -> Body:
    """The checked body of a text that is to become current; raises DefinitionRefused with every fault in its place."""
    record = KINDS[known(kind)]
    if not ID.fullmatch(name) or len(name) > LONGEST_ID:
        raise Malformed(Fault(f"an id is lower-case words joined by hyphens, at most {LONGEST_ID} characters", "id"))
    return _checked(record, kind, name, named(text, name), current)


def _checked(record: KindRecord, kind: str, name: str, text: str, current: Iterable[Definition]) -> Body:
    document = read(text)
    faults = [] if document.body["id"] == name else [_other_id(document, name)]
    try:
        body = record.load(text)
    except DefinitionRefused as refused:
        rest = [each for each in refused.faults if not faults or each.where != "id"]
        raise DefinitionRefused(*_in_order([*faults, *rest])) from None
    others: Everything = {(each.kind, each.id): each.body for each in current if (each.kind, each.id) != (kind, name)}
    faults += _missing(name, record.references(body), document, others | {(kind, name): body})
    if not faults and kind == "segments":
        conditions = {inner: other["when"] for (each, inner), other in others.items() if each == "segments"}
        faults += _circles(name, document, conditions | {name: body["when"]})
        faults = faults or [*_examples(body, document, conditions), *_broken(body, document, others, conditions)]
    if faults:
        raise DefinitionRefused(*_in_order(faults))
    return body


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))


def named(text: str, name: str) -> str:
    """The text with the id that it leaves to the path; nothing that is there moves."""
    body = read(text).body
    if "id" in body:
        return text
    if text.lstrip().startswith("{"):
        head = text.rstrip().removesuffix("}")
        return f'{head}{"," if body else ""} "id": {json.dumps(name)}}}'
    return f"{text.rstrip()}\nid: {name}\n"


def _other_id(document: Document, name: str) -> Fault:
    return document.place(Fault("this is not the id in the path", "id", suggestion=name))


def _missing(name: str, needs: Needs, document: Document, there: Everything) -> Iterator[Fault]:
    for kind, wanted in needs.items():
        known_names = [each for of, each in there if of == kind]
        for other in sorted(wanted - set(known_names)):
            message = f"there is no {kind.removesuffix('s')} {other!r}"
            yield document.mention(other, message, nearest(other, [each for each in known_names if each != name]))


def _circles(name: str, document: Document, conditions: Conditions) -> Iterator[Fault]:
    path = _way_back(name, name, conditions, set())
    if path:
        yield document.mention(path[0], f"this goes round in a circle: {' -> '.join((name, *path))}")


def _way_back(start: str, goal: str, conditions: Conditions, seen: set[str]) -> list[str]:
    for inner in sorted(references(conditions[start])):
        if inner == goal:
            return [inner]
        if inner in seen:
            continue
        seen.add(inner)
        if rest := _way_back(inner, goal, conditions, seen):
            return [inner, *rest]
    return []


def _examples(body: Body, document: Document, conditions: Conditions) -> Iterator[Fault]:
    yield from map(document.place, examples.run(body, conditions))


def _broken(body: Body, document: Document, others: Everything, conditions: Conditions) -> Iterator[Fault]:
    """Examples of other current segments that would fail with this one changed."""
    changed = {**conditions, body["id"]: body["when"]}
    for (kind, name), other in sorted(others.items()):
        if kind == "segments" and body["id"] in _reached(name, changed):
            for fault in examples.run(other, {each: node for each, node in changed.items() if each != name}):
                message = f"this would break segment {name!r}, which is current: {fault.message}"
                yield document.place(Fault(message, "when", suggestion=f"publish a changed {name!r} first"))


def _reached(name: str, conditions: Conditions) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = references(conditions[waiting.pop()]) - found
        found |= fresh
        waiting += fresh
    return found
