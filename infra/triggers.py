"""The triggers of functions, one construct per kind of trigger in the topology."""

from collections.abc import Callable
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from constructs import Construct

from functions import topology
from functions.topology_rows import Every, Http, QueueMessages, Stream
from infra import concurrency
from infra.api import Api
from infra.function import Function
from infra.resources import Resources

_DAY = 24 * 60
# How long DynamoDB keeps the records of a stream, and Lambda's word for trying until then.
_KEPT = Duration.hours(24)
_WITHOUT_END = -1


class Triggers(Construct):
    """Every trigger of every function; ``window`` is for how many seconds a batch of the log's stream may wait."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: list[Function],
        resources: Resources,
        api: Api,
        window: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self._window = Duration.seconds(window)
        self._resources, self._api = resources, api
        attach: dict[type, Callable[[Function, Any], None]] = {
            Http: self._http,
            Stream: self._stream,
            QueueMessages: self._messages,
            Every: self._every,
        }
        for function in functions:
            for trigger in function.row.triggers:
                attach[type(trigger)](function, trigger)

    def _http(self, function: Function, trigger: Http) -> None:
        self._api.route(trigger, function)

    def _stream(self, function: Function, trigger: Stream) -> None:
        assert function.dead is not None
        source = sources.DynamoEventSource(
            self._resources.tables.by_name[trigger.table],
            # Before the first deploy nothing was written, and after it nothing may be skipped.
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=trigger.batch,
            max_batching_window=self._window if trigger.waits else None,
            parallelization_factor=concurrency.of_a_shard(trigger, function.most_at_once),
            # As long as DynamoDB keeps the record. Then its place goes to the dead letters, which ring, and not the
            # event, which is in the log: see docs/operating.md.
            max_record_age=_KEPT,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            on_failure=sources.SqsDlq(function.dead),
            filters=[lambda_.FilterCriteria.filter(_pattern(trigger))],
        )
        _map(source, function)

    def _messages(self, function: Function, trigger: QueueMessages) -> None:
        queue = self._resources.queues.by_name[trigger.queue]
        source = sources.SqsEventSource(
            queue,
            batch_size=trigger.batch,
            report_batch_item_failures=True,
            # No more than the function may have: what Lambda refused would count as an attempt of its message.
            max_concurrency=min(function.most_at_once, trigger.side_by_side or function.most_at_once),
        )
        _map(source, function)

    def _every(self, function: Function, trigger: Every) -> None:
        # A round that is late is worth nothing: the next one begins where the one before has ended.
        target = scheduler_targets.LambdaInvoke(
            function.alias,
            dead_letter_queue=function.dead,
            max_event_age=Duration.minutes(trigger.minutes),
            retry_attempts=1,
        )
        scheduler.Schedule(self, f"{function.row.name}-every", schedule=_rounds(trigger), target=target)


def _map(source: lambda_.IEventSource, function: Function) -> None:
    """Create the event source mapping from the source to the function's alias.

    The mapping belongs to the function and is pointed at the alias afterwards. Created for the alias it would be
    another resource than that of releases whose functions had no alias: the first deployment after them would replace
    the mapping, and read streams from their beginning again.
    """
    function.function.add_event_source(source)
    for mapping in function.function.node.find_all():
        if isinstance(mapping, lambda_.CfnEventSourceMapping):
            mapping.function_name = function.alias.function_arn
            if mapping.starting_position:
                # Written out: a mapping that was deployed with a number would keep it.
                mapping.maximum_retry_attempts = _WITHOUT_END


def _rounds(trigger: Every) -> scheduler.ScheduleExpression:
    if trigger.minutes < _DAY:
        return scheduler.ScheduleExpression.rate(Duration.minutes(trigger.minutes))
    hour, minute = divmod(trigger.offset, 60)
    return scheduler.ScheduleExpression.cron(hour=str(hour), minute=str(minute))


def _pattern(trigger: Stream) -> dict[str, Any]:
    pattern: dict[str, Any] = {"eventName": lambda_.FilterRule.or_(*trigger.events)}
    if trigger.part:
        table = next(row for row in topology.TABLES if row.name == trigger.table)
        pattern["dynamodb"] = {"Keys": {table.range: {"S": lambda_.FilterRule.is_equal(trigger.part)}}}
    if trigger.flag:
        pattern.setdefault("dynamodb", {})["NewImage"] = {trigger.flag: {"BOOL": [True]}}
    return pattern
