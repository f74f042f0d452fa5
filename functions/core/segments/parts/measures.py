"""Measures: a number computed from a property over events and compared as events enter and leave a window."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments import windows
from functions.core.segments.language import fields, formatting
from functions.core.segments.language.event_labels import summand
from functions.core.segments.language.fields import EVENTS, WINDOW
from functions.core.segments.language.filter_fields import WHERE
from functions.core.segments.operator import Check, Condition, Field, Node, Operator, Problem, Verdict, View, merged
from functions.core.segments.parts.source import EntrySource
from functions.core.segments.priced import is_money
from functions.core.segments.windows import Window
from functions.core.timelines.entry import EXACT
from functions.core.timelines.exchange import counting
from functions.core.timelines.filters import COMPARISONS, constant
from functions.core.timelines.sealing import Bucket

Numbers = list[tuple[int, Decimal | Bucket]]
Compare = Callable[[Any, Any], bool]


# The operators that measure.
KEYS = ("sum", "average", "minimum", "maximum")


class Measure(NamedTuple):
    """A fold of numbers into one: ``start`` and ``add``, the test ``passes``, and the ``result`` to show.

    ``take`` adds the numbers of a sealed bucket.
    """

    start: Any
    add: Callable[[Any, Decimal], Any]
    passes: Callable[[Any, Compare, Decimal], bool]
    result: Callable[[Any], Decimal | None]
    take: Callable[[Any, Bucket], Any]

    def of(self, numbers: Numbers) -> Any:
        """The folded value of the numbers."""
        result = self.start
        for _, value in numbers:
            result = self.more(result, value)
        return result

    def more(self, result: Any, value: Decimal | Bucket) -> Any:
        """The folded value with one more number, or with those of a bucket."""
        return self.take(result, value) if isinstance(value, Bucket) else self.add(result, value)


def source_of(node: Node) -> EntrySource:
    """The timeline entries of the condition's events in its window, with the value of its ``property``."""
    horizon = windows.window(node).far
    return EntrySource(node, value=node["property"], keep=None, horizon=horizon, **windows.calendar(node))


def _numbers(view: View, source: EntrySource, net: bool) -> Numbers:
    """(time, number) of the entries, oldest first; a sealed bucket has the time at which its day or month begins.

    With ``net``, what was paid back is subtracted from each entry; for sealed buckets it is not known.
    """
    numbers: Numbers = [(bucket.opens, bucket) for bucket in source.sealed(view)]
    entries = source.net(view) if net else source.entries(view)
    numbers += [(entry.time, entry.value) for entry in entries if isinstance(entry.value, Decimal)]
    return numbers


def _ends(numbers: Numbers) -> list[int]:
    """The time of each number; for a bucket that of its last event."""
    return [value.last if isinstance(value, Bucket) else time for time, value in numbers]


def counted(numbers: Numbers) -> int:
    """The number of events behind the numbers."""
    return sum(value.events if isinstance(value, Bucket) else 1 for _, value in numbers)


def _leaving(measure: Measure, numbers: Numbers, span: int, passes: Callable[[Any], bool], now: int) -> Instant:
    """The verdict as the oldest entries leave the window: right until the first departure that changes it."""
    changes, result = [(FOREVER, passes(measure.start))], measure.start
    for position in range(len(numbers) - 1, -1, -1):
        time, value = numbers[position]
        if time + span <= now:
            break
        result = measure.more(result, value)
        if not position or numbers[position - 1][0] != time:
            changes.append((time + span, passes(result)))
    return _first_change(changes)


def _first_change(changes: list[tuple[int, bool]]) -> Instant:
    """The verdict from pairs (until when, whether it holds) that are ordered from the last to the present."""
    end, now = changes[-1]
    for leaves, holds in reversed(changes):
        if holds != now:
            break
        end = leaves
    return end if now else -end


def _passing(measure: Measure, numbers: Numbers, span: Window, passes: Callable[[Any], bool], now: int) -> Instant:
    """The verdict for a window that ends before now."""
    begins, ends = [time for time, _ in numbers], _ends(numbers)

    def holds(at: int) -> bool:
        low, high = span.places(begins, ends, at)
        return passes(measure.of(numbers[low:high]))

    return windows.first_change(span.changes(begins, now, ends), holds, now)


def _verdict(measure: Measure, source: EntrySource, node: Node) -> Verdict:
    """The function that gives the measure's comparison as a signed instant."""
    how, threshold, span = COMPARISONS[node["compare"]], constant(node["value"]), windows.window(node)
    net = bool(node.get("net"))

    def passes(result: Any) -> bool:
        return measure.passes(result, how, threshold)

    def verdict(view: View) -> Instant:
        numbers = _numbers(view, source, net)
        if span.near:
            return _passing(measure, numbers, span, passes, view.now)
        if span.far is None:
            return FOREVER if passes(measure.of(numbers)) else -FOREVER
        return _leaving(measure, numbers, span.far, passes, view.now)

    return verdict


def shown(number: Decimal | None) -> str | None:
    """A number as exact decimal text, without trailing zeros."""
    return None if number is None else f"{number.normalize(EXACT):f}"


