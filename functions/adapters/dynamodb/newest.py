"""Lists a table's rows by group, newest first, through its index ``newest``.

    group_shard   group#shard      what rows are listed by (a state, a source), spread over partitions
    time_key      seconds#digest   when, twelve digits; then a digest of the row's key, so that no two are equal

A partition takes a thousand writes a second, and new rows all go to one end of it, where DynamoDB cannot split it. So a
group is spread over several partitions. ``time_key`` orders rows of the same second too, so a cursor holds only the
``time_key`` of the last row, which applies to every partition.
"""

import hashlib
import heapq
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.values import Item, string, text
from functions.core.base.errors import Fault, Malformed

INDEX = "newest"
GROUP_SHARD, TIME_KEY = "group_shard", "time_key"
SHARDS = 4
_PLACE = re.compile(r"\d{12}#[0-9a-f]{16}")
# Rows from before the index existed come last, in the order of a scan. This prefix marks a cursor of that scan.
_UNINDEXED = "old:"
# The most pages (a megabyte each) that one call scans for rows without the index.
_SCANS = 4

Page = tuple[list[Item], str | None]


def index_keys(group: str, at: int, pk: str, sk: str) -> Item:
    """The key attributes of the index for a row of time ``at`` (seconds UTC)."""
    digest = hashlib.sha256(json.dumps([pk, sk]).encode()).hexdigest()[:16]
    shard = int(digest, 16) % SHARDS
    return {GROUP_SHARD: text(f"{group}#{shard}"), TIME_KEY: text(f"{max(at, 0):012d}#{digest}")}


def time_of(item: Item) -> int:
    """The row's time (seconds UTC), decoded from its index key."""
    return int(string(item, TIME_KEY).partition("#")[0])


def in_same_place(row: Item, entry: Item) -> bool:
    """True if the row still has the index keys of this index entry."""
    return all(row.get(name) == entry.get(name) for name in (GROUP_SHARD, TIME_KEY))


class Newest:
    """Pages of one table's rows through the index."""

    def __init__(self, calls: Calls, table: str) -> None:
        self._calls = calls
        self._table = table

    def page(self, groups: Iterable[str], limit: int, start: str | None) -> Page:
        """At most ``limit`` rows as projected by the index, and the start of the next page; None after the last.

        Rows from before the index are returned whole, whatever their group. Raises Malformed for a start that no page
        returned.
        """
        if start is not None and start.startswith(_UNINDEXED):
            return self._unindexed(limit, _read_key(start))
        if start is not None and not _PLACE.fullmatch(start):
            raise _unknown_place()
        entries = list(islice(self._merged(groups, start, limit), limit))
        if len(entries) == limit:
            return entries, string(entries[-1], TIME_KEY)
        rest, following = self._unindexed(limit - len(entries), None)
        return entries + rest, following

    def _merged(self, groups: Iterable[str], start: str | None, limit: int) -> Iterator[Item]:
        """Merge the rows of all partitions, newest first, reading each lazily."""
        partitions = [f"{group}#{shard}" for group in groups for shard in range(SHARDS)]
        # An equal share and some more; a partition with more of the newest rows is read on.
        size = limit // len(partitions) + 10
        rows = self._calls.each(lambda partition: _begun(self._rows(partition, start, size)), partitions)
        return heapq.merge(*rows, key=lambda row: string(row, TIME_KEY), reverse=True)

    def _rows(self, partition: str, start: str | None, size: int) -> Iterator[Item]:
        where, values = f"#{GROUP_SHARD} = :group", {":group": text(partition)}
        if start is not None:
            where, values = f"{where} AND #{TIME_KEY} < :place", values | {":place": text(start)}
        return self._calls.query(self._table, where, values, IndexName=INDEX, ScanIndexForward=False, Limit=size)

    def _unindexed(self, limit: int, start: Item | None) -> Page:
        unindexed: list[Item] = []
        for _ in range(_SCANS):
            rows, start = self._calls.page(self._table, start, f"attribute_not_exists(#{TIME_KEY})", {})
            unindexed += rows
            if start is None or len(unindexed) >= limit:
                break
        if len(unindexed) > limit:
            unindexed = unindexed[:limit]
            start = {name: unindexed[-1][name] for name in ("pk", "sk")} if unindexed else start
        return unindexed, None if start is None else _written_key(start)


def _begun(rows: Iterator[Item]) -> Iterator[Item]:
    """The same rows, with the first one read already."""
    first = list(islice(rows, 1))
    return chain(first, rows)


def _written_key(key: Item) -> str:
    return _UNINDEXED + json.dumps([key["pk"]["S"], key["sk"]["S"]], ensure_ascii=False)


def _read_key(place: str) -> Item:
    try:
        pk, sk = json.loads(place.removeprefix(_UNINDEXED))
    except (ValueError, TypeError):
        raise _unknown_place() from None
    if not (isinstance(pk, str) and isinstance(sk, str) and pk and sk):
        raise _unknown_place()
    return {"pk": text(pk), "sk": text(sk)}


def _unknown_place() -> Malformed:
    return Malformed(Fault("not a place that this list gave", "next"))
