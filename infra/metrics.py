"""What is measured: the numbers that alarms watch and the dashboard draws.

They carry no label: with one, CloudFormation gets metric mathematics, which is an alarm of another price.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from functions import topology
from infra.function import Function
from infra.mail import Mail

_PERIOD = Duration.minutes(1)


def errors(function: Function) -> cloudwatch.Metric:
    """Invocations that ended in an exception or out of time."""
    return function.function.metric_errors(period=_PERIOD)


def throttles(function: Function) -> cloudwatch.Metric:
    """Invocations that Lambda refused for want of concurrency."""
    return function.function.metric_throttles(period=_PERIOD)


def invocations(function: Function) -> cloudwatch.Metric:
    """How often it was called."""
    return function.function.metric_invocations(period=_PERIOD)


def duration(function: Function) -> cloudwatch.Metric:
    """How long all but the slowest hundredth took."""
    return function.function.metric_duration(period=_PERIOD, statistic="p99")


def iterator_age(function: Function) -> cloudwatch.Metric:
    """How far the function is behind its stream, in milliseconds."""
    return function.function.metric("IteratorAge", period=_PERIOD, statistic="Maximum")


def sent(mail: Mail) -> list[cloudwatch.Metric]:
    """What became of the messages, a count each."""
    return [_ses(mail, name, "Sum") for name in ("Send", "Delivery", "Bounce", "Complaint")]


def bounce_rate(mail: Mail) -> cloudwatch.Metric:
    """The share of messages that came back for good, as SES judges it."""
    return _ses(mail, "Reputation.BounceRate", "Average")


def complaint_rate(mail: Mail) -> cloudwatch.Metric:
    """The share of messages that somebody called spam, as SES judges it."""
    return _ses(mail, "Reputation.ComplaintRate", "Average")


def reads_stream(function: Function) -> bool:
    """Whether a stream starts it."""
    return any(isinstance(trigger, topology.Stream) for trigger in function.row.triggers)


def scheduled(function: Function) -> bool:
    """Whether a schedule starts it."""
    return any(isinstance(trigger, topology.Every) for trigger in function.row.triggers)


def ticks(function: Function) -> bool:
    """Whether time stands still without it."""
    return any(isinstance(trigger, topology.Every) and trigger.minutes == 1 for trigger in function.row.triggers)


def differences() -> cloudwatch.Metric:
    """Profiles that the nightly refresh found to differ from the log."""
    return cloudwatch.Metric(namespace="Segue", metric_name="RefreshDifferences", statistic="Sum", period=_PERIOD)


def _ses(mail: Mail, name: str, statistic: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SES",
        metric_name=name,
        statistic=statistic,
        period=Duration.minutes(5),
        dimensions_map={"ses:configuration-set": mail.configuration_set.configuration_set_name},
    )
