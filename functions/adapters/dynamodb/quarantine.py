"""Quarantine in DynamoDB: pk source, sk the request's id, so that a repeated delivery finds its place taken.

r received   reason   bytes of the body   b headers and body, packed   ttl when DynamoDB drops it

Lists go by source through the index of ``newest.py``, which holds the reason and the size: a row never changes, so
that costs nothing more, and no list reads a body.
"""

from collections.abc import Sequence

from functions.adapters.dynamodb.calls import ABSENT, Calls, swallow
from functions.adapters.dynamodb.newest import Newest, index_keys
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.errors import Conflict
from functions.core.base.intake import Quarantined, QuarantineEntry

_KEPT = 90 * 86400


class DynamoQuarantine:
    """Genuine requests that were not understood."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._newest = Newest(calls, "quarantine")

    def put(self, item: Quarantined) -> None:
        """Keep the request; a repetition changes nothing."""
        row = _key(item.source, item.id) | {
            "r": number(item.received),
            "reason": text(item.reason),
            "bytes": number(len(item.body.encode())),
            "b": binary(pack({"headers": item.headers, "body": item.body})),
            "ttl": number(item.received + _KEPT),
        }
        row |= index_keys(item.source, item.received, item.source, item.id)
        swallow(Conflict, lambda: self._calls.put("quarantine", row, ABSENT))

    def get(self, source: str, item_id: str) -> Quarantined | None:
        """One request, whole."""
        row = self._calls.get("quarantine", _key(source, item_id))
        return _quarantined(row) if row else None

    def page(
        self, sources: Sequence[str], limit: int, start: str | None = None
    ) -> tuple[list[QuarantineEntry], str | None]:
        """What the sources left, newest first, without contents, and where to go on; None after the last."""
        rows, following = self._newest.page(sources, limit, start)
        return [_entry(row) for row in rows if string(row, "pk") in sources], following

    def remove(self, source: str, item_id: str) -> None:
        """Delete it; nothing happens if it is gone."""
        self._calls.write(deletes=[("quarantine", _key(source, item_id))])


def _key(source: str, item_id: str) -> Item:
    return {"pk": text(source), "sk": text(item_id)}


def _quarantined(row: Item) -> Quarantined:
    # Rows of before the index was keep the reason with the body.
    told = {"reason": string(row, "reason"), **unpack(raw(row["b"]))}
    return Quarantined(source=string(row, "pk"), id=string(row, "sk"), received=integer(row, "r"), **told)


def _entry(row: Item) -> QuarantineEntry:
    if "time_key" in row:
        received = int(string(row, "time_key").partition("#")[0])
        return QuarantineEntry(
            string(row, "pk"), string(row, "sk"), string(row, "reason"), received, integer(row, "bytes")
        )
    item = _quarantined(row)
    return QuarantineEntry(item.source, item.id, item.reason, item.received, len(item.body.encode()))
