"""Rows of the log: one event.

pk   identifier: the event's own partition
sk   sender's time # message id
n    name
t    time               r    received
s    source             ids  its other identifiers, in the sender's order
b    the rest, packed: p properties  t traits  c consent  x suppression  k natural key  v revision
     w trust if it is not "signed"  m identifiers that were claimed without proof  j true if it merges accounts
     u 1 if it is not known when the consent was given  h 1 if it was imported as history
hd   those of its identifiers that it may not name, since too many joined a person
ttl  when DynamoDB drops it
q    correlation id of the request that brought it
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.events import Event
from functions.core.base.trust import Trust

TABLE = "log"
IDENTIFIER, SORT, NAME, TIME, RECEIVED, SOURCE = "pk", "sk", "n", "t", "r", "s"
OTHERS, PACKED, EXPIRES, CORRELATION, HELD = "ids", "b", "ttl", "q", "hd"
PROPERTIES, TRAITS, CONSENT, SUPPRESSION, NATURAL, REVISION = "p", "t", "c", "x", "k", "v"
TRUST, CLAIMS, UNDATED, MERGES, IMPORTED = "w", "m", "u", "j", "h"
# Left out of the row: most events are a storefront's.
USUAL: Trust = "signed"

# A sender repeats a request that was not answered in time, also while the first is still at work. The key is the event,
# as its sender sent it, so both write the same row: DynamoDB lets one of them through, and the other one counts
# nothing as new. A row changes afterwards in what is held back alone, which two folds may both say: the same.
NEW = ABSENT
HOLD, IS_THERE = f"SET #{HELD} = :names", f"attribute_exists(#{IDENTIFIER})"

RECEIVED_WITHIN = f"#{RECEIVED} BETWEEN :since AND :until"
KEY_AND_TIME = f"#{IDENTIFIER}, #{SORT}, #{TIME}"


def of_identifier(identifier: str, begin: str | None = None) -> tuple[str, Item]:
    """The key condition of a partition, from sort key ``begin`` on if given, with its values."""
    where, values = f"#{IDENTIFIER} = :pk", {":pk": text(identifier)}
    return (where, values) if begin is None else (f"{where} AND #{SORT} >= :since", values | {":since": text(begin)})


def received(since: int, until: int) -> Item:
    """The placeholder values of the condition ``RECEIVED_WITHIN``."""
    return {":since": number(since), ":until": number(until)}


def key(identifier: str, sort: str) -> Item:
    """The key of an event's row."""
    return {IDENTIFIER: text(identifier), SORT: text(sort)}


def start_after(key: Item) -> str:
    """A place in the log as text, from the key of a row."""
    return json.dumps([string(key, IDENTIFIER), string(key, SORT)])


def place_of(start: str) -> Item:
    """The key that ``start_after`` wrote as text."""
    return key(*json.loads(start))


def held_names(names: Sequence[str]) -> Item:
    """The placeholder values of the update ``HOLD``."""
    return {":names": {"L": [text(name) for name in names]}}


def key_of(item: Item) -> Item:
    """The key of a row of which only ``KEY_AND_TIME`` was read."""
    return {IDENTIFIER: item[IDENTIFIER], SORT: item[SORT]}


def time_of(item: Item) -> int:
    """The event's time (seconds UTC) in such a row."""
    return integer(item, TIME)


def to_item(event: Event, retention: int, correlation: str) -> Item:
    """Encode the row, to expire ``retention`` seconds after receipt; ``correlation`` may be empty."""
    item = {
        IDENTIFIER: text(event.identifier),
        SORT: text(event.sort),
        NAME: text(event.name),
        TIME: number(event.time),
        RECEIVED: number(event.received),
        SOURCE: text(event.source),
        PACKED: binary(pack(_body(event))),
        EXPIRES: number(event.received + retention),
    }
    if others := _others(event):
        item[OTHERS] = {"L": [text(name) for name in others]}
    if correlation:
        item[CORRELATION] = text(correlation)
    return item


def from_item(item: Mapping[str, Any]) -> Event:
    """Decode the event of a row, from the table or from its stream."""
    body = unpack(raw(item[PACKED]))
    others = item[OTHERS]["L"] if OTHERS in item else ()
    held = {name["S"] for name in item[HELD]["L"]} if HELD in item else ()
    named = _joined(string(item, IDENTIFIER), [name["S"] for name in others])
    return Event(
        name=string(item, NAME),
        time=integer(item, TIME),
        received=integer(item, RECEIVED),
        identifiers=tuple(name for name in named if name not in held) if held else named,
        sort=string(item, SORT),
        source=string(item, SOURCE),
        properties=body.get(PROPERTIES, {}),
        traits=body.get(TRAITS, {}),
        consent=body.get(CONSENT),
        suppression=body.get(SUPPRESSION),
        natural=body.get(NATURAL),
        revision=body.get(REVISION, 0),
        trust=body.get(TRUST, USUAL),
        claims=tuple(body.get(CLAIMS, ())),
        undated=bool(body.get(UNDATED)),
        merges=MERGES in body,
        imported=IMPORTED in body,
    )


def _body(event: Event) -> dict[str, Any]:
    body = {
        PROPERTIES: event.properties,
        TRAITS: event.traits,
        CONSENT: event.consent,
        SUPPRESSION: event.suppression,
        NATURAL: event.natural,
        REVISION: event.revision,
        TRUST: None if event.trust == USUAL else event.trust,
        CLAIMS: list(event.claims),
        UNDATED: int(event.undated),
        MERGES: event.merges or None,
        IMPORTED: int(event.imported),
    }
    return {name: value for name, value in body.items() if value not in (None, 0) and value not in ({}, [])}


def _others(event: Event) -> list[str]:
    """The identifiers without the partition's own; an empty text marks its place if it was not the first."""
    place = event.identifiers.index(event.identifier)
    before, after = event.identifiers[:place], event.identifiers[place + 1 :]
    return [*before, *([""] if place else []), *after]


def _joined(own: str, others: Sequence[str]) -> tuple[str, ...]:
    return tuple(name or own for name in others) if "" in others else (own, *others)
