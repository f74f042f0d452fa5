"""Text for the parts that operators share, in the canonical language (``…_text``) and in English (``…_words``)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.segments import windows
from functions.core.segments.operator import Node
from functions.core.timelines.filters import NEAR, Filter, constant

# Keywords that may stand where a property may.
_WORDS = frozenset({"net"})
# Names of events that need no quotes: words with capitals, such as Order Completed.
TITLE = r"[A-Z]\w*[a-z]\w*(?: [A-Z]\w*[a-z]\w*)*"
# Dates and moments, which need no quotes.
DATE = r"\d{4}-\d{2}-\d{2}(?:[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:?\d{2})?)?"
PATH = r"[^\W\d][\w\-]*(?:\[\])?(?:\.\w[\w\-]*(?:\[\])?)*"
STRING = r"\"(?:[^\"\\\n]|\\.)*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»"
# Matches before a name, but not before the comparison of a trait.
NAMED_NEXT = r"(?=\s+(?!(?:is|contains|starts|in|exists|missing)\b)[\w\"“])"
BOUNDS = {">": "more than", ">=": "at least", "<": "less than", "<=": "at most", "=": "exactly"}
_SAID = {
    "=": "is",
    "!=": "is not",
    ">": "is more than",
    ">=": "is at least",
    "<": "is less than",
    "<=": "is at most",
    "contains": "contains",
    "starts with": "starts with",
}
# For dates, "more" is later.
_SAID_OF_DATES = {">": "is after", ">=": "is on or after", "<": "is before", "<=": "is on or before"}
_OR = {">=": "or more", "<=": "or less"}
_KNOWN = {"exists": "is known", "missing": "is not known"}


def quoted(text: str) -> str:
    """A text as a quoted literal of the language."""
    return json.dumps(text, ensure_ascii=False)


def number(value: Any) -> str:
    """A number as a literal of the language."""
    return f"{constant(value).normalize():f}" if value else "0"


def value(raw: Any) -> str:
    """A scalar as a literal of the language."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return number(raw) if isinstance(raw, int | float | Decimal) else quoted(raw)


def values(raw: Iterable[Any]) -> str:
    """A comma-separated list of literals."""
    return ", ".join(map(value, raw))


def is_plain(path: str) -> bool:
    """True if the path can be written without quotes."""
    return all(
        part and not part[0].isdigit() and part.replace("_", "a").isalnum()
        for part in path.replace("[]", "").split(".")
    )


def path(name: str) -> str:
    """A property's path in the language, in quotes if it needs them."""
    return name if is_plain(name) and name.lower() not in _WORDS else quoted(name)


def compared(node: Node) -> str:
    """A comparison and its value in the language: ``= "pro"``, ``exists`` or ``in ("a", "b")``."""
    compare = node["compare"]
    if compare in ("exists", "missing"):
        return str(compare)
    if compare == "in":
        return f"in ({values(node['value'])})"
    if compare == NEAR:
        distance, *place = node["value"]
        return f"within {number(distance)} metres of ({values(place)})"
    return f"{compare} {value(node['value'])}"


def where_text(where: Filter, *, inside: bool = False) -> str:
    """A filter in the language; ``inside`` puts brackets around one with several members."""
    for word in ("and", "or"):
        if word in where:
            text = f" {word} ".join(where_text(each, inside=True) for each in where[word])
            return f"({text})" if inside else text
    return f"{path(where['property'])} {compared(where)}"


def event_text(event: str | Mapping[str, Any]) -> str:
    """The name of an event in quotes, or the id of named events without."""
    return quoted(event) if isinstance(event, str) else str(event["named"])


def events_text(events: Sequence[str | Mapping[str, Any]]) -> str:
    """One event in the language, or ``any of ("A", bought)``."""
    return event_text(events[0]) if len(events) == 1 else f"any of ({', '.join(map(event_text, events))})"


def step_text(node: Node) -> str:
    """Events with their filter, in the language."""
    where = f" where {where_text(node['where'])}" if "where" in node else ""
    return events_text(node["events"]) + where


def clauses(node: Node) -> str:
    """The clauses that follow the events in the language, each with a space before it."""
    parts = []
    if "count" in node:
        ((bound, count),) = node["count"].items()
        parts.append(f"{bound} {count} {'time' if count == 1 else 'times'}")
    if "where" in node:
        parts.append(f"where {where_text(node['where'])}")
    return "".join(f" {part}" for part in parts) + windows.text(node)


def amount(raw: Any) -> str:
    """A value for people: text in typographic quotes, numbers with thousands separators."""
    return number_words(raw) if _is_number(raw) else f"“{raw}”" if isinstance(raw, str) else value(raw)


def _is_number(raw: Any) -> bool:
    return isinstance(raw, int | float | Decimal) and not isinstance(raw, bool)


def number_words(raw: Any, sign: str = "") -> str:
    """A number for a sentence: ``1,299.5``; with a currency sign, money in major units: ``€1,299.50``."""
    digits = constant(raw)
    whole = digits == digits.to_integral_value()
    written = f"{abs(digits):,.0f}" if whole else f"{abs(digits.normalize()):,f}"
    if sign and not whole and len(written.partition(".")[2]) == 1:
        written += "0"
    return f"{'-' if digits < 0 else ''}{sign}{written}"


