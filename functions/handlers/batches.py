"""Partial batch answers on Powertools: which records of a batch Lambda shall bring again.

Of a stream Lambda takes up again at the first record named; of a queue it keeps the messages named and deletes the
rest. (AWS Lambda Developer Guide, "Configuring partial batch response".) Powertools reports a record for any exception;
of a queue only errors of ours are reported here, and any other is a fault of the program: it fails the invocation,
which an alarm watches. Of a stream such a fault is parked (functions/usecases/park.py): nothing could pass it.

Import Powertools' batches before pydantic: if that is there already, they import a model for each of AWS's events with
it (150 ms).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    ExceptionInfo,
    FailureResponse,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import (
    DynamoDBRecord,
    DynamoDBStreamEvent,
    StreamRecord,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSEvent, SQSMessageAttributes, SQSRecord

from functions import telemetry
from functions.core.base.errors import Malformed, SegueError, as_ours, is_outage
from functions.core.base.task_codec import decode
from functions.core.base.tasks import Task

# The message attribute and the row's attribute that say what caused them.
_ATTRIBUTE, _ROW = "correlation_id", "q"
_TRIES = 2

# Puts aside what failed of the records of a batch, by position; returns the errors of what is to come again.
Park = Callable[[Mapping[int, Exception], Sequence[DynamoDBRecord]], Mapping[int, Exception]]


def tasks(event: SQSEvent, queue: str, work: Callable[[Any], object]) -> PartialItemFailureResponse:
    """Do the task of each message of a queue's batch; one that raises an error of ours is returned to the queue.

    A message that is no task of the queue is one of these, so it ends among the dead letters, and alone.
    """

    def take(record: SQSRecord) -> object:
        telemetry.correlate(_cause_of_message(record))
        return work(decode(queue, record.body))

    return _answer(event, take, _Each(EventType.SQS, SegueError))


def bodies(event: SQSEvent, work: Callable[[str], object]) -> PartialItemFailureResponse:
    """Work through messages that are no tasks; one at which the program fails comes back alone, with a line about it.

    Others wrote them, so that one which nobody expected may not hold up those beside it.
    """

    def take(record: SQSRecord) -> object:
        telemetry.correlate()
        try:
            return work(record.body)
        except SegueError:
            raise
        except Exception as fault:
            reported({0: fault}, {})
            raise as_ours(fault) from None

    return _answer(event, take, _Each(EventType.SQS, SegueError))


def changes(
    event: DynamoDBStreamEvent, work: Callable[[DynamoDBRecord], object], park: Park
) -> PartialItemFailureResponse:
    """Process a stream's records in order until an outage; Lambda sends that record and all behind it again.

    What fails twice for a reason of its own does not stop the others; ``park`` puts it aside, and returns what it
    leaves to the stream.
    """

    def take(records: list[DynamoDBRecord]) -> Mapping[int, SegueError]:
        errors: dict[int, Exception] = {}
        for place, record in enumerate(records):
            telemetry.correlate(_cause_of_row(record))
            if error := _error_of(work, record):
                errors[place] = error
                if is_outage(error):
                    break
        return reported(errors, park(errors, records))

    return _answer(event, take, _Together(EventType.DynamoDBStreams, SegueError))


def _error_of(work: Callable[[DynamoDBRecord], object], record: DynamoDBRecord) -> Exception | None:
    """Why the record fails; one that fails for no outage is tried twice."""
    error: Exception | None = None
    for _ in range(_TRIES):
        try:
            work(record)
        except Exception as raised:
            if is_outage(error := raised):
                break
        else:
            return None
    return error


def inserts(
    event: DynamoDBStreamEvent, work: Callable[[list[DynamoDBRecord]], Mapping[int, SegueError]]
) -> PartialItemFailureResponse:
    """Process all records of a stream at once; ``work`` returns the errors of those that failed, by position."""

    def take(records: list[DynamoDBRecord]) -> Mapping[int, SegueError]:
        telemetry.correlate(*map(_cause_of_row, records))
        return work(records)

    return _answer(event, take, _Together(EventType.DynamoDBStreams, SegueError))


def tasks_together(
    event: SQSEvent, queue: str, work: Callable[[list[Any]], Mapping[int, SegueError]]
) -> PartialItemFailureResponse:
    """Do all tasks of a queue's batch at once; ``work`` returns the errors of those that failed, by position.

    A message that is no task of the queue is one of those that failed.
    """

    def take(records: list[SQSRecord]) -> Mapping[int, SegueError]:
        telemetry.correlate(*map(_cause_of_message, records))
        read = [_decoded(queue, record) for record in records]
        good = [place for place, task in enumerate(read) if not isinstance(task, SegueError)]
        failed = {good[place]: error for place, error in work([read[place] for place in good]).items()}
        return failed | {place: task for place, task in enumerate(read) if isinstance(task, SegueError)}

    return _answer(event, take, _Together(EventType.SQS, SegueError))


def reported(failed: Mapping[int, Exception], again: Mapping[int, Exception]) -> dict[int, SegueError]:
    """Write a line about each kind of what failed for no outage; return the errors of what is to come ``again``.

    An error that is none of ours is named by its kind and the place where it was raised: its text may hold anything.
    """
    for place, error in {telemetry.place_of(each): each for each in failed.values() if not is_outage(each)}.items():
        extra = {"error": type(error).__name__, "place": place, "parked": len(failed) - len(again)}
        telemetry.logger().error("a record fails for a reason of its own", extra=extra)
    return {position: as_ours(error) for position, error in again.items()}


def images(record: DynamoDBRecord) -> StreamRecord:
    """The row before and after the change, by ``OldImage`` and ``NewImage`` in DynamoDB's own types.

    Adapters read these; ``new_image`` of Powertools would read them into others.
    """
    assert record.dynamodb is not None
    return record.dynamodb


def _decoded(queue: str, record: SQSRecord) -> Task | Malformed:
    try:
        return decode(queue, record.body)
    except Malformed as fault:
        return fault


def _answer(
    event: SQSEvent | DynamoDBStreamEvent, take: Callable[[Any], object], processor: BatchProcessor
) -> PartialItemFailureResponse:
    with processor(event["Records"], take):
        processor.process()
    return processor.response()


class _Each(BatchProcessor):
    """A batch processor that reports errors of type ``expected`` and raises all others: faults of the program."""

    def __init__(self, event_type: EventType, expected: type[SegueError]) -> None:
        super().__init__(event_type, raise_on_entire_batch_failure=False)
        self._expected = expected

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        error = exception[1]
        if not isinstance(error, self._expected):
            assert error is not None
            raise error
        self.report(error)
        return super().failure_handler(record, exception)

    def report(self, error: SegueError) -> None:
        """Write the line about a record that will be brought again."""
        extra = {"error": type(error).__name__, "detail": str(error)}
        telemetry.logger().warning("a record will be tried again", extra=extra)


class _Together(_Each):
    """A batch processor that passes all records on at once, so that they can be divided by person."""

    def process(self) -> list[tuple[Any, ...]]:
        wrapped: type[DynamoDBRecord] | type[SQSRecord] = (
            SQSRecord if self.event_type is EventType.SQS else DynamoDBRecord
        )
        records = [wrapped(record) for record in self.records]
        failed = self.handler(records)
        for error in {str(each): each for each in failed.values()}.values():
            super().report(error)
        return [
            self.failure_handler(record, (type(failed[place]), failed[place], None))
            if place in failed
            else self.success_handler(record, None)
            for place, record in enumerate(records)
        ]

    def report(self, error: SegueError) -> None:
        """One line an error, whatever the number of records: when AWS fails, all fail alike."""


def _cause_of_message(record: SQSRecord) -> str:
    attribute = SQSMessageAttributes(record.get("messageAttributes") or {})[_ATTRIBUTE]
    return (attribute.string_value or "") if attribute else ""


def _cause_of_row(record: DynamoDBRecord) -> str:
    row = images(record).get("NewImage") or {}
    return str(row.get(_ROW, {}).get("S", ""))
