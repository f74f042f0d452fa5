"""The kinds of definition: how each is loaded, what it refers to, and what a new version must not break."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from functions.core.base.errors import DefinitionRefused, Fault, Malformed
from functions.core.base.keys import ID_SAYS, is_id
from functions.core.base.spelling import nearest
from functions.core.definitions import event_group, examples, rates, token_names, wording
from functions.core.definitions import flow as flows
from functions.core.definitions import score as scores
from functions.core.definitions import segment as segments
from functions.core.definitions import template as templates
from functions.core.definitions.document import Document, read
from functions.core.definitions.kinds import known
from functions.core.definitions.records import Definition
from functions.core.definitions.vocabulary.check import Vocabulary, judge
from functions.core.flows.step_ids import identified
from functions.core.scores.link import link, needed, tier_segments, unknown_tiers
from functions.core.segments.language import named
from functions.core.segments.language.check import references
from functions.core.segments.language.event_labels import Labels, event_of_verb, labels_of, said_twice
from functions.core.segments.language.named import Groups, mentioned, resolve

Body = dict[str, Any]
Needs = Mapping[str, set[str]]
Conditions = Mapping[str, Mapping[str, Any]]
Everything = dict[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class KindRecord:
    """One kind of definition.

    ``load`` turns a text into a checked body, given the log's retention in days (None for no limit) and the event
    labels that texts may use. ``references`` returns the ids that the body needs, by kind.
    """

    load: Callable[[str, int | None, Labels], Body]
    references: Callable[[Mapping[str, Any]], Needs]


KINDS: Mapping[str, KindRecord] = {
    "templates": KindRecord(lambda text, days, words: templates.load_template(text), lambda body: {}),
    "events": KindRecord(lambda text, days, words: event_group.load_events(text), lambda body: {}),
    "rates": KindRecord(lambda text, days, words: rates.load_rates(text), lambda body: {}),
    "scores": KindRecord(scores.load_score, lambda body: {"events": mentioned(body["rules"])}),
    "segments": KindRecord(
        segments.load_segment,
        lambda body: {
            "segments": set(segments.references(body)),
            "scores": needed(body["when"]),
            "events": mentioned(body["when"]),
        },
    ),
    "flows": KindRecord(
        flows.load_flow,
        lambda body: {**flows.references(body), "scores": needed(body["steps"]), "events": mentioned(body)},
    ),
}


def check(
    kind: str,
    name: str,
    text: str,
    current: Iterable[Definition],
    retention_days: int | None = None,
    known_names: Vocabulary | None = None,
) -> Body:
    """Return the checked body of a text to be published; raises DefinitionRefused with every fault and its position.

    With ``retention_days``, the log's retention, conditions that look back further are refused. With ``known_names``,
    unknown event, property and trait names are refused where the definition is strict. Raises NotFound for an unknown
    kind and Malformed for an invalid id.
    """
    record = KINDS[known(kind)]
    if not is_id(name):
        raise Malformed(Fault(ID_SAYS, "id"))
    current, full = list(current), with_id(text, name)
    labels = labels_of({each.id: each.body for each in current if each.kind == "events"})
    return _checked(partial(record.load, full, retention_days, labels), kind, name, full, current, known_names)


def _checked(
    load: Callable[[], Body],
    kind: str,
    name: str,
    text: str,
    current: Iterable[Definition],
    known_names: Vocabulary | None,
) -> Body:
    document = read(text)
    faults = [] if document.body["id"] == name else [_other_id(document, name)]
    try:
        body = load()
    except DefinitionRefused as refused:
        rest = [each for each in refused.faults if not faults or each.where != "id"]
        raise DefinitionRefused(*_in_order([*faults, *rest])) from None
    current = list(current)
    others: Everything = {(each.kind, each.id): each.body for each in current if (each.kind, each.id) != (kind, name)}
    there = _with_tiers(others | {(kind, name): body})
    faults += _of_names(kind, body, document, current, known_names) if known_names else []
    faults += _missing(name, KINDS[kind].references(body), document, there)
    faults += _tiers(kind, name, body, document, others, there)
    if not faults and kind == "segments":
        conditions = _conditions(there)
        faults += _circles(name, document, conditions)
        faults = faults or [*_examples(body, document, conditions), *_broken(body, document, others, conditions)]
    if not faults and kind == "scores":
        faults += map(document.place, scores.run(resolve(body, _groups(there))))
        faults = faults or [*_stranded(body, document, others, there)]
    if not faults and kind == "events":
        faults += _said_twice(body, document, others)
        faults += _unsaid(body, document, others, there)
        faults += _misread(body, document, current)
    if faults:
        raise DefinitionRefused(*_in_order(faults))
    if kind == "flows":
        return identified(body, next((each.body for each in current if (each.kind, each.id) == (kind, name)), None))
    return body


def _of_names(
    kind: str, body: Body, document: Document, current: Iterable[Definition], known_names: Vocabulary
) -> list[Fault]:
    """The unknown names that the definition's strictness refuses."""
    if kind == "templates":
        return token_names.judge(str(body["id"]), document, known_names, current)[0]
    return judge(body, document, known_names)[0]


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))


