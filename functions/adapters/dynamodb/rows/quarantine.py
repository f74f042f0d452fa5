"""Rows of the table ``quarantine``: a genuine request that was not understood.

pk      source              sk      the request's id, which is that of its content
r       received            reason  why it was not understood
bytes   size of the body    b       headers and body, packed
ttl     when DynamoDB drops it
group_shard, time_key  keys of the index ``newest``, by source, which holds the reason and the size as well

Of a row nothing ever changes but the reason, when it is replayed in vain, so the index costs nothing more, and no list
reads a body. Rows of before the index have the reason with the body.
"""

from functions.adapters.dynamodb.calls import ABSENT, PRESENT
from functions.adapters.dynamodb.newest import TIME_KEY, index_keys, time_of
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.quarantine import Quarantined, QuarantineEntry

TABLE = "quarantine"
SOURCE, ID, RECEIVED, REASON, SIZE, PACKED, EXPIRES = "pk", "sk", "r", "reason", "bytes", "b", "ttl"
HEADERS, BODY = "headers", "body"
KEPT = 90 * 86400

# A delivery that is repeated has the same content, hence the same key: it finds its place taken and changes nothing,
# not even when the first one was received, which is what the list is ordered by.
NEW = ABSENT
# What a replay in vain changes: only why the request still is not understood.
RESTATE, IS_THERE = f"SET #{REASON} = :reason", PRESENT


def key(source: str, item_id: str) -> Item:
    """The key of a request's row."""
    return {SOURCE: text(source), ID: text(item_id)}


def source_of(item: Item) -> str:
    """The source of a row, also of one that the index returned."""
    return string(item, SOURCE)


def to_item(request: Quarantined) -> Item:
    """Encode the row of a request."""
    return {
        **key(request.source, request.id),
        **index_keys(request.source, request.received, request.source, request.id),
        RECEIVED: number(request.received),
        REASON: text(request.reason),
        SIZE: number(len(request.body.encode())),
        PACKED: binary(pack({HEADERS: request.headers, BODY: request.body})),
        EXPIRES: number(request.received + KEPT),
    }


def restated(reason: str) -> Item:
    """The values of the change ``RESTATE``."""
    return {":reason": text(reason)}


def from_item(item: Item) -> Quarantined:
    """Decode the request of a row."""
    body = unpack(raw(item[PACKED]))
    return Quarantined(
        source=string(item, SOURCE),
        id=string(item, ID),
        reason=string(item, REASON, body.get(REASON, "")),
        headers=body[HEADERS],
        body=body[BODY],
        received=integer(item, RECEIVED),
    )


def entry_from_item(item: Item) -> QuarantineEntry:
    """Decode a list entry from a row as the index returns it, or from a whole row that is not in the index."""
    if TIME_KEY not in item:
        request = from_item(item)
        return QuarantineEntry(request.source, request.id, request.reason, request.received, len(request.body.encode()))
    return QuarantineEntry(
        string(item, SOURCE), string(item, ID), string(item, REASON), time_of(item), integer(item, SIZE)
    )
