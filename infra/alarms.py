"""The CloudWatch alarms of the stack."""

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import metrics
from infra.api import Api
from infra.function import Function
from infra.resources import Resources

_ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
_BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
_QUIET_IS_WELL = cloudwatch.TreatMissingData.NOT_BREACHING
_QUIET_IS_WRONG = cloudwatch.TreatMissingData.BREACHING

# SES reviews an account at 5 % bounces and 0.1 % complaints, and pauses it at 10 % and 0.5 %.
_BOUNCES, _COMPLAINTS = 0.04, 0.0008

# Requests a minute, five minutes long: a shop meets neither with its own keys and a storefront that is understood.
_REFUSED, _QUARANTINED = 100, 20

# A message may be delayed by 900 s on purpose; older than this, it waits for somebody.
_OLD_MESSAGE = 1200
_OLD_RECORD = 60_000
# A stream keeps a record for a day.
_HALF_A_DAY = 12 * 3_600_000

_CONFIRM = "`segue erase --shop` shows it, and `--confirm <domain>` carries it out"

# What is told of when it is counted for the first time, by the alarm's name: the metric and what it means.
_FIRST = {
    "refresh-differences": ("RefreshDifferences", "profiles differed from the log and were repaired: why?"),
    "public-messages": ("PublicMessagesRefused", "browsers ask for more messages than an hour may have: who does?"),
    "confirmations": (
        "ConfirmationMailsRefused",
        "browsers say yes for more addresses than an hour may ask: who does?",
    ),
    "public-profiles": (
        "PublicProfilesRefused",
        "more new visitors than a day may have wait in the log: who makes them?",
    ),
    "joins": ("JoinsHeld", "some program names many people as one: quarantine shows what was held back"),
    "profile-limits": (
        "ProfileLimitsReached",
        "of some people less is kept than was said: which program says so much?",
    ),
    "events-left-out": ("EventsLeftOut", "somebody sends more in a day than counts: which program is it?"),
    "put-off": ("BackfillsPutOff", "somebody could not be brought up to a definition at once, and is tried alone"),
    "passed-over": ("RefreshesPassedOver", "somebody could not be checked against the log tonight"),
    "states-halved": (
        "ProfileStatesHalved",
        "conditions remember fewer events of somebody who sends without end: a robot?",
    ),
    "timers-swept": ("TimersSwept", "somebody was due for ten minutes: after an outage, or what lies in dead letters?"),
    "timers-refused": ("TimersRefused", "SQS will never take a message about somebody who is due: a fault of ours"),
    "jobs-failed": ("JobsFailed", "what somebody asked about everybody has no answer: `segue jobs` says why"),
    "ruleset-unbundled": (
        "RulesetsReadByDefinition",
        "functions read definitions one by one, until the night or a publication: was the table changed?",
    ),
    "release-too-old": (
        "ReleasesTooOld",
        "a release was deployed that cannot read what is stored; it waits for a newer one (docs/operating.md)",
    ),
    "send-quota": ("SendQuotaUsedUp", "messages wait: what SES takes in a day is used up (docs/operating.md)"),
    "sending-paused": ("SendingPaused", "messages wait: SES has paused sending; its console says why"),
    "shop-erasure-asked": ("ShopErasuresAsked", f"the storefront wants everybody erased: {_CONFIRM}"),
    "shop-erasure-due": ("ShopErasuresDue", f"within ten days of its legal term, every night: {_CONFIRM}"),
}


class Alarms(Construct):
    """Every alarm notifies one topic, to which ``address`` is subscribed if given."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        functions: list[Function],
        resources: Resources,
        api: Api,
        address: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.by_name: dict[str, cloudwatch.Alarm] = {}
        self.topic = sns.Topic(self, "topic", enforce_ssl=True)
        self._let_alarms_publish()
        if address:
            self.topic.add_subscription(subscriptions.EmailSubscription(address))
        for function in functions:
            self._function(function)
        for name, queue in resources.queues.by_name.items():
            oldest = queue.metric_approximate_age_of_oldest_message(period=Duration.minutes(1), statistic="Maximum")
            self._alarm(f"{name}-age", oldest, _OLD_MESSAGE, 5, "messages wait: is their function failing?")
            self._dead(name, resources.queues.dead[name])
        self._mail(resources)
        for name, (metric, meaning) in _FIRST.items():
            self._alarm(name, metrics.counted(metric), 0, 1, meaning)
        self._strangers()
        broken = api.api.metric_server_error(period=Duration.minutes(1), statistic="Sum")
        self._alarm("api-5xx", broken, 0, 5, "senders are told to try again")

    def _let_alarms_publish(self) -> None:
        """Allow this account's alarms to notify the topic.

        SNS's own policy, which lets everything of the account publish, is replaced by the one that refuses plain HTTP.
        """
        stack = Stack.of(self)
        alarms = stack.format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": alarms},
                },
            )
        )

    def _function(self, function: Function) -> None:
        name = function.row.name
        self._alarm(f"{name}-errors", metrics.errors(function), 0, 1, "an invocation failed")
        self._alarm(f"{name}-throttles", metrics.throttles(function), 0, 5, "Lambda's concurrency is used up")
        if metrics.reads_stream(function):
            age = metrics.iterator_age(function)
            self._alarm(f"{name}-behind", age, _OLD_RECORD, 5, "more than a minute behind its stream")
            half = "half a day behind: what is a day old leaves the stream, and has to be refolded (docs/operating.md)"
            self._alarm(f"{name}-half-a-day-behind", age, _HALF_A_DAY, 1, half)
        if metrics.ticks(function):
            rounds = metrics.invocations(function)
            self._alarm(f"{name}-stopped", rounds, 1, 5, "time stands still: no round", is_heartbeat=True)
        if function.dead:
            self._dead(name, function.dead)

    def _dead(self, name: str, queue: sqs.Queue) -> None:
        waiting = queue.metric_approximate_number_of_messages_visible(period=Duration.minutes(1), statistic="Maximum")
        self._alarm(f"{name}-dead", waiting, 0, 1, "something failed for good and waits to be replayed")

    def _strangers(self) -> None:
        self._alarm(
            "refused",
            metrics.counted("RequestsRefused"),
            _REFUSED,
            5,
            "many requests are refused: does somebody try keys?",
        )
        self._alarm(
            "quarantined",
            metrics.counted("RequestsQuarantined"),
            _QUARANTINED,
            5,
            "much is not understood: look through it",
        )

    def _mail(self, resources: Resources) -> None:
        bounces, complaints = metrics.bounce_rate(resources.mail), metrics.complaint_rate(resources.mail)
        self._alarm("bounce-rate", bounces, _BOUNCES, 1, "SES reviews the account at 5 %")
        self._alarm("complaint-rate", complaints, _COMPLAINTS, 1, "SES reviews the account at 0.1 %")

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.Metric,
        threshold: float,
        minutes: int,
        meaning: str,
        *,
        is_heartbeat: bool = False,
    ) -> None:
        """Create an alarm above the threshold; for a heartbeat, below it and when there is no data."""
        self.by_name[name] = alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"Segue {name}: {meaning}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=minutes,
            comparison_operator=_BELOW if is_heartbeat else _ABOVE,
            treat_missing_data=_QUIET_IS_WRONG if is_heartbeat else _QUIET_IS_WELL,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
