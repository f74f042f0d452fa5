"""The names that a shop's events use, limited in number and filtered to exclude personal data.

Names seen only under the write key, or in what a public source passes on, are kept apart, each sort with its own
limit. The key is in the shop's web pages, so anyone can send any name with it; that must not make a misspelling known
or use up the space of other names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from functions.core.base import currencies
from functions.core.base.events import Event
from functions.core.base.trust import is_trusted

Sort = Literal["events", "properties", "categories", "currencies", "traits", "event properties"]
# By sort; names that came under the write key are under the sort with the prefix ``BROWSER``.
Names = Mapping[str, frozenset[str]]
BROWSER = "browser "
# Sources that take the write key.
OPEN_SOURCES = frozenset({"segment"})
_MOST: Mapping[str, int] = {
    **{"events": 500, "properties": 1000, "categories": 1000},
    **{"traits": 300, "event properties": 2000},
}
MOST: Mapping[str, int] = {**_MOST, **{f"{BROWSER}{sort}": most for sort, most in _MOST.items()}, "currencies": 200}
SORTS = tuple(MOST)
# Bytes of a name (UTF-8): a row has up to 2,000 pairs of names, and 400 KB.
LONGEST = 80
# Excludes addresses, phone numbers and generated ids.
_NAME = re.compile(r"[^\W\d_][^@\x00-\x1f]*")
_NUMBER = re.compile(r"\d{5}")
CATEGORY = "category"
# Separates an event from its property; no name contains it.
_OF = "\t"


def names_of(events: Iterable[Event]) -> Names:
    """The names in the events that may be recorded."""
    found: dict[str, set[str]] = {sort: set() for sort in SORTS}
    for event in events:
        browser = BROWSER if event.source in OPEN_SOURCES or not is_trusted(event.trust) else ""
        for sort, name in _names(event):
            found[sort if sort == "currencies" else f"{browser}{sort}"].add(name)
    return {sort: frozenset(names) for sort, names in found.items()}


def by_event(pairs: Iterable[str]) -> dict[str, set[str]]:
    """The properties of each event, from names of the sort ``event properties``."""
    properties: dict[str, set[str]] = {}
    for event, _, name in (pair.partition(_OF) for pair in pairs):
        properties.setdefault(event, set()).add(name)
    return properties


def _names(event: Event) -> Iterator[tuple[Sort, str]]:
    plain: list[tuple[Sort, str]] = [("events", event.name)]
    currency = event.properties.get("currency")
    if isinstance(currency, str) and currencies.FORM.fullmatch(currency):
        plain.append(("currencies", currency))
    plain += [("traits", name) for name, _ in _pairs(event.traits)]
    for name, value in _pairs(event.properties):
        plain.append(("properties", name))
        if name == CATEGORY and isinstance(value, str):
            plain.append(("categories", value))
    yield from ((sort, name) for sort, name in plain if _is_fit(name))
    if _is_fit(event.name):
        yield from (("event properties", f"{event.name}{_OF}{name}") for sort, name in plain if _is_of(sort, name))


def _is_of(sort: Sort, name: str) -> bool:
    return sort == "properties" and _is_fit(name)


def _pairs(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield keys and values, including those one level deeper."""
    for key, value in properties.items():
        yield key, value
        for inner in value if isinstance(value, list | tuple) else (value,):
            if isinstance(inner, Mapping):
                yield from inner.items()


def _is_fit(name: str) -> bool:
    return len(name.encode()) <= LONGEST and bool(_NAME.fullmatch(name)) and not _NUMBER.search(name)
