"""The kinds of definition by name, and what one of them means in a sentence; light enough for every request."""

from typing import get_args

from functions.core.base.errors import Fault, NotFound
from functions.core.definitions.records import Definition, Kind
from functions.core.flows.sentence import sentence as of_flow
from functions.core.scores import rule_text
from functions.core.segments.language.describe import people as of_people
from functions.core.segments.language.event_labels import PLAIN, Style
from functions.core.segments.language.fields import nearest

# What the engine itself keeps is not for the API.
SYSTEM = ("borders",)
KINDS: tuple[str, ...] = tuple(sorted(kind for kind in get_args(Kind) if kind not in SYSTEM))


def known(kind: str) -> str:
    """The kind, if there is one of that name; raises NotFound with those there are."""
    if kind not in KINDS:
        message = f"no such kind; there are {', '.join(KINDS)}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, KINDS)))
    return kind


def sentence(definition: Definition, style: Style = PLAIN) -> dict[str, str]:
    """What a segment, a score or a flow means in English; nothing for the other kinds."""
    if definition.kind == "scores":
        return {"sentence": "; ".join(rule_text.sentence(rule, style) for rule in definition.body["rules"])}
    if definition.kind == "flows":
        return {"sentence": of_flow(definition.body, style)}
    if definition.kind != "segments":
        return {}
    return {"sentence": of_people(definition.body["when"], style)}
