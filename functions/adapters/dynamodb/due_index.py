"""The index ``due`` of profiles and runs: when, and in which shard, a row must be processed next.

shard  the shard's number; or a group of rows that no tick reads
due    seconds UTC

A row without these two is not in the index. DynamoDB rewrites the index only if one of them changes, so storing the
same ``due`` again costs nothing beside the row itself.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import islice

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.expressions import Listing
from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.core.base.errors import Unavailable
from functions.core.flows.records import Due, DueWindow

INDEX = "due"
SHARD, DUE = "shard", "due"


def shard_of(profile: str, shards: int) -> str:
    """The shard number, as text, of a profile and its runs."""
    return str(zlib.crc32(profile.encode()) % shards)


def due_keys(shard: str, due: int) -> Item:
    """The key attributes of the index for a row."""
    return {SHARD: text(shard), DUE: number(due)}


def due_rows(calls: Calls, table: str, key: str, shard: int, before: int) -> Iterator[Due]:
    """Rows of a shard due before the instant (seconds UTC), earliest first; ``key`` is their sort key's attribute."""
    where, values = f"#{SHARD} = :shard AND #{DUE} < :before", {":shard": text(str(shard)), ":before": number(before)}
    rows = calls.query(table, where, values, IndexName=INDEX)
    return (_due(row, key) for row in rows)


def due_page(calls: Calls, table: str, key: str, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
    """The first ``limit`` rows of the window behind ``after``, earliest first; ``key`` as in ``due_rows``."""
    where = f"#{SHARD} = :shard AND #{DUE} BETWEEN :since AND :last"
    shard, since, last = text(str(window.shard)), number(window.since), number(window.until - 1)
    how: Listing = {"IndexName": INDEX, "Limit": limit}
    if after:
        place = {"pk": text(after.profile), key: text(after.key)} | due_keys(str(window.shard), after.due)
        how["ExclusiveStartKey"] = place
    rows = calls.query(table, where, {":shard": shard, ":since": since, ":last": last}, **how)
    return [_due(row, key) for row in islice(rows, limit)]


def due_pages(calls: Calls, table: str, key: str, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
    """The first page of each window, read side by side; None for one that could not be read."""

    def page(window: DueWindow) -> list[Due] | None:
        try:
            return due_page(calls, table, key, window, None, limit)
        except Unavailable:
            return None

    return calls.side_by_side(page, windows)


def _due(row: Item, key: str) -> Due:
    return Due(string(row, "pk"), string(row, key), integer(row, DUE))


def group_rows(calls: Calls, table: str, group: str, limit: int) -> Iterator[Item]:
    """Rows of a group that is no shard, so that no tick reads them; ``limit`` is the size of a page."""
    return calls.query(table, f"#{SHARD} = :shard", {":shard": text(group)}, IndexName=INDEX, Limit=limit)
