"""Quarantine in DynamoDB: pk source, sk the request's id, so that a repeated delivery finds its place taken.

r received   b reason, headers and body, packed   ttl when DynamoDB drops it
"""

from functions.adapters.dynamodb.calls import ABSENT, Calls, Item, binary, integer, number, raw, string, swallow, text
from functions.adapters.packing import pack, unpack
from functions.core.errors import Conflict
from functions.core.records import Quarantined

_KEPT = 90 * 86400


class DynamoQuarantine:
    """Genuine requests that were not understood."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def put(self, item: Quarantined) -> None:
        """Keep the request; a repetition changes nothing."""
        row = _key(item.source, item.id) | {
            "r": number(item.received),
            "b": binary(pack({"reason": item.reason, "headers": item.headers, "body": item.body})),
            "ttl": number(item.received + _KEPT),
        }
        swallow(Conflict, lambda: self._calls.put("quarantine", row, ABSENT))

    def of(self, source: str) -> list[Quarantined]:
        """What the source left, oldest first."""
        rows = self._calls.query("quarantine", "#pk = :pk", {":pk": text(source)})
        return sorted(map(_quarantined, rows), key=lambda found: (found.received, found.id))

    def remove(self, source: str, item_id: str) -> None:
        """Drop it after it was replayed."""
        self._calls.write(deletes=[("quarantine", _key(source, item_id))])


def _key(source: str, item_id: str) -> Item:
    return {"pk": text(source), "sk": text(item_id)}


def _quarantined(row: Item) -> Quarantined:
    return Quarantined(
        source=string(row, "pk"), id=string(row, "sk"), received=integer(row, "r"), **unpack(raw(row["b"]))
    )
