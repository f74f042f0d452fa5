"""Which names the events of a shop use, as they come in: bounded, and nothing that could be about somebody."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from functions.core.events import Event

Sort = Literal["events", "properties", "categories", "currencies"]
Names = Mapping[Sort, frozenset[str]]
SORTS: tuple[Sort, ...] = ("events", "properties", "categories", "currencies")
# Whoever has the public key can send any name: beyond so many of a sort nothing is remembered.
MOST: Mapping[Sort, int] = {"events": 500, "properties": 1000, "categories": 1000, "currencies": 200}
LONGEST = 80
# Addresses, phone numbers and generated ids are no names of a vocabulary.
_NAME = re.compile(r"[^\W\d_][^@\x00-\x1f]*")
_NUMBER = re.compile(r"\d{5}")
CATEGORY = "category"
CURRENCY = re.compile("[A-Z]{3}")


def names_of(events: Iterable[Event]) -> Names:
    """The names in the events that are fit to be remembered."""
    found: dict[Sort, set[str]] = {sort: set() for sort in SORTS}
    for event in events:
        found["events"].add(event.name)
        if isinstance(currency := event.properties.get("currency"), str) and CURRENCY.fullmatch(currency):
            found["currencies"].add(currency)
        for key, value in _pairs(event.properties):
            found["properties"].add(key)
            if key == CATEGORY and isinstance(value, str):
                found["categories"].add(value)
    return {sort: frozenset(filter(_is_fit, names)) for sort, names in found.items()}


def _pairs(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Keys and values, and those one level further down."""
    for key, value in properties.items():
        yield key, value
        for inner in value if isinstance(value, list | tuple) else (value,):
            if isinstance(inner, Mapping):
                yield from inner.items()


def _is_fit(name: str) -> bool:
    return len(name) <= LONGEST and bool(_NAME.fullmatch(name)) and not _NUMBER.search(name)
