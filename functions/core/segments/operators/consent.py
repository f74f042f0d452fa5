"""consent is: the person's consent to marketing e-mail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.base.spelling import nearest
from functions.core.segments.operator import Check, Condition, Field, Node, Operator, View
from functions.core.timelines.consents import answer_of_entries
from functions.core.timelines.spec import TimelineSpec

ANSWERS = ("subscribed", "pending", "unsubscribed", "unknown")
_SPEC = TimelineSpec(consent=True, keep=None)

_SAID = {
    "subscribed": "are subscribed to e-mail",
    "pending": "have yet to confirm e-mail",
    "unsubscribed": "unsubscribed from e-mail",
    "unknown": "were never asked about e-mail",
}
_SAID_NOT = {
    "subscribed": "are not subscribed to e-mail",
    "unsubscribed": "did not unsubscribe from e-mail",
    "unknown": "were asked about e-mail",
}


def _answered(answer: str) -> Callable[[Sequence[Any]], dict[str, str]]:
    return lambda parts: {"answer": answer}


def _answer(view: View) -> str:
    """The answer that follows from everything that was stated of the person."""
    return answer_of_entries(view.entries(_SPEC.id)) or "unknown"


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    answer = node["answer"]

    def verdict(view: View) -> Instant:
        return FOREVER if _answer(view) == answer else -FOREVER

    return Condition((_SPEC,), verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    times = [entry.time for entry in view.entries(_SPEC.id)]
    return {"answer": _answer(view), "said": max(times, default=None)}


def _known(value: Any) -> Iterator[tuple[str, str | None]]:
    if value not in ANSWERS:
        yield f"{value!r} is no answer; there are {', '.join(ANSWERS)}", nearest(value, ANSWERS)


OPERATORS = (
    Operator(
        key="consent",
        title="consent",
        meaning="What the person answered about marketing e-mail: subscribed, pending, unsubscribed, or "
        "unknown if nobody asked. A no counts at once and until a later yes of somebody trusted; over "
        "several addresses the strictest answer counts (docs/consent.md). `is not` is short for "
        "`not consent is`. Whether an e-mail may be sent is decided by consent itself, whatever "
        "segments say.",
        examples=("consent is subscribed", "not consent is unsubscribed"),
        grammar="""
consent: "consent is" answer | said_answer
consent_not: "consent is not" answer | said_not_answer
answer: WORD
?said_answer: "are subscribed to e-mail" -> subscribed
    | "have yet to confirm e-mail" -> pending
    | "unsubscribed from e-mail" -> unsubscribed
    | "were never asked about e-mail" -> unknown
?said_not_answer: "are not subscribed to e-mail" -> subscribed
    | "did not unsubscribe from e-mail" -> unsubscribed
    | "were asked about e-mail" -> unknown
""",
        leaves=("consent", "consent_not"),
        rules={
            "consent": lambda parts: {"op": "consent", **parts[0]},
            **{answer: _answered(answer) for answer in ANSWERS},
            "consent_not": lambda parts: {"op": "not", "of": {"op": "consent", **parts[0]}},
            "answer": lambda parts: {"answer": parts[0].lower()},
        },
        text=lambda node: f"consent is {node['answer']}",
        sentence=lambda node: _SAID[node["answer"]],
        negation=lambda node: _SAID_NOT.get(node["answer"], ""),
        fields={"answer": Field(Check(_known, {"enum": list(ANSWERS)}), required=True)},
        compile=_compile,
        explain=_explain,
    ),
)
