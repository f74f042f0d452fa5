"""Walks through conditions and whole definitions: mappings and lists inside one another."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in the value, the outer before the inner."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from mappings(each)
    elif isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from mappings(inner)


def rebuilt(
    value: Any,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    is_whole: Callable[[Mapping[str, Any]], bool] = lambda _: False,
) -> Any:
    """The value with what ``change`` makes of every mapping, the inner before the outer.

    A mapping that ``is_whole`` is handed over as it is, with nothing inside it changed.
    """
    if isinstance(value, list | tuple):
        return [rebuilt(each, change, is_whole) for each in value]
    if not isinstance(value, Mapping):
        return value
    if is_whole(value):
        return change(value)
    return change({name: rebuilt(inner, change, is_whole) for name, inner in value.items()})
