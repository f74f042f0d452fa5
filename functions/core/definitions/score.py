"""The text format of a score, and the checked body that is stored.

id: engagement
name: Engagement
rules:
  - +10 when did "Order Completed" within 30 days
  - +5 per "Email Opened" within 90 days at most 25
  - -3 per full week without any of ("Product Viewed", "Order Completed")
tiers:                     # optional: from how many points on; each is a segment, engagement-hot
  warm: 10
  hot: 25
examples:
  - name: bought and read
    events:
      - {at: -3d, event: Order Completed, order_id: "1", total: 20}
      - {at: -1d, event: Email Opened}
    expect: warm           # a tier, or how many points
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, WithJsonSchema

from functions.core.base.errors import Fault
from functions.core.base.keys import ID, LONGEST_ID
from functions.core.base.model import Id, Strict, Whole, Words
from functions.core.base.model_faults import Checked, Complaints, Says
from functions.core.base.spelling import nearest
from functions.core.definitions import examples
from functions.core.definitions.example_models import FEW, Example, offset, stored
from functions.core.definitions.loading import load
from functions.core.scores.check import MOST_POINTS
from functions.core.scores.compiled_score import CompiledScore, points
from functions.core.scores.link import EXAMPLE_BORDERS, link
from functions.core.scores.rule_field import Rule
from functions.core.segments.engine.catalogue import compile_catalogue
from functions.core.segments.engine.evaluation import rebuild
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import fields
from functions.core.segments.language.condition_field import Reading
from functions.core.segments.language.event_labels import SHIPPED, Labels
from functions.core.timelines.filters import constant

MOST_RULES = 50
MOST_TIERS = 20
_TIER_SAYS = "a tier's name is lower-case words joined by hyphens, and short"


def _tier(name: str) -> Complaints:
    if not ID.fullmatch(name):
        yield _TIER_SAYS, None


def _begins(value: Any) -> Complaints:
    if complaint := next(fields.number(value), None):
        yield f"a tier begins at a number of points: {complaint[0]}", "25"
    elif abs(constant(value)) > MOST_POINTS or constant(value) != round(constant(value), 2):
        yield f"points have two decimals at most and go up to {MOST_POINTS:,}", None


def _tier_or_points(value: Any) -> Complaints:
    if not isinstance(value, str) and next(fields.number(value), None):
        yield "expect is a tier, or a number of points", "10"


Tiers = dict[
    Annotated[str, Checked(_tier), Field(json_schema_extra={"pattern": f"^{ID.pattern}$"})],
    Annotated[
        Any, Checked(_begins), WithJsonSchema({"type": "number", "minimum": -MOST_POINTS, "maximum": MOST_POINTS})
    ],
]


class ScoreExample(Example):
    """A short history, and the tier or the points that it comes to."""

    expect: Annotated[
        Any,
        Checked(_tier_or_points),
        WithJsonSchema({"type": ["string", "number"]}),
        Field(description="a tier, or how many points"),
        Says("expect is a tier, or a number of points", "10"),
    ]


class Score(Whole):
    """Points for what somebody does."""

    model_config = ConfigDict(title="Segue score")
    what: ClassVar[str] = "a score"

    id: Id
    name: Words | None = None
    description: Words | None = None
    rules: Annotated[
        list[Rule],
        Field(min_length=1, max_length=MOST_RULES),
        Says(f"a score needs a list of 1 to {MOST_RULES} rules", '- +10 when did "Order Completed" within 30 days'),
    ]
    tiers: Annotated[
        Tiers | None,
        Field(max_length=MOST_TIERS, description="from how many points on; each tier is a segment"),
        Says(f"tiers are up to {MOST_TIERS} names with the points they begin at"),
    ] = None
    strict: Strict = None
    examples: Annotated[list[ScoreExample] | None, *FEW] = None

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterator[Fault]:
        """Yield faults for tiers with equal points or too long a segment id, and examples that expect no known tier."""
        tiers = values.get("tiers")
        tiers = tiers if isinstance(tiers, dict) else {}
        for name, begins in tiers.items():
            if ID.fullmatch(name) and len(f"{values.get('id')}-{name}") > LONGEST_ID:
                yield Fault(_TIER_SAYS, f"tiers.{name}")
            if begins in [other for each, other in tiers.items() if each != name and not isinstance(other, str)]:
                yield Fault("two tiers begin at the same points", f"tiers.{name}")
        yield from _of_no_tier(values.get("examples"), tiers)

    def body(self) -> dict[str, Any]:
        """The body as it is stored, the rules as JSON."""
        texts = {"description": self.description or None, "strict": self.strict}
        return {
            "id": self.id,
            "name": self.name or self.id,
            "rules": self.rules,
            "tiers": self.tiers or {},
            **{key: value for key, value in texts.items() if value is not None},
            "examples": stored(self.examples),
        }


def _of_no_tier(tier: Any, tiers: Mapping[str, Any]) -> Iterable[Fault]:
    """Yield faults for examples that expect a tier that the score does not have."""
    for index, example in enumerate(tier if isinstance(tier, list) else ()):
        expected = example.get("expect") if isinstance(example, dict) else None
        if isinstance(expected, str) and expected not in tiers:
            hint = nearest(expected, tiers) or next(iter(tiers), "10")
            yield Fault("expect is a tier, or a number of points", f"examples[{index}].expect", suggestion=hint)


def load_score(
    source: str | Mapping[str, Any], retention_days: int | None = None, words: Labels = SHIPPED
) -> dict[str, Any]:
    """The body of a score, its rules as JSON; raises DefinitionRefused with every fault and its position.

    With ``retention_days``, the log's retention, rules that look back further are faults. ``words`` are the event
    labels that rules may use.
    """
    return load(Score, source, Reading(retention_days, words))


def run(body: Mapping[str, Any]) -> list[Fault]:
    """Return a fault for each example of a checked score whose result is not the expected one."""
    faults = []
    for index, example in enumerate(body.get("examples", ())):
        events = [examples.event_of(written, place) for place, written in enumerate(example.get("events", ()))]
        now = examples.NOW + offset(example.get("at", 0))
        measure = CompiledScore(
            {"rules": link(body["rules"], {}, {**EXAMPLE_BORDERS, "drawn": now}), "tiers": body["tiers"]}
        )
        catalogue = compile_catalogue({}, timelines=measure.specs)
        state = rebuild([event for event in events if event.time <= now], catalogue, now)
        worth, _ = measure.at(Snapshot(state, catalogue, now), now)
        expectation = example["expect"]
        result = measure.tier(worth) if isinstance(expectation, str) else points(worth)
        if result != (expectation if isinstance(expectation, str) else constant(expectation)):
            sentence = f"comes to {points(worth)} points" + (f", tier {result}" if isinstance(result, str) else "")
            message = f"example {example.get('name', index + 1)!r} {sentence}"
            hint = result if isinstance(result, str) else str(points(worth))
            faults.append(Fault(message, f"examples[{index}].expect", suggestion=hint))
    return faults
