"""Named events: ``bought`` in a condition stands for the events that the definition ``bought`` lists.

Stored conditions and flows hold the name alone, ``{"named": "bought"}``, among their events. ``resolve`` puts the
definition beside the name, so that compiling needs no lookup, and whatever is derived from the content of a condition
(such as timeline addresses) changes with the definition.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from functions.core.base.spelling import nearest
from functions.core.segments.nested import mappings, rebuilt
from functions.core.segments.operator import Problem

# The bodies of the definitions of the kind ``events``, by id.
Groups = Mapping[str, Mapping[str, Any]]


def resolve(value: Any, groups: Groups) -> Any:
    """The value with the definition beside each name of events that is in ``groups`` and has none yet."""

    def beside(node: Mapping[str, Any]) -> Mapping[str, Any]:
        group = groups.get(node["named"]) if _is_name(node) else None
        return node if group is None or "definition" in node else {**node, "definition": group}

    return rebuilt(value, beside, _is_name) if groups else value


def mentioned(value: Any) -> set[str]:
    """The ids of the named events anywhere in the value, including inside linked scores."""
    return {node["named"] for node in _names(value)}


def definitions_in(value: Any) -> list[Mapping[str, Any]]:
    """The definitions that stand beside names of events in the value."""
    return [node["definition"] for node in _names(value) if "definition" in node]


def _names(value: Any) -> Iterator[Mapping[str, Any]]:
    return filter(_is_name, mappings(value))


def _is_name(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("named"), str) and not value.keys() - {"named", "definition"}


def event_names(events: Iterable[str | Mapping[str, Any]]) -> tuple[str, ...]:
    """The distinct names of all events meant, definitions expanded; an unresolved name adds none."""
    distinct: dict[str, None] = {}
    for each in events:
        names = [each] if isinstance(each, str) else each.get("definition", {}).get("any of", ())
        distinct.update(dict.fromkeys(names))
    return tuple(distinct)


def unknown(value: Any, groups: Groups, verb: Callable[[str], str | None]) -> Iterator[Problem]:
    """Yield a problem for each named event without a definition; ``verb`` suggests the event for a misplaced verb."""
    for node in _names(value):
        if node["named"] not in groups:
            hint = nearest(node["named"], groups) or verb(node["named"])
            yield Problem(node, "", message(node["named"]), hint)


def message(name: str) -> str:
    """The fault message for a named event without a definition."""
    return f"there is no definition {name!r} of events; the name of an event itself stands in quotes"
