"""The names of the kinds of definition, and English summaries; imports little, since every request loads it."""

from typing import get_args

from functions.core.base.errors import Fault, NotFound
from functions.core.base.spelling import nearest
from functions.core.definitions.records import Definition, Kind
from functions.core.flows.sentence import sentence as of_flow
from functions.core.scores import rule_text
from functions.core.segments.language.describe import people as of_people
from functions.core.segments.language.event_labels import PLAIN, Style

# The engine maintains these itself; the API does not offer them.
SYSTEM = ("borders",)
KINDS: tuple[str, ...] = tuple(sorted(kind for kind in get_args(Kind) if kind not in SYSTEM))


def known(kind: str) -> str:
    """The kind if it exists; raises NotFound, listing the kinds that exist."""
    if kind not in KINDS:
        message = f"no such kind; there are {', '.join(KINDS)}"
        raise NotFound(Fault(message, "kind", suggestion=nearest(kind, KINDS)))
    return kind


def sentence(definition: Definition, style: Style = PLAIN) -> dict[str, str]:
    """The English summary of a segment, score or flow under the key ``sentence``; ``{}`` for the other kinds."""
    if definition.kind == "scores":
        return {"sentence": "; ".join(rule_text.sentence(rule, style) for rule in definition.body["rules"])}
    if definition.kind == "flows":
        return {"sentence": of_flow(definition.body, style)}
    if definition.kind != "segments":
        return {}
    return {"sentence": of_people(definition.body["when"], style)}
