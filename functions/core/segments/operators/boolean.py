"""and, or, not: any nesting of conditions."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from functions.core.base.instants import Instant
from functions.core.segments.language.describe import negated, text, words
from functions.core.segments.operator import Check, Condition, Field, Node, Operator, View

_ONE = {"$ref": "#/$defs/condition"}
_SEVERAL = {"type": "array", "items": _ONE, "minItems": 2}


def _members(value: Any) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, list) or len(value) < 2:
        yield "must be a list of two conditions or more", None


def _member(value: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, list):
        yield "must be one condition", None


def _joined(conditions: Sequence[Condition], pick: Callable[..., Instant]) -> Condition:
    verdicts = [condition.verdict for condition in conditions]

    def verdict(view: View) -> Instant:
        return pick([each(view) for each in verdicts])

    return Condition(
        tuple(spec for condition in conditions for spec in condition.specs),
        verdict,
        tuple(name for condition in conditions for name in condition.segments),
        tuple(conditions),
    )


def _and(node: Node, children: Sequence[Condition]) -> Condition:
    return _joined(children, min)


def _or(node: Node, children: Sequence[Condition]) -> Condition:
    return _joined(children, max)


def _not(node: Node, children: Sequence[Condition]) -> Condition:
    (child,) = children
    inner = child.verdict
    return Condition(child.specs, lambda view: -inner(view), child.segments, (child,))


def _text(node: Node) -> str:
    if node["op"] == "not":
        return f"not {_bracketed(node['of'], text)}"
    return f" {node['op']} ".join(_bracketed(each, text) for each in node["of"])


def _sentence(node: Node) -> str:
    if node["op"] != "not":
        return f" {node['op']} ".join(_bracketed(each, words) for each in node["of"])
    inner = node["of"]
    if negation := negated(inner):
        return negation
    text = _bracketed(inner, words)
    return f"are not among those {text}" if text.startswith("whose ") else f"are not among those who {text}"


def _bracketed(node: Node, words: Callable[[Node], str]) -> str:
    return f"({words(node)})" if node["op"] in ("and", "or") else words(node)


OPERATORS = (
    Operator(
        key="and",
        title="and",
        meaning="Holds while every one of the conditions holds. Binds stronger than `or`; brackets say otherwise.",
        examples=('did "Product Viewed" and not did "Order Completed"',),
        grammar="",
        leaves=(),
        rules={"every": lambda parts: {"op": "and", "of": list(parts)}},
        text=_text,
        sentence=_sentence,
        fields={"of": Field(Check(_members, _SEVERAL), required=True)},
        compile=_and,
        children=lambda node: node["of"],
    ),
    Operator(
        key="or",
        title="or",
        meaning="Holds while at least one of the conditions holds.",
        examples=('did "Store Entered" or (did "Product Viewed" and trait plan = "pro")',),
        grammar="",
        leaves=(),
        rules={"some": lambda parts: {"op": "or", "of": list(parts)}},
        text=_text,
        sentence=_sentence,
        fields={"of": Field(Check(_members, _SEVERAL), required=True)},
        compile=_or,
        children=lambda node: node["of"],
    ),
    Operator(
        key="not",
        title="not",
        meaning="Exact logical negation: holds whenever the condition does not.",
        examples=('not did "Order Completed" within 30 days', 'not (trait plan = "pro" or trait plan = "team")'),
        grammar="",
        leaves=(),
        rules={"negation": lambda parts: {"op": "not", "of": parts[0]}},
        text=_text,
        sentence=_sentence,
        fields={"of": Field(Check(_member, _ONE), required=True)},
        compile=_not,
        children=lambda node: (node["of"],),
    ),
)
