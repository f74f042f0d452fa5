"""trait: the latest value of a trait."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments.language import fields, filter_fields, formatting
from functions.core.segments.operator import Condition, Field, Node, Operator, Problem, View
from functions.core.timelines.entry import statement
from functions.core.timelines.filters import comparison
from functions.core.timelines.spec import TimelineSpec


def _spec(node: Node) -> TimelineSpec:
    return TimelineSpec(trait=node["trait"])


def _value(view: View, timeline: str) -> Any:
    entries = view.entries(timeline)
    return statement(entries[-1]) if entries else None


def _test(node: Node) -> Callable[[Any], bool]:
    if node["compare"] in ("exists", "missing"):
        expected = node["compare"] == "exists"
        return lambda value: (value is not None) is expected
    return comparison(node["compare"], node["value"])


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    spec, test = _spec(node), _test(node)

    def verdict(view: View) -> Instant:
        return FOREVER if test(_value(view, spec.id)) else -FOREVER

    return Condition((spec,), verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    entries = view.entries(_spec(node).id)
    return {
        "said": entries[-1].time if entries else None,
        "known": bool(entries) and _value(view, _spec(node).id) is not None,
    }


def _check(node: Node) -> list[Problem]:
    return [Problem(node, "value", message, hint) for message, hint in filter_fields.agreement(node)]


def _sentence(node: Node) -> str:
    return f"whose {formatting.path_words(node['trait'])} {formatting.comparison_sentence(node)}"


OPERATORS = (
    Operator(
        key="trait",
        title="trait",
        meaning="Compares the latest statement of a trait by whoever is trusted most: the shop's servers and "
        "storefront, then the person, then a page. Text, numbers and booleans are compared with their own kind only; "
        "dates are text in ISO form, so that `<` and `>` order them. A trait that is missing, null or of another type "
        "satisfies no comparison, `!=` included. `contains` finds a part of a text or a member of a list. Text of more "
        "than about a thousand characters exists but satisfies no comparison.",
        examples=(
            'trait plan = "pro"',
            'trait country in ("NL", "BE")',
            'trait address.city starts with "Rot"',
            "trait vip = true",
            "trait age >= 18",
            'trait tags contains "vip"',
            "trait phone exists",
            'trait birthday < "2000-01-01"',
        ),
        grammar="""
trait: _trait property comparison | TRAIT_SAID comparison
_trait: "trait" | "whose"
""",
        leaves=("trait",),
        rules={"trait": lambda parts: {"op": "trait", "trait": parts[0], **parts[1]}},
        text=lambda node: f"trait {formatting.path(node['trait'])} {formatting.compared(node)}",
        sentence=_sentence,
        fields={
            "trait": Field(fields.path, required=True),
            "compare": Field(fields.compare, required=True),
            "value": Field(fields.scalars),
        },
        compile=_compile,
        check=_check,
        explain=_explain,
    ),
)
