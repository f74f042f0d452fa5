"""Calls of DynamoDB for tables by their names in the topology: paging, retries and errors."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar, Unpack

from functions.adapters.dynamodb.expressions import (
    SHOWN,
    Begin,
    Listing,
    ReturnOnRefusal,
    ScanSegment,
    Shown,
    names_of,
    terms,
)
from functions.adapters.dynamodb.values import Item, size, string, text
from functions.adapters.errors import translated
from functions.core.base.chunks import chunks
from functions.core.base.errors import RowTooLarge, SegueError, Throttled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        BatchGetItemOutputTypeDef,
        BatchWriteItemOutputTypeDef,
        KeysAndAttributesOutputTypeDef,
        KeysAndAttributesTypeDef,
        PutTypeDef,
        WriteRequestOutputTypeDef,
        WriteRequestTypeDef,
    )

T = TypeVar("T")
R = TypeVar("R")

ABSENT = "attribute_not_exists(#pk)"
PRESENT = "attribute_exists(#pk)"

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
ROW_BYTES = 400 * 1024
_WRITES = 25
_READS = 100
_LANES = 8
# Reads of several partitions under way at a time, of all threads together.
_QUERIES = 16
# Unprocessed items of a batch are retried after these pauses (seconds), then Throttled is raised.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


class Calls:
    """The calls that the adapters make; ``place`` maps a table to its name, ``client`` is created at the first call."""

    def __init__(self, client: "Callable[[], DynamoDBClient]", place: Callable[[str], str]) -> None:
        self._new_client = client
        self._place = place
        # Without a thread until the first call.
        self._pool = ThreadPoolExecutor(_LANES, "dynamodb")
        self._reading = BoundedSemaphore(_QUERIES)

    @cached_property
    def _client(self) -> "DynamoDBClient":
        return self._new_client()

    def _connect(self) -> None:
        """Create the client, or each thread of a cold start would create one of its own."""
        with translated("connect"):
            _ = self._client

    def get(self, table: str, key: Item) -> Item | None:
        """The item, read consistently; None if there is none."""
        with translated(f"get {table}"):
            answer = self._client.get_item(TableName=self._place(table), Key=key, ConsistentRead=True)
        return answer.get("Item")

    def put(self, table: str, item: Item, when: str, values: Item | None = None, *, show: bool = False) -> None:
        """Write the item if the condition holds; raises ConditionFailed, with the stored item if ``show``."""
        _check_size(f"put {table}", item)
        option: ReturnOnRefusal = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if show else {}
        with translated(f"put {table}"):
            self._client.put_item(
                TableName=self._place(table), Item=item, ConditionExpression=when, **terms(when, values), **option
            )

    def put_together(self, puts: Sequence[tuple[str, Item, str, Item | None]]) -> None:
        """Write all items in one transaction, each under its condition with its values; raises Conflict."""
        for table, item, *_ in puts:
            _check_size(f"put {table}", item)
        with translated("put together"):
            self._client.transact_write_items(TransactItems=[{"Put": self._put(*each)} for each in puts])

    def update(self, table: str, key: Item, change: str, when: str, values: Item, *, show: bool = False) -> Item:
        """Update the item if the condition holds; raises ConditionFailed.

        With ``show`` return what was changed, as it is now; the error has the stored item then.
        """
        option: Shown = SHOWN if show else {}
        with translated(f"update {table}"):
            answer = self._client.update_item(
                TableName=self._place(table),
                Key=key,
                UpdateExpression=change,
                ConditionExpression=when,
                **terms(f"{change} {when}", values),
                **option,
            )
        return answer.get("Attributes", {})

    def query(self, table: str, where: str, values: Item, **how: Unpack[Listing]) -> Iterator[Item]:
        """Every item that meets the key condition, in key order, read consistently unless from an index."""
        place, placeholders = self._place(table), terms(where + how.get("ProjectionExpression", ""), values)
        begin: Begin = {}
        while True:
            with translated(f"query {table}"):
                answer = self._client.query(
                    TableName=place,
                    KeyConditionExpression=where,
                    ConsistentRead="IndexName" not in how,
                    **placeholders,
                    **(how | begin),
                )
            yield from answer["Items"]
            if not (last := answer.get("LastEvaluatedKey")):
                return
            begin = {"ExclusiveStartKey": last}

    def page(
        self, table: str, start: Item | None, when: str, values: Item, **part: Unpack[ScanSegment]
    ) -> tuple[list[Item], Item | None]:
        """One page of a filtered scan, and the key from which the next one starts; None after the last."""
        begin: Begin = {"ExclusiveStartKey": start} if start else {}
        with translated(f"scan {table}"):
            answer = self._client.scan(
                TableName=self._place(table), FilterExpression=when, **terms(when, values), **part, **begin
            )
        return answer["Items"], answer.get("LastEvaluatedKey")

    def count(self, table: str) -> int:
        """The table's number of items, as DynamoDB last counted it."""
        with translated(f"describe {table}"):
            description = self._client.describe_table(TableName=self._place(table))
        return description["Table"].get("ItemCount", 0)

    def read(self, keys: Mapping[str, Sequence[Item]], *, fresh: bool) -> dict[str, list[Item]]:
        """The items with these keys that exist, by table; one round trip per hundred keys. Raises Throttled."""
        requests = [(table, key) for table, several in keys.items() for key in several]
        items: dict[str, list[Item]] = {table: [] for table in keys}
        for part in chunks(requests, _READS):
            request: dict[str, KeysAndAttributesTypeDef] = {
                self._place(table): {"Keys": [key for name, key in part if name == table], "ConsistentRead": fresh}
                for table in dict.fromkeys(table for table, _ in part)
            }
            for answer in self._read(request):
                for table in keys:
                    items[table] += answer["Responses"].get(self._place(table), [])
        return items

    def write(self, puts: Sequence[tuple[str, Item]] = (), deletes: Sequence[tuple[str, Item]] = ()) -> None:
        """Put and delete items without conditions, in batches of 25; raises Throttled."""
        for table, item in puts:
            _check_size(f"put {table}", item)
        requests: list[tuple[str, WriteRequestTypeDef]] = [
            (table, {"PutRequest": {"Item": item}}) for table, item in puts
        ]
        requests += [(table, {"DeleteRequest": {"Key": key}}) for table, key in deletes]
        for part in chunks(requests, _WRITES):
            several: dict[str, list[WriteRequestTypeDef]] = {}
            for table, entry in part:
                several.setdefault(self._place(table), []).append(entry)
            for _ in self._write(several):
                pass

    def forget(self, table: str, pk: str, sks: Iterable[str] | None = None) -> None:
        """Delete the rows with these sort keys, or the whole partition."""
        if sks is None:
            keys = self.query(table, "#pk = :pk", {":pk": text(pk)}, ProjectionExpression="#pk, #sk")
            sks = (string(key, "sk") for key in keys)
        self.write(deletes=[(table, {"pk": text(pk), "sk": text(sk)}) for sk in sks])

    def each(self, call: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Call the function on every item in parallel; raises the first error after all have finished.

        Calls that were throttled are repeated after pauses: a thousand rows of one person are too many for the second
        of their partition, and a batch that is refused for it would come again as a whole.
        """
        if len(items) <= 1:
            return [call(item) for item in items]
        self._connect()
        results: dict[int, R] = {}
        for pause in (*_PAUSES, None):
            futures = {at: self._pool.submit(call, item) for at, item in enumerate(items) if at not in results}
            errors = [error for error in (future.exception() for future in futures.values()) if error]
            results |= {at: future.result() for at, future in futures.items() if not future.exception()}
            if not errors:
                break
            if pause is None or not all(isinstance(error, Throttled) for error in errors):
                raise next((error for error in errors if not isinstance(error, Throttled)), errors[0])
            time.sleep(pause)
        return [results[at] for at in range(len(items))]

    def side_by_side(self, call: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """Call the function, which reads, on every item in threads that end with this call.

        Raises the error of the first item that has one, once the calls under way have ended; no others are begun.
        """
        if len(items) <= 1:
            return [call(item) for item in items]
        self._connect()

        def call_in_turn(item: T) -> R:
            with self._reading:
                return call(item)

        with ThreadPoolExecutor(min(_QUERIES, len(items)), "dynamodb-read") as pool:
            futures = [pool.submit(call_in_turn, item) for item in items]
            try:
                return [future.result() for future in futures]
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _put(self, table: str, item: Item, when: str, values: Item | None) -> "PutTypeDef":
        request: PutTypeDef = {"TableName": self._place(table), "Item": item, "ConditionExpression": when}
        request["ExpressionAttributeNames"] = names_of(when)
        if values:
            request["ExpressionAttributeValues"] = values
        return request

    def _read(self, request: "Mapping[str, KeysAndAttributesTypeDef]") -> "Iterator[BatchGetItemOutputTypeDef]":
        remaining: Mapping[str, KeysAndAttributesTypeDef | KeysAndAttributesOutputTypeDef] = request
        for pause in (*_PAUSES, None):
            with translated("batch_get_item"):
                answer = self._client.batch_get_item(RequestItems=remaining)
            yield answer
            if not (remaining := answer.get("UnprocessedKeys") or {}):
                return
            _wait(pause, "batch_get_item", "UnprocessedKeys")

    def _write(self, request: "Mapping[str, Sequence[WriteRequestTypeDef]]") -> "Iterator[BatchWriteItemOutputTypeDef]":
        remaining: Mapping[str, Sequence[WriteRequestTypeDef | WriteRequestOutputTypeDef]] = request
        for pause in (*_PAUSES, None):
            with translated("batch_write_item"):
                answer = self._client.batch_write_item(RequestItems=remaining)
            yield answer
            if not (remaining := answer.get("UnprocessedItems") or {}):
                return
            _wait(pause, "batch_write_item", "UnprocessedItems")


def swallow(error: type[SegueError], call: Callable[[], object]) -> bool:
    """True if the call succeeded, False if it raised an error of this type."""
    try:
        call()
    except error:
        return False
    return True


def _wait(pause: float | None, operation: str, leftover: str) -> None:
    if pause is None:
        raise Throttled(operation, leftover)
    time.sleep(pause)


def _check_size(operation: str, item: Item) -> None:
    """Raise RowTooLarge before DynamoDB refuses the row as one of many faults of a request."""
    if (taken := size(item)) > ROW_BYTES:
        raise RowTooLarge(operation, taken)
