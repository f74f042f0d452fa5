"""The whole product in one process: every function, what connects them, and the ways in."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import uuid4

from functions.core.base.tokens import ApiToken, Role, mint
from functions.destinations import named
from functions.settings import DEFAULTS, variable
from functions.topology import DECLARED, FUNCTIONS, QUEUES, STOREFRONTS, TABLES
from functions.topology_rows import Every, QueueMessages, Stream
from functions.usecases.authorise import KEY
from local.aws import cloud, resources
from local.aws.cloud import Cloud
from local.aws.mailbox import Mailbox
from local.runtime.clock import now
from local.runtime.deliveries import Deliveries, recorded
from local.runtime.failures import Failures
from local.runtime.invoke import FunctionFailed, Functions, Handler, deployed_handlers
from local.runtime.lambda_events import LocalAnswer, LocalRequest, http_answer, http_event, plain_answer
from local.runtime.queues import QueueConsumer
from local.runtime.routes import find, routes_of
from local.runtime.schedule import Schedule
from local.runtime.scheduler import Scheduler, Triggers
from local.runtime.streams import StreamConsumer, StreamReader

CONFIGURATION_SET = "segue"
FROM = "hello@corner-shop.example"

# API Gateway's limit on a request.
LARGEST = 10 * 1024 * 1024

# A person's token outlives every clock that a day of trying things can reach.
TOKEN_DAYS = 50 * 366


T = TypeVar("T")


class Host:
    """One running product."""

    def __init__(
        self, aws: Cloud, handlers: Mapping[str, Handler], url: str, failures: Failures, deliveries: Deliveries
    ) -> None:
        self.url = url
        self.cloud = aws
        self.deliveries = deliveries
        # One that does not exist is named here, and not by every transition.
        named(settings(url).get("DESTINATIONS", DEFAULTS["DESTINATIONS"]))
        self.failures = failures
        self.mailbox = Mailbox(aws.accepted)
        resources.create_sender(aws.clients.get, FROM, CONFIGURATION_SET)
        environments = {
            function.name: resources.environment_of(function, aws.environment, settings(url)) for function in FUNCTIONS
        }
        self.functions = Functions(handlers, environments, self.failures)
        self.routes = routes_of(FUNCTIONS)
        triggers = Triggers(
            streams=_readers(aws),
            queues=_queues(aws),
            schedules=[_schedule(name, trigger, aws) for name, trigger in _triggers(Every)],
        )
        self.scheduler = Scheduler(self.functions, self.failures, self.mailbox, aws.clock, triggers, self._report)

    def request(self, request: LocalRequest) -> LocalAnswer:
        """Answer a request through the function whose route matches, as API Gateway does."""
        if len(request.body) > LARGEST:
            return plain_answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        matched = find(self.routes, request.method, request.path)
        if matched is None:
            return plain_answer(HTTPStatus.NOT_FOUND)
        route, parameters = matched
        request = self._after_waiting(request)
        try:
            return http_answer(self.functions.call(route.function, http_event(request, route.key, parameters)))
        except FunctionFailed:
            return plain_answer(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _after_waiting(self, request: LocalRequest) -> LocalRequest:
        """The request of one who waits for a job, once nothing is left to wait for: all functions run in one thread."""
        if not request.path.startswith("/api/jobs/") or "wait=" not in request.query:
            return request
        self.scheduler.settle()
        rest = [pair for pair in request.query.split("&") if not pair.startswith("wait=")]
        return replace(request, query="&".join(rest))

    def _report(self, event: Mapping[str, Any]) -> None:
        """What SES publishes, as its topic puts it on the queue."""
        (name,) = (queue.name for queue in QUEUES if queue.of_ses)
        place = self.cloud.environment[variable("queue", name)]
        self.cloud.clients.get("sqs").send_message(QueueUrl=place, MessageBody=json.dumps(event))

    def secret(self, name: str) -> str:
        """The current value of a secret."""
        place = self.cloud.environment[variable("secret", name)]
        return str(self.cloud.clients.get("secretsmanager").get_secret_value(SecretId=place)["SecretString"])

    def keys(self) -> dict[str, object]:
        """The keys and tokens with which a visitor of this host can call it."""
        return {
            "write_key": self.secret("write-key"),
            "server_key": self.secret("server-key"),
            "identity_key": self.secret("identity-key"),
            "webhooks": {name: self.secret(name) for name in STOREFRONTS if name != DECLARED},
            "admin_token": self.token("publish"),
            "read_token": self.token("read"),
        }

    def token(self, role: Role) -> str:
        """A token for the API with this role."""
        audience = self.cloud.environment[variable("secret", KEY)]
        token = ApiToken(uuid4().hex, "local", role, now(), now() + TOKEN_DAYS * 86_400)
        return mint(self.secret(KEY), audience, token)

    @property
    def currency(self) -> str:
        """The shop's currency, in which amounts without one are."""
        return settings(self.url).get("SHOP_CURRENCY", DEFAULTS["SHOP_CURRENCY"])

    def rows(self, table: str, limit: int) -> list[dict[str, Any]]:
        """Rows of a table as DynamoDB returns them, in no order."""
        name = self.cloud.environment[variable("table", table)]
        return list(self.cloud.clients.get("dynamodb").scan(TableName=name, Limit=limit)["Items"])


