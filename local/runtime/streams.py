"""Delivers tables' streams to functions as event source mappings do: batches, bisection, retries for a day."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.topology_rows import Stream
from local.runtime.clock import now
from local.runtime.failures import Failures
from local.runtime.invoke import FunctionFailed, Functions
from local.runtime.lambda_events import stream_event

Record = Mapping[str, Any]

# How long DynamoDB keeps a record (seconds), and the pauses between two attempts: each twice as long, up to the last.
KEPT = 24 * 3600
_FIRST_PAUSE, _LAST_PAUSE = 1, 60


@dataclass(slots=True)
class RecordBatch:
    """Records that are delivered together, not before ``due`` (seconds UTC)."""

    records: Sequence[Record]
    attempts: int = 0
    due: int = 0


class StreamConsumer:
    """One function's position in one table's stream.

    A batch that fails is split in halves until the failing record is alone; a split does not count as an attempt, and
    follows at once. The record comes again and again, and all others wait behind it, until it is a day old: then it
    leaves the stream.
    """

    def __init__(self, function: str, trigger: Stream, range_key: str | None) -> None:
        self.function = function
        self.trigger = trigger
        self._range_key = range_key
        self._fresh: deque[Record] = deque()
        self._again: deque[RecordBatch] = deque()

    def offer(self, record: Record) -> None:
        """Queue the record if it passes the trigger's filter."""
        if record["eventName"] not in self.trigger.events:
            return
        changed = record["dynamodb"]
        part = changed["Keys"].get(self._range_key or "", {}).get("S")
        flagged = changed.get("NewImage", {}).get(self.trigger.flag or "") == {"BOOL": True}
        if self.trigger.part in (None, part) and (self.trigger.flag is None or flagged):
            self._fresh.append(record)

    @property
    def waiting(self) -> int:
        """The number of records that are not delivered yet."""
        return len(self._fresh) + sum(len(batch.records) for batch in self._again)

    def next_instant(self) -> int | None:
        """When the batch that failed is delivered again (seconds UTC); None if none failed."""
        return self._again[0].due if self._again else None

    def step(self, functions: Functions, failures: Failures) -> bool:
        """Deliver one batch; False if there is none to be delivered now."""
        batch = self._next(failures)
        if batch is None:
            return False
        try:
            first = _first_failure(functions.call(self.function, stream_event(batch.records)), batch.records)
            is_reported = True
        except FunctionFailed:
            first, is_reported = 0, False
        if first is not None:
            if is_reported:
                failures.refused(self.function, f"{len(batch.records) - first} records are handed over again")
            self._retry(batch, first)
        return True

    def _next(self, failures: Failures) -> RecordBatch | None:
        while batch := self._taken():
            gone = [record for record in batch.records if _created(record) <= now() - KEPT]
            if not gone:
                return batch
            source = f"stream {self.trigger.table}"
            failures.buried(self.function, source, batch.attempts, "it was a day old and left the stream", gone)
            if rest := batch.records[len(gone) :]:
                return RecordBatch(rest)
        return None

    def _taken(self) -> RecordBatch | None:
        if self._again:
            return self._again.popleft() if self._again[0].due <= now() else None
        count = min(self.trigger.batch, len(self._fresh))
        return RecordBatch([self._fresh.popleft() for _ in range(count)]) if count else None

    def _retry(self, batch: RecordBatch, first: int) -> None:
        rest = batch.records[first:]
        if first:
            self._again.appendleft(RecordBatch(rest))
        elif len(rest) > 1:
            middle = len(rest) // 2
            self._again.appendleft(RecordBatch(rest[middle:]))
            self._again.appendleft(RecordBatch(rest[:middle]))
        else:
            pause = min(_FIRST_PAUSE << min(batch.attempts, 10), _LAST_PAUSE)
            self._again.appendleft(RecordBatch(rest, batch.attempts + 1, now() + pause))


def _created(record: Record) -> int:
    return int(record["dynamodb"]["ApproximateCreationDateTime"])


def _first_failure(answer: Any, records: Sequence[Record]) -> int | None:
    """The index of the first record reported as failed, 0 if the report names none of the batch; else None."""
    reported = [item["itemIdentifier"] for item in (answer or {}).get("batchItemFailures") or ()]
    if not reported:
        return None
    places = {record["dynamodb"]["SequenceNumber"]: place for place, record in enumerate(records)}
    return min((places.get(number, 0) for number in reported), default=0)


Drain = Callable[[], Sequence[Record]]


class StreamReader:
    """One table's stream and its consumers."""

    def __init__(self, drain: Drain, consumers: Sequence[StreamConsumer]) -> None:
        self._drain = drain
        self.consumers = consumers

    def read(self) -> None:
        """Offer new records to each consumer."""
        for record in self._drain():
            for consumer in self.consumers:
                consumer.offer(record)
