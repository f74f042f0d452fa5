"""sum of: the total of a property over events."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.instants import FOREVER, Instant
from functions.core.segments import fields, phrases
from functions.core.segments.fields import EVENTS, WHERE, WITHIN
from functions.core.segments.filters import COMPARISONS, constant
from functions.core.segments.operator import Condition, Field, Node, Operator, Verdict, View, merged, optional_seconds
from functions.core.timeline import CAP, EXACT, TimelineSpec, total


def _spec(node: Node) -> TimelineSpec:
    window = optional_seconds(node.get("within"))
    return TimelineSpec(tuple(node["events"]), node.get("where"), value=node["property"], keep=None, horizon=window)


def _numbers(view: View, spec: TimelineSpec) -> list[tuple[int, Decimal]]:
    """Time and number of the entries in the window, newest first."""
    start = -FOREVER if spec.horizon is None else view.now - spec.horizon
    found: list[tuple[int, Decimal]] = []
    for entry in reversed(view.entries(spec.id)):
        if entry.time <= start:
            break
        assert isinstance(entry.value, Decimal)
        found.append((entry.time, entry.value))
    return found


def _verdict(spec: TimelineSpec, compare: str, threshold: Decimal) -> Verdict:
    """Over the sums that remain as the oldest entries leave the window: until the first that decides otherwise."""
    passes, window = COMPARISONS[compare], spec.horizon

    def verdict(view: View) -> Instant:
        numbers = _numbers(view, spec)
        if window is None:
            return FOREVER if passes(total(value for _, value in numbers), threshold) else -FOREVER
        changes, amount = [(FOREVER, passes(Decimal(0), threshold))], Decimal(0)
        for position, (time, value) in enumerate(numbers):
            amount = EXACT.add(amount, value)
            if position + 1 == len(numbers) or numbers[position + 1][0] != time:
                changes.append((time + window, passes(amount, threshold)))
        return _first_change(changes)

    return verdict


def _first_change(changes: list[tuple[int, bool]]) -> Instant:
    """The verdict, given (until when, whether it holds) from the last to the present."""
    end, now = changes[-1]
    for leaves, holds in reversed(changes):
        if holds != now:
            break
        end = leaves
    return end if now else -end


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    spec = _spec(node)
    return Condition((spec,), _verdict(spec, node["compare"], constant(node["value"])))


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    spec = _spec(node)
    numbers = _numbers(view, spec)
    facts = {"sum": str(total(value for _, value in numbers).normalize(EXACT).__format__("f")), "counted": len(numbers)}
    if len(view.entries(spec.id)) == CAP:
        facts["bounded"] = f"only the latest {CAP} events are remembered"
    return facts


def _text(node: Node) -> str:
    head = f"sum of {phrases.path(node['property'])} over {phrases.events_text(node['events'])}"
    return f"{head}{phrases.clauses(node)} {phrases.compared(node)}"


def _sentence(node: Node) -> str:
    return (
        f"have a sum of {phrases.readable(node['property'])} over {phrases.events_sentence(node)}"
        f"{phrases.within(node)} that {phrases.compared_sentence(node)}"
    )


OPERATORS = (
    Operator(
        key="sum",
        title="sum of",
        meaning="Adds up a number of the events, exactly; amounts of money are in major units (`> 5000` is 5000.00). "
        "An event whose property is missing or not a number adds nothing; of nothing the sum is 0. Of several members "
        "(`products[].quantity`) an event adds all.",
        examples=(
            'sum of total over "Order Completed" within 180 days > 5000',
            'sum of products[].quantity over "Order Completed" where currency = "EUR" <= 12.5',
        ),
        grammar="""
sum: "sum of" property "over" events clause* compared_number
compared_number: COMPARE number
""",
        leaves=("sum",),
        rules={
            "sum": lambda parts: {"op": "sum", "property": parts[0], **merged(parts[1:])},
            "compared_number": lambda parts: {"compare": parts[0], "value": parts[1]},
        },
        text=_text,
        sentence=_sentence,
        fields={
            "property": Field(fields.path, required=True),
            "events": EVENTS,
            "where": WHERE,
            "within": WITHIN,
            "compare": Field(fields.number_compare, required=True),
            "value": Field(fields.number, required=True),
        },
        compile=_compile,
        explain=_explain,
    ),
)
