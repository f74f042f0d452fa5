"""What moto needs to carry thousands of people: it sorts a whole table for every query and forgets e-mail tags.

The answers stay moto's own; only the items that it looks at are chosen beforehand.
"""

import copy
import json
import threading
import time
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest import mock

import moto.dynamodb.models as dynamodb_models
import moto.sqs.models as sqs_models
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto.core import responses
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.events.models import EventsBackend
from moto.sesv2.responses import SESV2Response

from local.shapes import REGION

Key = tuple[DynamoType, DynamoType | None]

# Collect writes the events of one request side by side, and moto numbers its stream by counting.
_WRITING = threading.RLock()


Value = int | str
Place = tuple[Value, str, str]


@dataclass(slots=True)
class IndexRows:
    """The rows of one index, each partition in order of its range key, which is a number or a text."""

    hash: str
    range: str
    partitions: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    places: dict[tuple[str, str], tuple[str, Place, Key]] = field(default_factory=dict)

    def note(self, item: Item) -> None:
        """Put the item where its keys say, or take it out when it lacks one."""
        self.drop(item.hash_key, item.range_key)
        partition, value = item.attrs.get(self.hash), item.attrs.get(self.range)
        if partition is not None and value is not None:
            name = _name(item.hash_key, item.range_key)
            place = (_plain(value), *name)
            self.places[name] = (partition.value, place, (item.hash_key, item.range_key))
            insort(self.partitions[partition.value], place)

    def drop(self, hash_key: DynamoType, range_key: DynamoType | None) -> None:
        """Take the item out."""
        if (known := self.places.pop(_name(hash_key, range_key), None)) is not None:
            partition, place, _ = known
            ordered = self.partitions[partition]
            del ordered[bisect_right(ordered, place) - 1]

    def upto(self, partition: str, bound: Value | None) -> Iterator[Key]:
        """The keys of the partition whose range key is at most the bound."""
        ordered = self.partitions.get(partition, [])
        end = len(ordered) if bound is None else bisect_right(ordered, bound, key=_first)
        return (self.places[row[1:]][2] for row in ordered[:end])

    @property
    def earliest(self) -> Value | None:
        """The smallest range key."""
        return min((ordered[0][0] for ordered in self.partitions.values() if ordered), default=None)


class PartitionedTable(Table):  # type: ignore[misc]  # moto is untyped
    """moto's table, looking at one partition, or at the head of one index, for a query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {
            index.name: IndexRows(*(key["AttributeName"] for key in index.schema)) for index in self.all_indexes()
        }

    def note(self, item: Item) -> None:
        """Keep the indexes in step with the item."""
        for rows in self.rows.values():
            rows.note(item)

    def put_item(self, *args: Any, **kwargs: Any) -> Item:
        """As moto does, and index it."""
        with _WRITING:
            item = super().put_item(*args, **kwargs)
            self.note(item)
        return item

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        """As moto does, and take it out of the indexes."""
        with _WRITING:
            for rows in self.rows.values():
                rows.drop(hash_key, range_key)
            return super().delete_item(hash_key, range_key)

    def query(
        self,
        hash_key: DynamoType | None,
        range_comparison: str | None,
        range_objs: list[DynamoType],
        limit: int,
        exclusive_start_key: dict[str, Any],
        scan_index_forward: bool,
        projection_expressions: list[list[str]] | None,
        index_name: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """As moto does, over the items that can match."""
        shadow = copy.copy(self)
        if index_name is not None and index_name in self.rows:
            bound = _upper(range_comparison, range_objs)
            shadow.items = self._head(index_name, "" if hash_key is None else hash_key.value, bound)
        else:
            shadow.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        return Table.query(
            shadow,
            hash_key,
            range_comparison,
            range_objs,
            limit,
            exclusive_start_key,
            scan_index_forward,
            projection_expressions,
            index_name,
            *args,
            **kwargs,
        )

    def _head(self, index: str, partition: str, bound: Value | None) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for hash_key, range_key in self.rows[index].upto(partition, bound):
            if range_key is None:
                found[hash_key] = self.items[hash_key]
            else:
                found.setdefault(hash_key, {})[range_key] = self.items[hash_key][range_key]
        return found


@dataclass(slots=True)
class Aside:
    """What moto takes but does not keep: tags and configuration set of each e-mail, and the event bus's events."""

    emails: dict[str, dict[str, Any]] = field(default_factory=dict)
    announcements: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def tuned() -> Iterator[Aside]:
    """moto with the changes above, until left."""
    aside = Aside()
    with ExitStack() as stack:
        for target, name, replacement in (
            (dynamodb_models, "Table", PartitionedTable),
            (dynamodb_models.DynamoDBBackend, "update_item", _update_item(dynamodb_models.DynamoDBBackend.update_item)),
            (sqs_models, "unix_time_millis", _millis),
            # Nobody checks signatures or counts user agents here, and both cost more than the call itself.
            (RequestSigner, "sign", _sign),
            (UserAgentString, "to_string", lambda _self: "segue-local"),
            (sqs_models.Message, "visible", property(_visible)),
            (responses, "method_names_from_class", cache(responses.method_names_from_class)),
            (ResponseSerializer, "_serialize_type_structure", _structure(ResponseSerializer._serialize_type_structure)),
            (SESV2Response, "send_email", _send_email(SESV2Response.send_email, aside)),
            (EventsBackend, "put_events", _put_events(EventsBackend.put_events, aside)),
        ):
            stack.enter_context(mock.patch.object(target, name, replacement))
        yield aside