def _explain(name: str, measure: Measure) -> Callable[[Node, View], Mapping[str, Any]]:
    def explain(node: Node, view: View) -> Mapping[str, Any]:
        source, span = source_of(node), windows.window(node)
        numbers = _numbers(view, source, bool(node.get("net")))
        low, high = span.places([time for time, _ in numbers], _ends(numbers), view.now)
        result = measure.result(measure.of(numbers[low:high]))
        facts = {name: shown(result), "counted": counted(numbers[low:high])}
        return {**facts, **currency_fact(node), **source.facts(view, span)}

    return explain


def currency_fact(node: Node) -> dict[str, Any]:
    """The currency in which the amounts count, as a fact; ``{}`` if the property is not money."""
    part = counting(node)
    return {} if part is None else {"currency": part.currency}


def _compile(measure: Measure) -> Callable[[Node, Sequence[Condition]], Condition]:
    def compile_measure(node: Node, children: Sequence[Condition]) -> Condition:
        source = source_of(node)
        return Condition(source.specs, _verdict(measure, source, node))

    return compile_measure


def text(words: str, node: Node) -> str:
    """The canonical text: ``sum of total over "Order Completed" > 5``."""
    net = "net " if node.get("net") else ""
    head = f"{words} {net}{property_text(node)} over {formatting.events_text(node['events'])}"
    return f"{head}{formatting.clauses(node)} {formatting.compared(node)}"


def sentence(words: str, node: Node) -> str:
    """The English: ``whose sum of total over Order Completed in the last 180 days is more than €5,000``."""
    net = "net " if node.get("net") else ""
    head = f"{net}{property_words(node)} over {formatting.events_words(node['events'])}"
    return f"whose {words} {head}{formatting.clauses_words(node)} {formatting.comparison_sentence(node)}"


def verb(node: Node) -> str | None:
    """The label's verb for a sum of the property; None if it has none or the comparison or a currency rules it out."""
    if "label" not in node or "currency" in node or node["compare"] not in formatting.BOUNDS:
        return None
    asked = {name: node[name] for name in ("property", "net") if name in node}
    return next((label_word for path, label_word in node["label"].sum.items() if summand(path) == asked), None)


def with_verb(record: Operator, rule: str, grammar: str, words: Callable[[str, Node], str]) -> Operator:
    """The operator with an additional grammar rule and sentence for events whose label has a verb for the sum."""

    def sentence_of(node: Node) -> str:
        word = verb(node)
        return record.sentence(node) if word is None else words(word, node)

    return replace(
        record,
        grammar=f"{record.grammar}{rule}: {grammar}\n",
        leaves=(*record.leaves, rule),
        rules={**record.rules, rule: lambda parts: {"op": record.key, **merged(parts)}},
        sentence=sentence_of,
    )


def property_text(node: Node) -> str:
    """The property in the language, with its currency if it has one: ``total`` or ``total in USD``."""
    return formatting.path(node["property"]) + _in(node)


def property_words(node: Node) -> str:
    """The property in English, with its currency if it has one: ``total`` or ``total in USD``."""
    return formatting.path_words(node["property"]) + _in(node)


def _in(node: Node) -> str:
    return f" in {node['currency']}" if "currency" in node else ""


FIELDS = {
    "property": Field(fields.path, required=True),
    "events": EVENTS,
    "where": WHERE,
    **WINDOW,
    "compare": Field(fields.number_compare, required=True),
    "value": Field(fields.number, required=True),
}


def named(parts: Sequence[Any]) -> dict[str, Any]:
    """The JSON of the property, the currency if the text has one, and the clauses."""
    currency = {"currency": parts[1]} if isinstance(parts[1], str) else {}
    return {"property": parts[0], **currency, **merged(parts[1 + len(currency) :])}


def built(key: str) -> Callable[[Sequence[Any]], dict[str, Any]]:
    """A function that makes the measure's JSON from its parsed parts."""

    def build(parts: Sequence[Any]) -> dict[str, Any]:
        net, rest = ({}, parts) if isinstance(parts[0], str) else (parts[0], parts[1:])
        return {"op": key, **net, **named(rest)}

    return build


def _net(value: Any) -> Iterator[tuple[str, str | None]]:
    if value is not True:
        yield "is true, or left out", "true"


def _check(node: Node) -> Iterator[Problem]:
    yield from windows.check(node)
    plain = [each for each in node["events"] if isinstance(each, str)]
    if node.get("net") and plain:
        message = "what was paid back is known of named events only, whose definition says by which refunds"
        yield Problem(node, "net", message, f"sum of net {node['property']} over bought")
    yield from no_amount(node)


def no_amount(node: Node) -> Iterator[Problem]:
    """Yield a problem if a currency is given for a property that is not money."""
    if "currency" in node and not is_money(node["property"]):
        yield Problem(node, "currency", f"{node['property']!r} is no amount of money", "total")


def operator(key: str, measure: Measure, meaning: str, examples: tuple[str, ...]) -> Operator:
    """The operator of a measure that is written ``<key> of … over …``."""
    return Operator(
        key=key,
        title=f"{key} of",
        meaning=meaning,
        examples=examples,
        grammar=f'{key}: _with? "{key} of" net? property in_currency? "over" events clause* compared_number\n',
        leaves=(key,),
        rules={key: built(key)},
        text=lambda node: text(f"{key} of", node),
        sentence=lambda node: sentence(f"{key} of", node),
        fields=FIELDS | {"net": Field(Check(_net, {"const": True})), "currency": Field(fields.currency)},
        compile=_compile(measure),
        check=_check,
        explain=_explain(key, measure),
    )
