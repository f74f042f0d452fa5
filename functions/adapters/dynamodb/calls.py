"""DynamoDB by the names of the topology: attribute values, expressions, pages, leftovers and errors in one place.

Expressions write every attribute as ``#name`` and every value as ``:name``.
"""

import base64
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, TypeVar

from functions.adapters.batches import chunks
from functions.adapters.errors import translated
from functions.core.errors import SegueError, Throttled

T = TypeVar("T")
R = TypeVar("R")
Value = dict[str, Any]
Item = dict[str, Value]

ABSENT = "attribute_not_exists(#pk)"
PRESENT = "attribute_exists(#pk)"

_WRITES = 25
_READS = 100
_LANES = 8
# What a batch leaves undone is asked for again after these pauses (seconds), then given up.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


def text(value: str) -> Value:
    """A string attribute."""
    return {"S": value}


def number(value: int) -> Value:
    """A number attribute."""
    return {"N": str(value)}


def binary(value: bytes) -> Value:
    """A binary attribute."""
    return {"B": value}


def integer(item: Item, name: str, default: int = 0) -> int:
    """A number attribute's value."""
    return int(item[name]["N"]) if name in item else default


def string(item: Item, name: str, default: str = "") -> str:
    """A string attribute's value."""
    return str(item[name]["S"]) if name in item else default


def raw(value: Value) -> bytes:
    """A binary attribute's bytes, whether a client decoded it or a Lambda event carries it as base64."""
    found = value["B"]
    return base64.b64decode(found) if isinstance(found, str) else bytes(found)


def shard_of(profile: str, shards: int) -> str:
    """The due index's partition of a profile."""
    return str(zlib.crc32(profile.encode()) % shards)