def with_id(text: str, name: str) -> str:
    """The text with ``id`` added if it has none; positions of existing text do not change."""
    body = read(text).body
    if "id" in body:
        return text
    if text.lstrip().startswith("{"):
        head = text.rstrip().removesuffix("}")
        return f'{head}{"," if body else ""} "id": {json.dumps(name)}}}'
    return f"{text.rstrip()}\nid: {name}\n"


def _other_id(document: Document, name: str) -> Fault:
    return document.place(Fault("this is not the id in the path", "id", suggestion=name))


def _with_tiers(definitions: Everything) -> Everything:
    """The definitions, together with the segments that tiers of their scores define."""
    found = [tier_segments(body) for (kind, _), body in definitions.items() if kind == "scores"]
    return {("segments", name): body for tiers in found for name, body in tiers.items()} | definitions


def _conditions(there: Everything) -> dict[str, Mapping[str, Any]]:
    """The conditions of all segments, with the scores and named events that they use linked in."""
    groups = _groups(there)
    known_scores = {name: resolve(body, groups) for (kind, name), body in there.items() if kind == "scores"}
    return {
        name: link(resolve(body["when"], groups), known_scores)
        for (kind, name), body in there.items()
        if kind == "segments"
    }


def _groups(there: Everything) -> Groups:
    return {name: body for (kind, name), body in there.items() if kind == "events"}


def _misread(body: Body, document: Document, current: Iterable[Definition]) -> Iterator[Fault]:
    """Faults for current definitions whose text uses label words that this definition removes or redefines."""
    for other, words in misworded({body["id"]: body}, current):
        message = f"this would break {other.kind.removesuffix('s')} {other.id!r}, whose text says “{words}”"
        hint = f"publish {other.id!r} in other words first, or together with this"
        yield document.place(Fault(message, "label", suggestion=hint))


def misworded(changed: Groups, current: Iterable[Definition], *gone: str) -> list[tuple[Definition, str]]:
    """The current definitions whose text would change its meaning, each with a label's words that it uses.

    The change is that definitions of events are replaced by ``changed``, and those with the ids ``gone`` withdrawn.
    """
    current = list(current)
    groups = {each.id: each.body for each in current if each.kind == "events"}
    after = {name: group for name, group in {**groups, **changed}.items() if name not in gone}
    texts = [each for each in current if each.kind in ("segments", "scores", "flows")]
    return list(wording.misread(texts, labels_of(groups), labels_of(after), _loaded))


def _loaded(definition: Definition, words: Labels) -> Body:
    return KINDS[definition.kind].load(with_id(definition.text, definition.id), None, words)


def _said_twice(body: Body, document: Document, others: Everything) -> Iterator[Fault]:
    """Faults for words of the label that another label also uses, since the parser could recognise only one of them."""
    elsewhere = {name: other for (kind, name), other in others.items() if kind == "events"}
    for where, words, place in said_twice(body, elsewhere):
        yield document.place(Fault(f"“{words}” is what {place} says: words of labels mean one thing", where))


