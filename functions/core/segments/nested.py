"""Traversal of nested JSON-like values: conditions and whole definitions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every mapping in the value, outer before inner."""
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
    """A copy of the value in which ``change`` has been applied to every mapping, inner before outer.

    A mapping for which ``is_whole`` is true is passed to ``change`` unmodified, without descending into it.
    """
    if isinstance(value, list | tuple):
        return [rebuilt(each, change, is_whole) for each in value]
    if not isinstance(value, Mapping):
        return value
    if is_whole(value):
        return change(value)
    return change({name: rebuilt(inner, change, is_whole) for name, inner in value.items()})
