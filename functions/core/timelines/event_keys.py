"""Keys: the numbers that identify an event, or a value that correlates events, in a timeline.

Keys below UNKEYED are short keys of events, hashes of their ids. Keys from UNKEYED to below NATURAL are short keys of
natural keys, such as an order's number. Keys from NATURAL on are hashes of the values of correlation keys.
"""

import hashlib
from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from functions.core.base.events import Event, event_id
from functions.core.timelines.filters import path_of, values

UNKEYED = 1 << 16
NATURAL = 1 << 40

# Larger numbers are no keys, since Python limits the length of integers that it converts to text.
_LARGEST_KEY = 10**1000


def hash_of(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size])


def _hashes(text: str, size: int) -> tuple[int, int]:
    """The first ``size`` bytes of the SHA-256 as a number, and the following 48 bits plus one."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:size]), int.from_bytes(digest[size : size + 6]) + 1


@lru_cache(maxsize=1 << 9)
def own_key(identifiers: tuple[str, ...], sort: str) -> tuple[int, int]:
    """The short key (16 bits) and the rest of an event's id.

    It is cached, since it is computed for each timeline that the event is in.
    """
    return _hashes(event_id(identifiers, sort), 2)


def whole_key(event: Event) -> tuple[int, int]:
    """The short key and the rest of the event's key in a timeline: of its natural key if it has one, else of its id."""
    if event.natural:
        key, rest = _hashes(event.natural, 4)
        return UNKEYED + key, rest
    return own_key(event.identifiers, event.sort)


def event_key(event: Event) -> int:
    """The short key of the event in a timeline."""
    return whole_key(event)[0]


def key_hash(value: Any) -> int | None:
    """The key of a correlation value in a ``by`` timeline; None for a value that cannot be a key, such as ``""``."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if not isinstance(value, str) and not -_LARGEST_KEY < value < _LARGEST_KEY:
        return None
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() and value.adjusted() < 40 else value.normalize()
    return NATURAL + hash_of(str(value), 6)


def key_of(properties: Mapping[str, Any], by: str) -> int | None:
    """The key of the first value at the path ``by``, None if there is none; 5 and "5" have the same key."""
    matches = values(properties, path_of(by))
    return key_hash(matches[0]) if matches else None


def keys_of(properties: Mapping[str, Any], by: str) -> Collection[int]:
    """The keys of all values at the path."""
    keys = map(key_hash, values(properties, path_of(by)))
    return {key for key in keys if key is not None}