@contextmanager
def running(url: str, handlers: Mapping[str, Handler] | None = None) -> Iterator[Host]:
    """Start an empty host; ``handlers`` replace the deployed ones."""
    failures = Failures()
    with cloud.opened() as aws, recorded(failures) as deliveries:
        yield Host(aws, handlers or deployed_handlers(), url, failures, deliveries)


def settings(url: str) -> dict[str, str]:
    """The settings of the local shop; those in the process's environment take precedence."""
    ours = {
        "SHOP_NAME": "Corner Shop",
        "SHOP_ADDRESS": "1 Market Street, Dublin D02 XY45, Ireland",
        "SHOP_URL": "https://corner-shop.example",
        "FROM_ADDRESS": f"Corner Shop <{FROM}>",
        "PUBLIC_URL": url,
        "CONFIGURATION_SET": CONFIGURATION_SET,
        # One shard, as every look into moto's index costs; and definitions are looked up each time, since the clock
        # stands still and would never make them old.
        "DUE_SHARDS": "1",
        "DEFINITIONS_MAX_AGE": "0",
        # Lanes go side by side in the cloud; here one thread does them all, one after the other.
        "BACKFILL_LANES": "2",
        "SCAN_SEGMENTS": "2",
        # A destination may be a server that one is building on this machine.
        "LOCAL_RECEIVERS": "yes",
        "TOKEN_DAYS": str(TOKEN_DAYS),
        # The clock stands still while a day of a shop is played from one address: nothing would fill again.
        "PUBLIC_REQUESTS_PER_MINUTE": "1000000",
        "VISITOR_REQUESTS_PER_MINUTE": "1000000",
        "SERVER_REQUESTS_PER_MINUTE": "1000000",
        "OPT_IN_REQUESTS_PER_MINUTE": "1000000",
    }
    changeable = (
        "SHOP_CURRENCY",
        "SHOP_TIMEZONE",
        "SHOP_NAME",
        "SHOP_LANGUAGE",
        "SHOP_DOMAIN",
        "REPLY_TO",
        "CONSENT_DEFAULT",
        "MESSAGES_PER_DAY",
        "PUBLIC_MESSAGES_PER_HOUR",
        "PUBLIC_PROFILES_PER_DAY",
        "JOINS_PER_DAY",
        "SHOP_URL",
        "LINK_DOMAINS",
        "PICTURE_DOMAINS",
        "LOG_RETENTION_DAYS",
        "REFRESH_SAMPLE",
        "BACKFILL_LANES",
        "DESTINATIONS",
        "PUBLIC_REQUESTS_PER_MINUTE",
        "VISITOR_REQUESTS_PER_MINUTE",
        "SERVER_REQUESTS_PER_MINUTE",
        "OPT_IN_REQUESTS_PER_MINUTE",
        "OPT_IN_MAILS_PER_HOUR",
        "OPT_IN_TEMPLATE",
        "DOUBLE_OPT_IN",
    )
    return ours | {name: os.environ[name] for name in changeable if os.environ.get(name)}


def _triggers(kind: type[T]) -> Iterator[tuple[str, T]]:
    for function in FUNCTIONS:
        for trigger in function.triggers:
            if isinstance(trigger, kind):
                yield function.name, trigger


def _schedule(function: str, trigger: Every, aws: Cloud) -> Schedule:
    """Only the minute tick has nothing to do when nobody is due."""
    return Schedule(function, trigger.minutes, aws.due if trigger.minutes == 1 else None, trigger.offset)


def _readers(aws: Cloud) -> list[StreamReader]:
    return [
        StreamReader(
            aws.stream(table.name),
            [
                StreamConsumer(name, trigger, table.range)
                for name, trigger in _triggers(Stream)
                if trigger.table == table.name
            ],
        )
        for table in TABLES
        if table.stream
    ]


def _queues(aws: Cloud) -> list[QueueConsumer]:
    attempts = {queue.name: queue.attempts for queue in QUEUES}
    return [
        QueueConsumer(name, trigger, aws.queue(trigger.queue), attempts[trigger.queue])
        for name, trigger in _triggers(QueueMessages)
    ]
