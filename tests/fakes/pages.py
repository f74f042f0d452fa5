"""Lists, newest first, that go on where the page before ended."""

import hashlib
import re
import zlib
from collections.abc import Iterable
from typing import TypeVar

from functions.core.base.errors import Fault, Malformed
from functions.core.flows.records import Due, DueWindow

T = TypeVar("T")
_PLACE = re.compile(r"\d{12}#[0-9a-f]{16}")


def page(rows: Iterable[tuple[int, str, T]], limit: int, start: str | None) -> tuple[list[T], str | None]:
    """At most ``limit`` of the rows (seconds, key, row), newest first, and where to go on; None after the last."""
    if start is not None and not _PLACE.fullmatch(start):
        raise Malformed(Fault("not a place that this list gave", "next"))
    places = {_place(at, key): row for at, key, row in rows}
    wanted = sorted((place for place in places if start is None or place < start), reverse=True)
    found = wanted[:limit]
    return [places[place] for place in found], found[-1] if len(wanted) > limit else None


def due_page(rows: Iterable[Due], window: DueWindow, after: Due | None, limit: int) -> list[Due]:
    """The first ``limit`` of a shard's rows that lie in the window and behind ``after``."""
    place = (-1, "", "") if after is None else _order(after)
    inside = (row for row in rows if window.since <= row.due < window.until and _order(row) > place)
    return sorted(inside, key=_order)[:limit]


def _order(row: Due) -> tuple[int, str, str]:
    return row.due, row.profile, row.key


def share(key: str, of: int) -> int:
    """In which of ``of`` parts the key is."""
    return zlib.crc32(key.encode()) % of if of > 1 else 0


def _place(at: int, key: str) -> str:
    return f"{at:012d}#{hashlib.sha256(key.encode()).hexdigest()[:16]}"
