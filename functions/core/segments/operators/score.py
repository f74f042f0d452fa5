"""score, tier of: the points of a score, and the tier they are in."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.base.instants import FOREVER
from functions.core.scores import rule_text
from functions.core.scores.compiled_score import Band, CompiledScore, points
from functions.core.segments.language import fields, formatting
from functions.core.segments.operator import Condition, Field, Node, Operator, View
from functions.core.segments.parts.sealed import worst
from functions.core.timelines.entry import EXACT
from functions.core.timelines.filters import constant

_HUNDRED = Decimal(100)
_BANDS: Mapping[str, Callable[[Decimal], Band]] = {
    "=": lambda limit: Band(limit, limit),
    "!=": lambda limit: Band(limit, limit, within=False),
    ">=": lambda limit: Band(limit, FOREVER),
    "<": lambda limit: Band(limit, FOREVER, within=False),
    "<=": lambda limit: Band(-FOREVER, limit),
    ">": lambda limit: Band(-FOREVER, limit, within=False),
}


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    """Compile the node; false if no definition is linked to it (references to unknown scores are refused at save)."""
    if "definition" not in node:
        return Condition((), lambda view: -FOREVER)
    measure = CompiledScore(node["definition"])
    band = _band(node, measure)
    return Condition(measure.specs, lambda view: measure.verdict(band, view), foresees=True)


def _band(node: Node, measure: CompiledScore) -> Band:
    """The scores that the condition accepts."""
    if node["op"] == "tier":
        return measure.band(node["tier"])
    threshold = EXACT.multiply(constant(node["value"]), _HUNDRED)
    return _BANDS[node["compare"]](threshold)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    if "definition" not in node:
        return {}
    measure, rules = CompiledScore(node["definition"]), node["definition"]["rules"]
    worth, _ = measure.at(view, view.now)
    explained = [
        {"rule": rule_text.text(rule), "points": str(part)}
        for rule, part in zip(rules, measure.parts(view), strict=True)
    ]
    bounded = worst(rule.facts(view) for rule in measure.rules)
    return {"score": str(points(worth)), "tier": measure.tier(worth), "rules": explained, **bounded}


def _score_sentence(node: Node) -> str:
    return f"whose score {formatting.value_words(node['score'])} {formatting.comparison_sentence(node)}"


def _by_score(node: Node) -> str:
    return f"{formatting.value_words(node['tier'])} by score {formatting.value_words(node['score'])}"


OPERATORS = (
    Operator(
        key="score",
        title="score",
        meaning="Compares the points of a score, a definition of its own (`docs/scores.md`). Points change with events "
        "and with time alone, and the condition with them, to the second.",
        examples=("score engagement >= 50", 'score "churn-risk" < 12.5'),
        grammar=rf"""
score: (_have? "score" | _WHOSE_SCORE) property compared_number
_WHOSE_SCORE.2: /whose\s+score{formatting.NAMED_NEXT}/i
""",
        leaves=("score",),
        rules={
            "score": lambda parts: {"op": "score", "score": parts[0], **parts[1]},
        },
        text=lambda node: f"score {formatting.path(node['score'])} {formatting.compared(node)}",
        sentence=_score_sentence,
        fields={
            "score": Field(fields.text, required=True),
            "compare": Field(fields.number_compare, required=True),
            "value": Field(fields.number, required=True),
        },
        compile=_compile,
        explain=_explain,
    ),
    Operator(
        key="tier",
        title="tier of",
        meaning="Holds while the points of a score lie in one of its tiers: from the tier's threshold up to the next "
        "higher one. Below the lowest threshold somebody is in no tier. `is not` is short for `not tier of`. Every "
        "tier is a segment too: `engagement-hot`.",
        examples=('tier of engagement is "hot"', 'not tier of engagement is "cold"'),
        grammar="""
tier: "tier of" property "is" string
tier_by: "are" string "by score" property
tier_not_by: "are not" string "by score" property
tier_not: "tier of" property "is not" string
""",
        leaves=("tier", "tier_by", "tier_not", "tier_not_by"),
        rules={
            "tier": lambda parts: {"op": "tier", "score": parts[0], "tier": parts[1]},
            "tier_by": lambda parts: {"op": "tier", "score": parts[1], "tier": parts[0]},
            "tier_not_by": lambda parts: {"op": "not", "of": {"op": "tier", "score": parts[1], "tier": parts[0]}},
            "tier_not": lambda parts: {"op": "not", "of": {"op": "tier", "score": parts[0], "tier": parts[1]}},
        },
        text=lambda node: f"tier of {formatting.path(node['score'])} is {formatting.quoted(node['tier'])}",
        sentence=lambda node: f"are {_by_score(node)}",
        negation=lambda node: f"are not {_by_score(node)}",
        fields={"score": Field(fields.text, required=True), "tier": Field(fields.text, required=True)},
        compile=_compile,
        explain=_explain,
    ),
)
