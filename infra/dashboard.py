"""The CloudWatch dashboard of the stack."""

from collections.abc import Callable, Iterable, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra import metrics
from infra.api import Api
from infra.function import Function
from infra.resources import Resources

# Of functions/usecases/pace.py.
_WAITS = ("SendsThrottled", "SendQuotaUsedUp", "SendingPaused")


class Dashboard(Construct):
    """Widgets in the order of an event's way: requests, functions, queues, tables, mail."""

    def __init__(
        self, scope: Construct, construct_id: str, *, functions: list[Function], resources: Resources, api: Api
    ) -> None:
        super().__init__(scope, construct_id)
        self.dashboard = cloudwatch.Dashboard(self, "page", default_interval=Duration.hours(3))
        self.dashboard.add_widgets(*_requests(api), _mail(resources))
        self.dashboard.add_widgets(
            _graph("Invocations", _each(functions, metrics.invocations)),
            _graph("Errors and throttles", [*_each(functions, metrics.errors), *_each(functions, metrics.throttles)]),
            _graph("Duration, p99 (ms)", _each(functions, metrics.duration)),
        )
        self.dashboard.add_widgets(
            _graph("Behind the streams (ms)", _each(filter(metrics.reads_stream, functions), metrics.iterator_age)),
            _graph("Oldest message (s)", _ages(resources)),
            _graph("Dead letters", _dead(functions, resources)),
        )
        self.dashboard.add_widgets(
            _graph("Write units", _units(resources, "ConsumedWriteCapacityUnits")),
            _graph("Read units", _units(resources, "ConsumedReadCapacityUnits")),
            _graph(
                "Bounce and complaint rate",
                [metrics.bounce_rate(resources.mail), metrics.complaint_rate(resources.mail)],
            ),
        )
        self.dashboard.add_widgets(_waits())


def _each(functions: Iterable[Function], metric: Callable[[Function], cloudwatch.Metric]) -> list[cloudwatch.IMetric]:
    return [metric(function).with_(label=function.row.name) for function in functions]


def _graph(title: str, left: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(left), width=8, height=6)


def _requests(api: Api) -> list[cloudwatch.GraphWidget]:
    minute = Duration.minutes(1)
    counts = [api.api.metric_count(period=minute), api.api.metric_client_error(period=minute)]
    return [
        _graph("Requests", [*counts, api.api.metric_server_error(period=minute)]),
        _graph("Answer time, p99 (ms)", [api.api.metric_latency(period=minute, statistic="p99")]),
    ]


def _mail(resources: Resources) -> cloudwatch.GraphWidget:
    return _graph("Messages", metrics.sent(resources.mail))


def _waits() -> cloudwatch.GraphWidget:
    return _graph("Messages that wait for SES", [metrics.counted(name) for name in _WAITS])


def _ages(resources: Resources) -> list[cloudwatch.IMetric]:
    queues = resources.queues.by_name.items()
    return [queue.metric_approximate_age_of_oldest_message(label=name) for name, queue in queues]


def _dead(functions: Sequence[Function], resources: Resources) -> list[cloudwatch.IMetric]:
    dead = resources.queues.dead | {each.row.name: each.dead for each in functions if each.dead}
    return [queue.metric_approximate_number_of_messages_visible(label=name) for name, queue in dead.items()]


def _units(resources: Resources, name: str) -> list[cloudwatch.IMetric]:
    tables = resources.tables.by_name.items()
    return [table.metric(name, statistic="Sum", period=Duration.minutes(1), label=label) for label, table in tables]