def value_words(raw: Any, sign: str = "") -> str:
    """A value as it appears in sentences, which the language can parse too."""
    if isinstance(raw, str):
        return raw if is_date(raw) else quoted(raw) if "”" in raw or "\n" in raw else f"“{raw}”"
    return number_words(raw, sign) if _is_number(raw) else value(raw)


def is_date(raw: Any) -> bool:
    """True if the value is a date or moment that needs no quotes in the language."""
    return isinstance(raw, str) and bool(re.fullmatch(DATE, raw))


def comparison_sentence(node: Node) -> str:
    """A comparison in English: ``is 18 or more``, ``is one of (“a”, “b”)``, ``is known``."""
    compare, sign = node["compare"], node.get("sign", "")
    if compare in _KNOWN:
        return _KNOWN[compare]
    if compare == "in":
        return f"is one of ({', '.join(map(_item, node['value']))})"
    if compare == NEAR:
        return f"is {compared(node)}"
    words = value_words(node["value"], sign)
    if compare in _OR and _is_number(node["value"]) and not sign:
        return f"is {words} {_OR[compare]}"
    wordings = _SAID | _SAID_OF_DATES if is_date(node["value"]) else _SAID
    return f"{wordings[compare]} {words}"


def bound(node: Node) -> str:
    """A numeric comparison in English without a verb: ``more than €5,000``."""
    return f"{BOUNDS[node['compare']]} {number_words(node['value'], node.get('sign', ''))}"


def _item(raw: Any) -> str:
    # Commas separate the members of a list, so numbers in it have no thousands separators.
    return number(raw) if _is_number(raw) else value_words(raw)


def path_words(name: str) -> str:
    """A property's path for a sentence, in quotes if it needs them."""
    return name if is_plain(name) else value_words(name)


def where_words(where: Filter, *, inside: bool = False) -> str:
    """A filter in English that the language can parse."""
    for word in ("and", "or"):
        if word in where:
            text = f" {word} ".join(where_words(each, inside=True) for each in where[word])
            return f"({text})" if inside else text
    return f"{path_words(where['property'])} {comparison_sentence(where)}"


def event_words(event: str | Mapping[str, Any]) -> str:
    """An event's name for a sentence, in quotes unless it is capitalised words; or the id of named events."""
    if not isinstance(event, str):
        return str(event["named"])
    return event if re.fullmatch(TITLE, event) else value_words(event)


def events_words(events: Sequence[str | Mapping[str, Any]]) -> str:
    """One event in English, or ``any of (Store Entered, bought)``."""
    return event_words(events[0]) if len(events) == 1 else f"any of ({', '.join(map(event_words, events))})"


def filtered(node: Node) -> str:
    """The English filter of a step with a space before it; alternatives are in brackets, to end before what follows."""
    return f" where {where_words(node['where'], inside='or' in node['where'])}" if "where" in node else ""


def step_words(node: Node) -> str:
    """Events with their filter, in English."""
    return events_words(node["events"]) + filtered(node)


def did_words(node: Node) -> str:
    """The past-tense phrase for the events, from their label or names, with the filter."""
    return (node["label"].past if has_label(node) else f"did {events_words(node['events'])}") + filtered(node)


def done_words(part: Node) -> str:
    """The past-tense phrase; a verb per event if all have one: ``viewed a product, opened an e-mail or bought``."""
    past_forms = [label.past for label in part.get("labels", ())]
    if len(past_forms) < 2 or not all(past_forms) or "where" in part:
        return did_words(part)
    return f"{', '.join(past_forms[:-1])} or {past_forms[-1]}"


def did_not_words(node: Node) -> str:
    """The verb phrase of events that did not happen, from their labels or names; the filter is left out."""
    if has_label(node):
        return str(node["label"].negative)
    words = events_words(node["events"])
    return f"did not do {words}" if len(node["events"]) == 1 else f"did none of {words.removeprefix('any of ')}"


def has_label(node: Node) -> bool:
    """True if the events have a label with a verb and its negation."""
    return "label" in node and bool(node["label"].past and node["label"].negative)


def clauses_words(node: Node) -> str:
    """Count, filter and window in English, each with a space before it."""
    often = ""
    if "count" in node:
        ((bound, count),) = node["count"].items()
        often = f" {bound} {count} {'time' if count == 1 else 'times'}"
    return often + filtered(node) + windows.sentence(node)


def within(node: Node) -> str:
    """The window in English with a space before it, such as `` in the last 48 hours``; empty without one."""
    return windows.sentence(node)


def span(text: str) -> str:
    """A span for after "the last": ``48 hours``, but ``day`` for ``1 day``."""
    return text.removeprefix("1 ")


def a_span(text: str) -> str:
    """A span with an article for one unit: ``48 hours``, ``an hour``, ``a day``."""
    unit = text.removeprefix("1 ")
    return text if unit == text else f"{'an' if unit == 'hour' else 'a'} {unit}"


def same(node: Node) -> str:
    """The text `` with the same cart_id``; empty for a node without a correlation key."""
    return f" with the same {path_words(node['by'])}" if "by" in node else ""
