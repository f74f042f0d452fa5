"""The log in DynamoDB.

pk   the event's identifier          n    name        s    source
sk   sender's time # message id      t    time        ids  its other identifiers, in the sender's order
ttl  when DynamoDB drops it          r    received    b    the rest, packed
q    the correlation id of the request that brought it
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT, Calls
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.base.errors import Conflict
from functions.core.base.events import Event
from functions.core.base.identity import Span, within

_DAY = 86400


class DynamoLog:
    """The append-only record of every accepted event."""

    def __init__(self, calls: Calls, retention_days: int, cause: Callable[[], str] = str) -> None:
        self._calls = calls
        self._cause = cause
        self._retention = retention_days * _DAY

    def append(self, events: Sequence[Event]) -> int:
        """Write the events side by side; of one key the first write wins, in a batch the first event."""
        first = {event.id: event for event in reversed(events)}
        return sum(self._calls.each(self._put, list(reversed(first.values()))))

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        """The partition from the sender's time ``since`` on, strongly, oldest first."""
        where, values = "#pk = :pk", {":pk": text(identifier)}
        if since > 0:
            where += " AND #sk >= :since"
            values[":since"] = text(datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%S"))
        return map(self.from_image, self._calls.query("log", where, values))

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        """Delete the partition, or what happened within the spans; return how many events that were."""
        where, values = "#pk = :pk", {":pk": text(identifier)}
        rows = self._calls.query("log", where, values, ProjectionExpression="#pk, #sk, #t")
        keys = [{"pk": row["pk"], "sk": row["sk"]} for row in rows if within(spans, integer(row, "t"))]
        self._calls.write(deletes=[("log", key) for key in keys])
        return len(keys)

    @staticmethod
    def from_image(image: Mapping[str, Any]) -> Event:
        """The event of an item, read from the table or from its stream."""
        item = dict(image)
        body = unpack(raw(item["b"]))
        return Event(
            name=string(item, "n"),
            time=integer(item, "t"),
            received=integer(item, "r"),
            identifiers=_joined(string(item, "pk"), [name["S"] for name in item.get("ids", {"L": []})["L"]]),
            sort=string(item, "sk"),
            source=string(item, "s"),
            properties=body.get("p", {}),
            traits=body.get("t", {}),
            consent=body.get("c"),
            suppression=body.get("x"),
            natural=body.get("k"),
            revision=body.get("v", 0),
        )

    def _put(self, event: Event) -> int:
        try:
            self._calls.put("log", self._item(event), ABSENT)
        except Conflict:
            return 0
        return 1

    def _item(self, event: Event) -> Item:
        item = {
            "pk": text(event.identifier),
            "sk": text(event.sort),
            "n": text(event.name),
            "t": number(event.time),
            "r": number(event.received),
            "s": text(event.source),
            "b": binary(pack(_body(event))),
            "ttl": number(event.received + self._retention),
        }
        if others := _others(event):
            item["ids"] = {"L": [text(name) for name in others]}
        if cause := self._cause():
            item["q"] = text(cause)
        return item


def _body(event: Event) -> dict[str, Any]:
    body = {
        "p": event.properties,
        "t": event.traits,
        "c": event.consent,
        "x": event.suppression,
        "k": event.natural,
        "v": event.revision,
    }
    return {name: value for name, value in body.items() if value not in (None, 0) and value != {}}


def _others(event: Event) -> list[str]:
    """The identifiers without the partition's; an empty text keeps its place when it was not the first."""
    place = event.identifiers.index(event.identifier)
    before, after = event.identifiers[:place], event.identifiers[place + 1 :]
    return [*before, *([""] if place else []), *after]


def _joined(own: str, others: list[str]) -> tuple[str, ...]:
    return tuple(name or own for name in others) if "" in others else (own, *others)
