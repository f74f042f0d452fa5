"""One Lambda function, from its row in the topology."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions import topology, topology_rows
from functions.settings import variable_of, variables_of
from infra import concurrency
from infra.bundle import PYTHON
from infra.queues import DeadLetters
from infra.resources import Resources

# Their callers get no answer, so events that fail for good are kept here; a queue has dead letters of its own.
_UNANSWERED = (topology_rows.Stream, topology_rows.Every)
_RUNTIME = lambda_.Runtime(f"python{PYTHON}", lambda_.RuntimeFamily.PYTHON, supports_snap_start=True)
# The alias that everything calls.
LIVE = "live"
_ASYNCHRONOUS = (topology_rows.Every,)


@dataclass(frozen=True, slots=True)
class Shared:
    """What all functions share: the asset, the resources, the settings, the retention of logs, and SnapStart.

    With ``snapstart`` functions start from snapshots where their rows allow it. ``concurrency`` is how many invocations
    at once the account may have, 0 if that is not known.
    """

    code: lambda_.Code
    resources: Resources
    settings: Mapping[str, str]
    retention: logs.RetentionDays
    snapstart: bool
    concurrency: int


class Function(Construct):
    """A Lambda function with its role and log group, and a dead-letter queue if its caller gets no answer.

    Every deployment that changes it publishes a version, and everything that calls it calls ``alias``, which moves to
    the version once it is ready: a deployment that fails before leaves the callers where they were.

    There is no X-Ray tracing: without its SDK a trace repeats the metrics, costs money and needs a wildcard permission.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        row: topology_rows.Function,
        shared: Shared,
    ) -> None:
        super().__init__(scope, construct_id)
        resources = shared.resources
        self.row = row
        self.most_at_once = concurrency.most(row, shared.concurrency)
        restored = shared.snapstart and row.snapshot
        self.dead = DeadLetters(self, "dead") if _has(row, _UNANSWERED) else None
        self.log_group = logs.LogGroup(self, "logs", retention=shared.retention, removal_policy=RemovalPolicy.DESTROY)
        self.role = iam.Role(self, "role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "function",
            description=f"Segue: {row.purpose}",
            runtime=_RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            handler="functions.entry.handler",
            code=shared.code,
            memory_size=row.memory,
            timeout=Duration.seconds(row.timeout),
            environment=_environment(row, resources, shared.settings),
            role=self.role,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            # Three platform lines per invocation cost more than the invocation's own writes at a million events.
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            recursive_loop=_recursion(row),
            reserved_concurrent_executions=concurrency.reserved(row, shared.concurrency),
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if restored else None,
            # A version that nothing leads to any more is deleted: its snapshot would be paid for ever after, and an
            # account keeps 75 GB of code.
            current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.DESTROY),
        )
        self.alias = self._alias()
        if self.dead and _has(row, _ASYNCHRONOUS):
            self.alias.configure_async_invoke(on_failure=destinations.SqsDestination(self.dead), retry_attempts=2)
        for grant in row.grants:
            resources.allow(grant, self.function)

    def _alias(self) -> lambda_.Alias:
        """An alias that is moved to each new version.

        The version is published after the role has its permissions: with SnapStart it starts at once.
        """
        version = self.function.current_version
        version.node.add_dependency(self.role)
        return lambda_.Alias(self, "alias", alias_name=LIVE, version=version)


def _has(row: topology_rows.Function, kinds: tuple[type, ...]) -> bool:
    return any(isinstance(trigger, kinds) for trigger in row.triggers)


def _environment(row: topology_rows.Function, resources: Resources, settings: Mapping[str, str]) -> dict[str, str]:
    places = {name: resources.place(grant) for grant in row.grants if (name := variable_of(grant))}
    environment = {name: settings[name] for name in variables_of(row) if name in settings}
    return {**topology.ENVIRONMENT, "FUNCTION": row.name, **places, **environment}


def _recursion(row: topology_rows.Function) -> lambda_.RecursiveLoop | None:
    """ALLOW if the function sends to a queue that triggers it; else None.

    Lambda would otherwise stop such a loop after sixteen rounds.
    """
    own = {trigger.queue for trigger in row.triggers if isinstance(trigger, topology_rows.QueueMessages)}
    queues = {grant.name for grant in row.grants if grant.kind == "queue"}
    return lambda_.RecursiveLoop.ALLOW if own & queues else None
