"""Words for the parts that operators share: canonical text, and English."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.segments import windows
from functions.core.segments.filters import NEAR, WORDS, Filter, constant
from functions.core.segments.operator import Node

# Words of the language that stand where a property may.
_WORDS = frozenset({"net"})


def quoted(text: str) -> str:
    """Text as the language writes it."""
    return json.dumps(text, ensure_ascii=False)


def number(value: Any) -> str:
    """A number as the language writes it."""
    return f"{constant(value).normalize():f}" if value else "0"


def value(given: Any) -> str:
    """A value as the language writes it."""
    if isinstance(given, bool):
        return "true" if given else "false"
    return number(given) if isinstance(given, int | float | Decimal) else quoted(given)


def values(given: Iterable[Any]) -> str:
    """A list of values as the language writes it."""
    return ", ".join(map(value, given))


def is_plain(path: str) -> bool:
    """Whether the path needs no quotes."""
    return all(
        part and not part[0].isdigit() and part.replace("_", "a").isalnum()
        for part in path.replace("[]", "").split(".")
    )


def path(name: str) -> str:
    """A property's path as the language writes it."""
    return name if is_plain(name) and name.lower() not in _WORDS else quoted(name)


def compared(node: Node) -> str:
    """``= "pro"``, ``exists`` or ``in ("a", "b")``."""
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
    """A filter as the language writes it."""
    for word in ("and", "or"):
        if word in where:
            text = f" {word} ".join(where_text(each, inside=True) for each in where[word])
            return f"({text})" if inside else text
    return f"{path(where['property'])} {compared(where)}"


def event_text(event: str | Mapping[str, Any]) -> str:
    """The name of an event in quotes, or the id of named events as it is."""
    return quoted(event) if isinstance(event, str) else str(event["named"])


def events_text(events: Sequence[str | Mapping[str, Any]]) -> str:
    """One event, or ``any of ("A", bought)``."""
    return event_text(events[0]) if len(events) == 1 else f"any of ({', '.join(map(event_text, events))})"


def step_text(node: Node) -> str:
    """Events with their filter, as the language writes them."""
    where = f" where {where_text(node['where'])}" if "where" in node else ""
    return events_text(node["events"]) + where


def clauses(node: Node) -> str:
    """The clauses that follow the events, each with a space before it."""
    parts = []
    if "count" in node:
        ((bound, count),) = node["count"].items()
        parts.append(f"{bound} {count} {'time' if count == 1 else 'times'}")
    if "where" in node:
        parts.append(f"where {where_text(node['where'])}")
    return "".join(f" {part}" for part in parts) + windows.text(node)


def readable(name: str) -> str:
    """A path for people: ``products[].category`` becomes "products category"."""
    return name.replace("[]", "").replace(".", " ").replace("_", " ")


def amount(given: Any) -> str:
    """A value for people: numbers with separators."""
    if isinstance(given, int | float | Decimal) and not isinstance(given, bool):
        return f"{constant(given):,}"
    return f"“{given}”" if isinstance(given, str) else value(given)


def compared_sentence(node: Node) -> str:
    """``is “pro”``."""
    if node["compare"] == NEAR:
        return f"is {compared(node)}"
    word = WORDS[node["compare"]]
    if node["compare"] == "in":
        return f"{word} {join_words(map(amount, node['value']), 'or')}"
    return f"{word} {amount(node['value'])}" if "value" in node else word


def where_sentence(where: Filter) -> str:
    """A filter in English."""
    for word in ("and", "or"):
        if word in where:
            parts = [
                f"({where_sentence(each)})" if "property" not in each else where_sentence(each) for each in where[word]
            ]
            return f" {word} ".join(parts)
    return f"{readable(where['property'])} {compared_sentence(where)}"


def join_words(words: Iterable[str], last: str) -> str:
    """``a, b or c``."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}"


def events_sentence(node: Node) -> str:
    """The events of a node with their filter."""
    names = join_words((f"“{each if isinstance(each, str) else each['named']}”" for each in node["events"]), "or")
    return f"{names} where {where_sentence(node['where'])}" if "where" in node else names


def span(text: str) -> str:
    """``the last 48 hours``; of one: ``the last day``."""
    return text.removeprefix("1 ")


def within(node: Node) -> str:
    """`` in the last 48 hours``, or nothing."""
    return f" in the last {span(node['within'])}" if "within" in node else ""
