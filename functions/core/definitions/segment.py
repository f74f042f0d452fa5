"""The text format of a segment, and the checked body that is stored.

id: lapsed
name: Lapsed customers
description: Bought before, but not for 90 days.     # optional
announce: true             # optional: its changes are sent to the event bus as they happen
audience: visitor          # optional: the shop's page may ask whether its visitor is in it; or only: person
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

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from functions.core.base.model import Id, Strict, Whole, Words
from functions.core.base.model_faults import Says
from functions.core.definitions.example_models import FEW, SegmentExample, stored
from functions.core.definitions.loading import load
from functions.core.segments.language.condition_field import Condition, Reading
from functions.core.segments.language.event_labels import SHIPPED, Labels

# Who is told by the audience API: whoever names the visitor's device, or only whoever proves to be the person.
Audience = Literal["visitor", "person"]
_AUDIENCE_SAYS = (
    "audience is visitor, for whoever names the visitor's device, or person, for the person alone whom the shop's "
    "server signs"
)


class Segment(Whole):
    """A named condition."""

    model_config = ConfigDict(title="Segue segment")
    what: ClassVar[str] = "a segment"

    id: Id
    name: Words | None = None
    description: Words | None = None
    strict: Strict = None
    announce: Annotated[bool, Field(description="its changes go to the event bus at their instant")] = False
    audience: Annotated[
        Audience | None,
        Says(_AUDIENCE_SAYS, "visitor", when_missing=False),
        Field(description="whom the audience API tells who is in it: `visitor`, `person`, or nobody without it"),
    ] = None
    when: Annotated[Condition, Says("a segment needs a condition", 'when: did "Order Completed"')]
    examples: Annotated[list[SegmentExample] | None, *FEW] = None

    def body(self) -> dict[str, Any]:
        """The body as it is stored, the condition as JSON."""
        texts = {
            "description": self.description or None,
            "announce": self.announce or None,
            "audience": self.audience,
            "strict": self.strict,
        }
        return {
            "id": self.id,
            "name": self.name or self.id,
            "when": self.when,
            **{key: value for key, value in texts.items() if value is not None},
            "examples": stored(self.examples),
        }


def load_segment(
    source: str | Mapping[str, Any], retention_days: int | None = None, words: Labels = SHIPPED
) -> dict[str, Any]:
    """The body of a segment, ``when`` as JSON; raises DefinitionRefused with every fault and its position.

    With ``retention_days``, the log's retention, clauses that look back further are faults. References to segments are
    not checked and examples are not run.
    """
    return load(Segment, source, Reading(retention_days, words))