def _name(hash_key: DynamoType, range_key: DynamoType | None) -> tuple[str, str]:
    return str(hash_key.value), "" if range_key is None else str(range_key.value)


def _plain(value: DynamoType) -> Value:
    return int(float(value.value)) if value.is_number() else str(value.value)


def _first(place: Place) -> Value:
    return place[0]


def _upper(comparison: Any, bounds: Any) -> Value | None:
    if str(comparison).upper() not in ("<", "<=", "=", "LT", "LE", "EQ", "BETWEEN") or not bounds:
        return None
    return max(map(_plain, bounds))


def _visible(message: sqs_models.Message) -> bool:
    # moto asks for later than the instant; under a frozen clock a message due now would never be seen.
    return bool(_millis() >= message.visible_at)


def _millis() -> float:
    # Every message sent asks this of every message that waits; moto's own goes through two datetimes.
    return time.time() * 1000


def _sign(_signer: RequestSigner, _operation: str, request: Any, *_args: Any, **_kwargs: Any) -> None:
    # moto reads the region from the scope, and no more.
    scope = f"local/20260101/{REGION}/local/aws4_request"
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"


def _structure(original: Any) -> Any:
    def structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        # An attribute has one of ten types; moto looks for each of them under four spellings.
        if shape.name != "AttributeValue" or not isinstance(value, dict) or not key:
            original(self, serialized, value, shape, key)
            return
        wrapper = self.MAP_TYPE()
        for name, inner in value.items():
            self._serialize(wrapper, inner, shape.members[name], name)
        self._default_serialize(serialized, wrapper, shape, key)

    return structure


def _update_item(original: Any) -> Any:
    def update_item(self: Any, table_name: str, *args: Any, **kwargs: Any) -> Item:
        with _WRITING:
            item: Item = original(self, table_name, *args, **kwargs)
            self.get_table(table_name).note(item)
        return item

    return update_item


def _send_email(original: Any, aside: Aside) -> Any:
    def send_email(self: Any) -> str:
        answer: str = original(self)
        asked = json.loads(self.body)
        aside.emails[json.loads(answer)["MessageId"]] = {
            "tags": {tag["Name"]: tag["Value"] for tag in asked.get("EmailTags") or ()},
            "configuration_set": asked.get("ConfigurationSetName"),
        }
        return answer

    return send_email


def _put_events(original: Any, aside: Aside) -> Any:
    def put_events(self: Any, events: list[dict[str, Any]]) -> Any:
        answer = original(self, events)
        aside.announcements.extend(events)
        del aside.announcements[:-500]
        return answer

    return put_events
