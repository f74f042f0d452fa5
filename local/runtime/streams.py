"""Delivers tables' streams to functions as event source mappings do: batches, bisection, retries, dead letters."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.topology_rows import Stream
from local.runtime.failures import Failures
from local.runtime.invoke import FunctionFailed, Functions
from local.runtime.lambda_events import stream_event

Record = Mapping[str, Any]


@dataclass(slots=True)
class RecordBatch:
    """Records that are delivered together."""

    records: Sequence[Record]
    attempts: int = 0


class StreamConsumer:
    """One function's position in one table's stream.

    A batch that fails is split in halves until the failing record is alone; a split does not count as an attempt. After
    its last attempt the record goes to the dead letters and the stream continues. AWS waits between attempts; here they
    follow at once, since nothing else changes in between.
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

    def step(self, functions: Functions, failures: Failures) -> bool:
        """Deliver one batch; False if there is none."""
        batch = self._next()
        if batch is None:
            return False
        try:
            first = _first_failure(functions.call(self.function, stream_event(batch.records)), batch.records)
            reason = "it reported the record as failed"
        except FunctionFailed as failed:
            first, reason = 0, str(failed)
        if first is not None:
            if reason.startswith("it reported"):
                failures.refused(self.function, f"{len(batch.records) - first} records are handed over again")
            self._retry(batch, first, reason, failures)
        return True

    def _next(self) -> RecordBatch | None:
        if self._again:
            return self._again.popleft()
        if not self._fresh:
            return None
        return RecordBatch([self._fresh.popleft() for _ in range(min(self.trigger.batch, len(self._fresh)))])

    def _retry(self, batch: RecordBatch, first: int, reason: str, failures: Failures) -> None:
        rest = batch.records[first:]
        if first:
            self._again.appendleft(RecordBatch(rest))
        elif len(rest) > 1:
            middle = len(rest) // 2
            self._again.appendleft(RecordBatch(rest[middle:], batch.attempts))
            self._again.appendleft(RecordBatch(rest[:middle], batch.attempts))
        elif batch.attempts + 1 < self.trigger.attempts:
            self._again.appendleft(RecordBatch(rest, batch.attempts + 1))
        else:
            failures.buried(self.function, f"stream {self.trigger.table}", self.trigger.attempts, reason, list(rest))


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
