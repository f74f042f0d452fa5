"""SES: the configuration set that reports what happens to every message, and the sender's identity."""

from typing import NamedTuple

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.configuration import StackConfiguration

# The tag that SES gives every message sent with a configuration set, and the dimension of its metrics.
BY_SET = "ses:configuration-set"

_REPORTED = (
    "SEND",
    "DELIVERY",
    "BOUNCE",
    "COMPLAINT",
    "REJECT",
    "OPEN",
    "CLICK",
    "RENDERING_FAILURE",
    "DELIVERY_DELAY",
)
# What the dashboard draws, and no more: each of these metrics is paid for by the month.
_COUNTED = ("SEND", "DELIVERY", "BOUNCE", "COMPLAINT")


class ReportQueue(NamedTuple):
    """The queue that takes what SES reports, and its dead letters."""

    queue: sqs.IQueue
    dead: sqs.IQueue


class Mail(Construct):
    """SES for one identity, a domain or address; without one nothing can be sent.

    Reports go by a topic to the queue ``reports``, since what SES publishes on event buses may be lost; with
    ``mail_events`` they go to the default bus as well, for rules of the shop's own.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, context: StackConfiguration, reports: ReportQueue
    ) -> None:
        super().__init__(scope, construct_id)
        self._from_address = context.from_address
        self.configuration_set = ses.ConfigurationSet(
            self, "messages", reputation_metrics=True, suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS
        )
        self.topic = self._topic(reports)
        # With its policy: SES tries the topic when it is told of it.
        self._report("by-topic", ses.EventDestination.sns_topic(self.topic)).node.add_dependency(self.topic)
        if context.mail_events:
            bus = events.EventBus.from_event_bus_name(self, "default", "default")
            self._report("on-bus", ses.EventDestination.event_bus(bus))
        self._count()
        self._is_address = "@" in context.identity
        self.identity = self._identity(context) if context.identity else None

    def _topic(self, reports: ReportQueue) -> sns.Topic:
        """A topic that leads to the queue, and on which an event destination lets SES publish."""
        topic = sns.Topic(self, "reports-topic", enforce_ssl=True)
        topic.add_subscription(
            subscriptions.SqsSubscription(reports.queue, raw_message_delivery=True, dead_letter_queue=reports.dead)
        )
        return topic

    def _report(self, name: str, destination: ses.EventDestination) -> ses.ConfigurationSetEventDestination:
        return self.configuration_set.add_event_destination(
            name, destination=destination, events=[ses.EmailSendingEvent[each] for each in _REPORTED]
        )

    def _count(self) -> None:
        """Count messages in CloudWatch by their configuration set, which SES does for whoever asks for it only."""
        name = self.configuration_set.configuration_set_name
        dimension = ses.CloudWatchDimension(
            name=BY_SET, source=ses.CloudWatchDimensionSource.MESSAGE_TAG, default_value=name
        )
        self.configuration_set.add_event_destination(
            "counts",
            destination=ses.EventDestination.cloud_watch_dimensions([dimension]),
            events=[ses.EmailSendingEvent[event] for event in _COUNTED],
        )

    @property
    def configuration_set_arn(self) -> str:
        """The ARN of the configuration set."""
        name = self.configuration_set.configuration_set_name
        return Stack.of(self).format_arn(service="ses", resource="configuration-set", resource_name=name)

    def grant_send(self, grantee: iam.IGrantable) -> None:
        """Allow sending from the shop's address with the configuration set, both of which SES requires.

        In the sandbox SES asks for the permission on the recipient's identity too, so identities are not named; the
        address that messages come from is.
        """
        if self.identity is None:
            return
        identities = Stack.of(self).format_arn(service="ses", resource="identity", resource_name="*")
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ses:SendEmail", "ses:SendRawEmail"],
            resource_arns=[identities, self.configuration_set_arn],
            conditions={"StringEquals": {"ses:FromAddress": self._from_address}},
        )
        # What the account may send knows no resource.
        iam.Grant.add_to_principal(grantee=grantee, actions=["ses:GetAccount"], resource_arns=["*"])

    def dkim_records(self) -> list[str]:
        """The DNS records that verify the domain, if the stack creates one; an address is verified by a link."""
        if not isinstance(self.identity, ses.EmailIdentity) or self._is_address:
            return []
        return [f"{record.name} CNAME {record.value}" for record in self.identity.dkim_records]

    def _identity(self, context: StackConfiguration) -> ses.IEmailIdentity:
        if not context.manage_identity:
            return ses.EmailIdentity.from_email_identity_name(self, "identity", context.identity)
        kind = ses.Identity.email if self._is_address else ses.Identity.domain
        return ses.EmailIdentity(
            self,
            "identity",
            identity=kind(context.identity),
            configuration_set=self.configuration_set,
            mail_from_domain=context.options.mail_from or None,
        )
