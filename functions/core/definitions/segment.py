"""The text of a segment: what may stand in it, and the checked body that is stored.

id: lapsed
name: Lapsed customers
description: Bought before, but not for 90 days.     # optional
announce: true             # optional: its changes go to the event bus at their instant
when: |                    # text of the language, or the JSON of a condition
  last "Order Completed" more than 90 days ago
examples:
  - name: bought long ago
    events:
      - {at: -100d, event: Order Completed, total: 50}
      - {at: -100d, traits: {plan: pro}}
    at: +10m               # optional: evaluate later
    expect: in
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.keys import ID_SAYS, is_id, meant
from functions.core.definitions import examples
from functions.core.definitions.document import checked
from functions.core.definitions.vocabulary.check import strictness
from functions.core.segments.language import parser
from functions.core.segments.language.check import check
from functions.core.segments.language.check import references as named
from functions.core.segments.language.event_labels import SHIPPED, Labels
from functions.core.segments.language.named import Groups, resolve

LONGEST_NAME = 200
KEYS = ("id", "name", "description", "announce", "when", "examples", "strict")


def load_segment(
    given: str | Mapping[str, Any], retention_days: int | None = None, words: Labels = SHIPPED
) -> dict[str, Any]:
    """The body of a segment, ``when`` as JSON; raises DefinitionRefused with every fault in its place.

    With the log's retention, clauses that look back further are faults. Segments that it refers to are not looked up,
    and its examples are not run: see ``refuse``.
    """
    return checked(given, partial(_body, retention_days, words))


def _body(retention_days: int | None, words: Labels, given: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    for name in given:
        if name not in KEYS:
            faults.append(Fault(f"{name!r} is not part of a segment", str(name), suggestion=meant(name, KEYS)))
    segment = given.get("id")
    if not is_id(segment):
        hint = re.sub(r"[^a-z0-9]+", "-", str(segment).lower()).strip("-") if isinstance(segment, str) else None
        faults.append(Fault(ID_SAYS, "id", suggestion=hint or None))
    announce = given.get("announce", False)
    if not isinstance(announce, bool):
        faults.append(Fault("announce is true or false", "announce", suggestion="true"))
    faults.extend(examples.check(given.get("examples") or []))
    body = {
        "id": segment,
        "name": _words(given, "name", faults) or segment,
        "when": _condition(given, faults, retention_days, words),
    }
    if description := _words(given, "description", faults):
        body["description"] = description
    if announce:
        body["announce"] = True
    return body | strictness(given, faults) | {"examples": given.get("examples") or []}


def _words(given: Mapping[str, Any], key: str, faults: list[Fault]) -> str | None:
    found = given.get(key)
    if found is None:
        return None
    if not isinstance(found, str | int) or len(str(found)) > LONGEST_NAME:
        faults.append(Fault(f"{key} is text of at most {LONGEST_NAME} characters", key))
    return str(found)


def _condition(given: Mapping[str, Any], faults: list[Fault], retention_days: int | None, words: Labels) -> Any:
    when = given.get("when")
    if isinstance(when, Mapping):
        faults.extend(check(when, None, retention_days))
        return when
    if not isinstance(when, str):
        faults.append(Fault("a segment needs a condition", "when", suggestion='when: did "Order Completed"'))
        return None
    try:
        node, found = parser.read(when, None, retention_days, words=words)
    except DefinitionRefused as refused:
        faults.extend(refused.faults)
        return None
    faults.extend(found)
    return node


def references(body: Mapping[str, Any]) -> set[str]:
    """The segments that the segment refers to."""
    return named(body["when"])


def refuse(
    body: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]], groups: Groups | None = None
) -> list[Fault]:
    """What is wrong with a loaded segment among the others' conditions and the named events.

    That is references that are unknown, or examples that fail.
    """
    known = groups or {}
    return check(body["when"], {*others, body["id"]}) or examples.run(resolve(body, known), resolve(others, known))