def _unsaid(body: Body, document: Document, others: Everything, there: Everything) -> Iterator[Fault]:
    """Faults for examples of current segments and scores that would fail with the changed named events."""
    conditions, groups = _conditions(there), _groups(there)
    for (kind, name), other in sorted(others.items()):
        faults: list[Fault] = []
        if kind == "scores" and body["id"] in mentioned(other):
            faults = scores.run(resolve(other, groups))
        elif kind == "segments":
            asked = [conditions[each] for each in (name, *_reached(name, conditions))]
            faults = (
                examples.run({**other, "when": conditions[name]}, conditions) if body["id"] in mentioned(asked) else []
            )
        for fault in faults:
            message = f"this would break {kind.removesuffix('s')} {name!r}: {fault.message}"
            yield document.place(Fault(message, "any of"))


def _tiers(
    kind: str, name: str, body: Body, document: Document, others: Everything, there: Everything
) -> Iterator[Fault]:
    """Faults for unknown tiers, and for segments whose id is that of a tier's segment."""
    known_scores = {each: other for (of, each), other in there.items() if of == "scores"}
    if kind != "scores":
        for tier, fault in unknown_tiers(body, known_scores):
            yield document.mention(tier, fault.message, fault.suggestion)
    if kind == "segments" and any(name in tier_segments(score) for score in known_scores.values()):
        yield document.place(Fault("a tier of a score is the segment of this id", "id"))
    for tier, segment in zip(body["tiers"], tier_segments(body), strict=True) if kind == "scores" else ():
        if ("segments", segment) in others:
            yield document.place(Fault(f"there is a segment {segment!r} already", f"tiers.{tier}"))


def _stranded(body: Body, document: Document, others: Everything, there: Everything) -> Iterator[Fault]:
    """Faults for missing tiers of the score that current definitions use, else for their examples that would fail."""
    conditions, changed = _conditions(there), {body["id"]: body}
    lost = [
        (kind, name, message)
        for (kind, name), other in sorted(others.items())
        if kind in KINDS
        for message in [
            *(f"there is no segment {each!r}" for each in _wanted_segments(kind, other) if each not in conditions),
            *(fault.message for _, fault in unknown_tiers(other, changed)),
        ]
    ]
    for kind, name, message in lost or _failing(body["id"], others, conditions):
        yield document.place(Fault(f"this would break {kind.removesuffix('s')} {name!r}: {message}", "rules"))


class _Broken(NamedTuple):
    kind: str
    name: str
    message: str


def _failing(score: str, others: Everything, conditions: Conditions) -> Iterator[_Broken]:
    for (kind, name), other in sorted(others.items()):
        if kind == "segments" and score in needed([conditions[each] for each in (name, *_reached(name, conditions))]):
            for fault in examples.run({**other, "when": conditions[name]}, conditions):
                yield _Broken(kind, name, fault.message)


def _wanted_segments(kind: str, body: Mapping[str, Any]) -> list[str]:
    return sorted(KINDS[kind].references(body).get("segments", ()))


def _missing(name: str, needs: Needs, document: Document, there: Everything) -> Iterator[Fault]:
    for kind, wanted in needs.items():
        known_names = [each for of, each in there if of == kind]
        for other in sorted(wanted - set(known_names)):
            message = named.message(other) if kind == "events" else f"there is no {kind.removesuffix('s')} {other!r}"
            hint = nearest(other, [each for each in known_names if each != name])
            if hint is None and kind == "events":
                hint = event_of_verb(other, labels_of(_groups(there)))
            yield document.mention(other, message, hint)


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
    yield from map(document.place, examples.run({**body, "when": conditions[body["id"]]}, conditions))


def _broken(body: Body, document: Document, others: Everything, conditions: Conditions) -> Iterator[Fault]:
    """Faults for examples of other current segments that would fail with this segment changed."""
    for (kind, name), other in sorted(others.items()):
        if kind == "segments" and body["id"] in _reached(name, conditions):
            for fault in examples.run({**other, "when": conditions[name]}, conditions):
                message = f"this would break segment {name!r}, which is current: {fault.message}"
                yield document.place(Fault(message, "when", suggestion=f"publish a changed {name!r} first"))


def _reached(name: str, conditions: Conditions) -> set[str]:
    names: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = references(conditions[waiting.pop()]) - names
        names |= fresh
        waiting += fresh
    return names
