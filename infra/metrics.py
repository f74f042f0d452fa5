"""The metrics that alarms watch and the dashboard shows.

They have no label: with one CloudFormation gets metric math, which makes an alarm more expensive.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from functions.topology_rows import Every, Stream
from infra.function import Function
from infra.mail import BY_SET, Mail

_PERIOD = Duration.minutes(1)


def errors(function: Function) -> cloudwatch.Metric:
    """Invocations that ended in an exception or a time-out."""
    return function.function.metric_errors(period=_PERIOD)


def throttles(function: Function) -> cloudwatch.Metric:
    """Invocations that Lambda refused for lack of concurrency."""
    return function.function.metric_throttles(period=_PERIOD)


def invocations(function: Function) -> cloudwatch.Metric:
    """The number of invocations."""
    return function.function.metric_invocations(period=_PERIOD)


def duration(function: Function) -> cloudwatch.Metric:
    """The 99th percentile of the duration."""
    return function.function.metric_duration(period=_PERIOD, statistic="p99")


def iterator_age(function: Function) -> cloudwatch.Metric:
    """How far the function is behind its stream, in milliseconds."""
    return function.function.metric("IteratorAge", period=_PERIOD, statistic="Maximum")


def sent(mail: Mail) -> list[cloudwatch.Metric]:
    """The number of messages by what became of them."""
    return [_ses(mail, name, "Sum") for name in ("Send", "Delivery", "Bounce", "Complaint")]


def bounce_rate(mail: Mail) -> cloudwatch.Metric:
    """The share of messages that bounced for good, as SES computes it."""
    return _ses(mail, "Reputation.BounceRate", "Average")


def complaint_rate(mail: Mail) -> cloudwatch.Metric:
    """The share of messages that were marked as spam, as SES computes it."""
    return _ses(mail, "Reputation.ComplaintRate", "Average")


def reads_stream(function: Function) -> bool:
    """True if a stream triggers the function."""
    return any(isinstance(trigger, Stream) for trigger in function.row.triggers)


def ticks(function: Function) -> bool:
    """True if the function is the one that wakes due profiles and runs."""
    return any(isinstance(trigger, Every) and trigger.minutes == 1 for trigger in function.row.triggers)


def counted(name: str) -> cloudwatch.Metric:
    """How often the functions counted something of this name (``functions/telemetry.py``)."""
    return cloudwatch.Metric(namespace="Segue", metric_name=name, statistic="Sum", period=_PERIOD)


def _ses(mail: Mail, name: str, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SES",
        metric_name=name,
        statistic=statistic,
        period=Duration.minutes(5),
        dimensions_map={BY_SET: mail.configuration_set.configuration_set_name},
    )
