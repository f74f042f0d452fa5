"""The index ``due`` of profiles and runs: when, and in which shard, a row must be processed next.

shard  the shard's number; or a group of rows that no tick reads
due    seconds UTC

A row without these two is not in the index. DynamoDB rewrites the index only if one of them changes, so storing the
same ``due`` again costs nothing beside the row itself.
"""

import zlib
from collections.abc import Iterator

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.core.flows.records import Due

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
    return (Due(string(row, "pk"), string(row, key), integer(row, DUE)) for row in rows)


def group_rows(calls: Calls, table: str, group: str, limit: int) -> Iterator[Item]:
    """Rows of a group that is no shard, so that no tick reads them; ``limit`` is the size of a page."""
    return calls.query(table, f"#{SHARD} = :shard", {":shard": text(group)}, IndexName=INDEX, Limit=limit)
