"""The resources that are granted to functions: how each is found and how access to it is allowed."""

from collections.abc import Callable
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.topology import FUNCTIONS, QUEUES
from functions.topology_rows import Grant
from infra import sources
from infra.configuration import StackConfiguration
from infra.mail import Mail, ReportQueue
from infra.queues import Queues
from infra.secrets import ShopSecrets
from infra.tables import Tables

_ALLOW: dict[tuple[str, str], Callable[[Any, iam.IGrantable], object]] = {
    ("table", "append"): lambda table, who: table.grant(who, "dynamodb:PutItem"),
    ("table", "read"): lambda table, who: table.grant_read_data(who),
    ("table", "write"): lambda table, who: table.grant_write_data(who),
    ("table", "read_write"): lambda table, who: table.grant_read_write_data(who),
    ("queue", "write"): lambda queue, who: queue.grant_send_messages(who),
    ("queue", "read"): lambda queue, who: queue.grant_consume_messages(who),
    ("secret", "read"): lambda secret, who: secret.grant_read(who),
    ("bus", "write"): lambda bus, who: bus.grant_put_events_to(who),
    ("email", "write"): lambda mail, who: mail.grant_send(who),
}

# The value of the environment variable for a resource of each kind.
_PLACE: dict[str, Callable[[Any], str]] = {
    "table": lambda table: table.table_name,
    "queue": lambda queue: queue.queue_url,
    "secret": lambda secret: secret.secret_arn,
    "bus": lambda bus: bus.event_bus_name,
}


class Resources(Construct):
    """All resources other than functions, by kind and name."""

    def __init__(self, scope: Construct, construct_id: str, *, context: StackConfiguration) -> None:
        super().__init__(scope, construct_id)
        self.tables = Tables(
            self, "tables", protect=context.protect, most_units=context.most_units, adopted=context.adopted
        )
        self.queues = Queues(self, "queues")
        self.secrets = ShopSecrets(self, "secrets", rows=sources.secrets(context.sources), protect=context.protect)
        self.mail = Mail(self, "mail", context=context, reports=self._reports())
        self.buses = {name: events.EventBus(self, name) for name in _names("bus")}
        self._found: dict[str, dict[str, Any]] = {
            "table": self.tables.by_name,
            "queue": {**self.queues.by_name, **{f"{name}-dead": dead for name, dead in self.queues.dead.items()}},
            "secret": self.secrets.by_name,
            "bus": self.buses,
            "email": dict.fromkeys(_names("email"), self.mail),
        }

    def _reports(self) -> ReportQueue:
        (name,) = (row.name for row in QUEUES if row.of_ses)
        return ReportQueue(self.queues.by_name[name], self.queues.dead[name])

    def place(self, grant: Grant) -> str:
        """The granted resource's name, URL or ARN, for the environment."""
        return _PLACE[grant.kind](self._found[grant.kind][grant.name])

    def allow(self, grant: Grant, who: iam.IGrantable) -> None:
        """Allow the access that the topology grants, and no other."""
        _ALLOW[grant.kind, grant.access](self._found[grant.kind][grant.name], who)


def _names(kind: str) -> list[str]:
    """The names of resources that appear in the topology's grants only."""
    return sorted({grant.name for row in FUNCTIONS for grant in row.grants if grant.kind == kind})
