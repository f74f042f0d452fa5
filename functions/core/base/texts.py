"""Texts that can be written as UTF-8, which holds no half of a surrogate pair.

JSON may name such a half by an escape, ``"\\ud83d"``: JavaScript leaves one where it cuts an emoji in two. Nothing that
leaves Python can hold it: no answer, no message, no row.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Found by itself; the two halves of a pair as well, which are two characters only where something took them apart.
HALF = re.compile("[\ud800-\udfff]")

Steps = tuple[str | int, ...]


def is_whole(text: str) -> bool:
    """True if UTF-8 can hold the text."""
    return HALF.search(text) is None


def joined(text: str) -> str:
    """The text with halves that belong together joined to one character; other halves stay."""
    return text if is_whole(text) else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def whole(text: str) -> str:
    """The text with halves that belong together joined, and every other half replaced by U+FFFD."""
    return text if is_whole(text) else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def healed(value: Any) -> Any:
    """The JSON value with each of its texts, keys included, made whole."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, Mapping):
        return {healed(key): healed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [healed(inner) for inner in value]
    return value


def texts(value: Any) -> Iterator[tuple[str, Steps]]:
    """Every text in a JSON value with the keys and positions that lead to it; a key's are those of its object.

    A value of any depth: it is not walked by recursion.
    """
    waiting: list[tuple[Any, Steps]] = [(value, ())]
    while waiting:
        inner, steps = waiting.pop()
        if isinstance(inner, str):
            yield inner, steps
        elif isinstance(inner, Mapping):
            yield from ((str(key), steps) for key in inner)
            waiting += [(each, (*steps, str(key))) for key, each in reversed(list(inner.items()))]
        elif isinstance(inner, list):
            waiting += [(each, (*steps, place)) for place, each in reversed(list(enumerate(inner)))]


def place(steps: Steps) -> str:
    """The way to a value as faults name it: ``batch[3].properties``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
