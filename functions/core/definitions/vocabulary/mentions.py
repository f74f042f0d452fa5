"""The names of events, properties, categories and traits that definitions mention."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.definitions.vocabulary.seen import CATEGORY, Sort

# The depth to which nested names are recorded; deeper ones are not checked.
DEEPEST = 2
_TRAITS = ("trait", "trait date")

Event = str | Mapping[str, str]


class Mention(NamedTuple):
    """A name; for a property with the events it is read from, as names or as ``{"named": "bought"}``."""

    sort: Sort
    name: str
    events: tuple[Any, ...] = ()


def mentions(value: Any, events: tuple[Event, ...] = ()) -> Iterator[Mention]:
    """Yield the names in a value; a property belongs to the events of the innermost node around it."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from mentions(each, events)
    elif isinstance(value, Mapping):
        events = _events(value) or events
        yield from (Mention("events", each) for each in value.get("events") or () if isinstance(each, str))
        for key in ("property", "by"):
            if isinstance(value.get(key), str):
                yield from _of_path(value[key], value, events)
        if value.get("op") in _TRAITS:
            yield from (Mention("traits", step) for step in _steps(value["trait"]))
        for inner in value.values():
            yield from mentions(inner, events)


def _events(node: Mapping[str, Any]) -> tuple[Event, ...]:
    """The events of a node; for a sequence those of its steps."""
    parts = [node, *(node["steps"] if isinstance(node.get("steps"), list) and node.get("op") == "then" else ())]
    return tuple(each for part in parts for each in part.get("events") or ())


def _of_path(path: str, node: Mapping[str, Any], events: tuple[Event, ...]) -> Iterator[Mention]:
    steps = _steps(path)
    yield from (Mention("properties", step, events) for step in steps)
    if steps[-1] == CATEGORY and node.get("compare") in ("=", "in"):
        values = node["value"] if isinstance(node["value"], list | tuple) else [node["value"]]
        yield from (Mention("categories", each) for each in values if isinstance(each, str))


def _steps(path: str) -> list[str]:
    return [step.removesuffix("[]") for step in path.split(".")][:DEEPEST]