class Calls:
    """The calls that the adapters make; ``place`` gives a table's name, ``client`` is asked at the first call."""

    def __init__(self, client: Callable[[], Any], place: Callable[[str], str]) -> None:
        self._new_client = client
        self._place = place

    @cached_property
    def _client(self) -> Any:
        return self._new_client()

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_LANES, "dynamodb")

    def get(self, table: str, key: Item) -> Item | None:
        """The item, read strongly."""
        with translated(f"get {table}"):
            found: Item | None = self._client.get_item(TableName=self._place(table), Key=key, ConsistentRead=True).get(
                "Item"
            )
        return found

    def put(self, table: str, item: Item, when: str = "", values: Item | None = None, *, show: bool = False) -> None:
        """Write the item if the condition holds; ``show`` has ConditionFailed carry what is stored."""
        more: dict[str, Any] = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if show else {}
        if when:
            more |= {"ConditionExpression": when, **_terms(when, values)}
        with translated(f"put {table}"):
            self._client.put_item(TableName=self._place(table), Item=item, **more)

    def put_together(self, puts: Sequence[tuple[str, Item, str, Item | None]]) -> None:
        """Write the items, each with its condition and the values in it, or none of them."""
        requests = [
            {"TableName": self._place(table), "Item": item, "ConditionExpression": when, **_terms(when, values)}
            for table, item, when, values in puts
        ]
        with translated("put together"):
            self._client.transact_write_items(TransactItems=[{"Put": request} for request in requests])

    def update(self, table: str, key: Item, change: str, when: str, values: Item) -> None:
        """Change the item if the condition holds."""
        with translated(f"update {table}"):
            self._client.update_item(
                TableName=self._place(table),
                Key=key,
                UpdateExpression=change,
                ConditionExpression=when,
                **_terms(change + when, values),
            )

    def query(self, table: str, where: str, values: Item, **more: Any) -> Iterator[Item]:
        """Every item of a partition that the key condition lets through, in order, strongly unless on an index."""
        keys = more.pop("ProjectionExpression", "")
        terms = _terms(where + keys, values)
        if keys:
            more["ProjectionExpression"] = keys
        more.setdefault("ConsistentRead", "IndexName" not in more)
        return self._paged("query", table, KeyConditionExpression=where, **terms, **more)

    def scan(self, table: str, **more: Any) -> Iterator[Item]:
        """Every item of the table."""
        return self._paged("scan", table, **more)

    def page(
        self, table: str, start: Item | None, when: str, values: Item, **more: Any
    ) -> tuple[list[Item], Item | None]:
        """One page of a scan and where the next one starts."""
        place: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
        with translated(f"scan {table}"):
            answer = self._client.scan(
                TableName=self._place(table), FilterExpression=when, **_terms(when, values), **place, **more
            )
        return answer["Items"], answer.get("LastEvaluatedKey")

    def count(self, table: str) -> int:
        """How many items DynamoDB last counted."""
        with translated(f"describe {table}"):
            found = self._client.describe_table(TableName=self._place(table))
        return int(found["Table"].get("ItemCount", 0))

    def read(self, keys: Mapping[str, Sequence[Item]], *, fresh: bool) -> dict[str, list[Item]]:
        """The items that exist of the keys, by table: one round trip per hundred keys."""
        wanted = [(table, key) for table, several in keys.items() for key in several]
        found: dict[str, list[Item]] = {table: [] for table in keys}
        for part in chunks(wanted, _READS):
            request: dict[str, Any] = {}
            for table, key in part:
                asked = request.setdefault(self._place(table), {"Keys": [], "ConsistentRead": fresh})
                asked["Keys"].append(key)
            answers = self._until_done("batch_get_item", request, "UnprocessedKeys")
            for answer in answers:
                for table in keys:
                    found[table] += answer["Responses"].get(self._place(table), [])
        return found

    def write(self, puts: Sequence[tuple[str, Item]] = (), deletes: Sequence[tuple[str, Item]] = ()) -> None:
        """Put and delete without conditions, twenty-five at a time."""
        requests = [(table, {"PutRequest": {"Item": item}}) for table, item in puts]
        requests += [(table, {"DeleteRequest": {"Key": key}}) for table, key in deletes]
        for part in chunks(requests, _WRITES):
            request: dict[str, list[Any]] = {}
            for table, entry in part:
                request.setdefault(self._place(table), []).append(entry)
            for _ in self._until_done("batch_write_item", request, "UnprocessedItems"):
                pass

    def forget(self, table: str, pk: str, sks: Iterable[str] | None = None) -> None:
        """Delete the rows of these sort keys, or the whole partition."""
        if sks is None:
            keys = self.query(table, "#pk = :pk", {":pk": text(pk)}, ProjectionExpression="#pk, #sk")
            sks = (string(key, "sk") for key in keys)
        self.write(deletes=[(table, {"pk": text(pk), "sk": text(sk)}) for sk in sks])

    def each(self, call: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """The call on every item, side by side; raises the first error after all have finished."""
        if len(items) <= 1:
            return [call(item) for item in items]
        # Made here, or each lane of a cold start would make a client of its own.
        with translated("connect"):
            _ = self._client
        futures = [self._pool.submit(call, item) for item in items]
        errors = [error for error in (future.exception() for future in futures) if error]
        for error in errors:
            raise error
        return [future.result() for future in futures]

    def _paged(self, operation: str, table: str, **request: Any) -> Iterator[Item]:
        request["TableName"] = self._place(table)
        while True:
            with translated(f"{operation} {table}"):
                answer = getattr(self._client, operation)(**request)
            yield from answer["Items"]
            if not (last := answer.get("LastEvaluatedKey")):
                return
            request["ExclusiveStartKey"] = last

    def _until_done(self, operation: str, request: dict[str, Any], leftover: str) -> Iterator[dict[str, Any]]:
        for pause in (*_PAUSES, None):
            with translated(operation):
                answer = getattr(self._client, operation)(RequestItems=request)
            yield answer
            request = answer.get(leftover) or {}
            if not request:
                return
            if pause is None:
                raise Throttled(operation, leftover)
            time.sleep(pause)


def swallow(error: type[SegueError], call: Callable[[], None]) -> bool:
    """Whether the call went through; False if it raised the error."""
    try:
        call()
    except error:
        return False
    return True


def _terms(expression: str, values: Item | None) -> dict[str, Any]:
    names = {name: name[1:] for name in re.findall(r"#\w+", expression)}
    terms: dict[str, Any] = {}
    if names:
        terms["ExpressionAttributeNames"] = names
    if values:
        terms["ExpressionAttributeValues"] = values
    return terms
