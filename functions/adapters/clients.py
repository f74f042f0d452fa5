"""Clients of AWS, one per service and process, created when they are first needed.

Their types come from stubs (mypy-boto3-*), which are installed for mypy and never deployed.
"""

from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

import boto3
from botocore.config import Config

from functions.adapters import answers

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient

# Whoever waits for an answer, a storefront for about five seconds, gets it, with a 503 at worst: two attempts and one
# pause. Where nobody waits, a call that AWS refuses for a moment is worth the seconds: a batch would come again whole.
PROMPT_ATTEMPTS, PATIENT_ATTEMPTS = 2, 4
# Those of side_by_side.LANES, and of the pools in dynamodb/calls.py: what found no room would connect anew each time.
CONNECTIONS = 40

_CONFIGS = {
    # A repeated SendEmail sends twice, and a time-out leaves the outcome unknown: one attempt, with a long time-out.
    "sesv2": Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}),
}


class Access(TypedDict, total=False):
    """The endpoint, region and credentials of AWS; the environment supplies what is left out."""

    endpoint_url: str
    region_name: str
    aws_access_key_id: str
    aws_secret_access_key: str


class Clients:
    """The clients of one session; handlers for the SDK's events are registered on ``session`` before the first use.

    ``patient`` ones are for functions whose answer nobody waits for.
    """

    def __init__(
        self, session: boto3.Session | None = None, *, patient: bool = False, **access: Unpack[Access]
    ) -> None:
        self.session = session or answers.session()
        self._usual = Config(
            connect_timeout=1,
            read_timeout=2,
            retries={"mode": "standard", "total_max_attempts": PATIENT_ATTEMPTS if patient else PROMPT_ATTEMPTS},
            max_pool_connections=CONNECTIONS,
        )
        # Sessions make clients in one thread at a time; the clients may be used in several.
        self._making = Lock()
        self._access = access
        self._clients: dict[str, Any] = {}

    @overload
    def get(self, service: Literal["dynamodb"]) -> "DynamoDBClient": ...
    @overload
    def get(self, service: Literal["events"]) -> "EventBridgeClient": ...
    @overload
    def get(self, service: Literal["secretsmanager"]) -> "SecretsManagerClient": ...
    @overload
    def get(self, service: Literal["sesv2"]) -> "SESV2Client": ...
    @overload
    def get(self, service: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def get(self, service: str) -> Any: ...
    def get(self, service: str) -> Any:
        """The client of a service; endpoint, region and credentials are fixed when it is created."""
        with self._making:
            if service not in self._clients:
                config = _CONFIGS.get(service, self._usual)
                self._clients[service] = self.session.client(service, config=config, **self._access)
            return self._clients[service]

    def close(self) -> None:
        """Close open connections; a client opens new ones when it is used again."""
        for client in self._clients.values():
            client.close()
