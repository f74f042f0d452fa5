"""Keys: by what an event, or a value that joins events, is known in a timeline.

Below UNKEYED lies the short key of an event, the hash of its id; then that of a natural key, such as an order's
number; from NATURAL on the values of correlation keys.
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

# A number beyond this is no key: Python does not write out whole numbers of any length.
_LARGEST_KEY = 10**1000


def hash_of(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size])


def _hashes(text: str, size: int) -> tuple[int, int]:
    """The hash of so many bytes, and one more than the 48 bits that follow."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:size]), int.from_bytes(digest[size : size + 6]) + 1


@lru_cache(maxsize=1 << 9)
def own_key(identifiers: tuple[str, ...], sort: str) -> tuple[int, int]:
    """Both of an event's id; an event asks for it once for each timeline that it stands in."""
    return _hashes(event_id(identifiers, sort), 2)


def whole_key(event: Event) -> tuple[int, int]:
    """What the event is known by in a timeline, its natural key or itself: the short key and the rest."""
    if event.natural:
        key, rest = _hashes(event.natural, 4)
        return UNKEYED + key, rest
    return own_key(event.identifiers, event.sort)


def event_key(event: Event) -> int:
    """The short key."""
    return whole_key(event)[0]


def key_hash(value: Any) -> int | None:
    """The key under which a correlation value stands in a ``by`` timeline; None for what is no key."""
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
    """The key of the event's correlation value; 5 and "5" are one key."""
    matches = values(properties, path_of(by))
    return key_hash(matches[0]) if matches else None


def keys_of(properties: Mapping[str, Any], by: str) -> Collection[int]:
    """The keys of all values at the path."""
    keys = map(key_hash, values(properties, path_of(by)))
    return {key for key in keys if key is not None}
