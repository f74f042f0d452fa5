"""Clients of AWS, one per service and process, created when they are first needed.

Their types come from stubs (mypy-boto3-*), which are installed for mypy and never deployed.
"""

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

# Collect must answer a storefront, with a 503 at worst, within about five seconds: two attempts and one pause.
_PROMPT = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    max_pool_connections=16,
)

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
    """The clients of one session; handlers for the SDK's events are registered on ``session`` before the first use."""

    def __init__(self, session: boto3.Session | None = None, **access: Unpack[Access]) -> None:
        self.session = session or answers.session()
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
        if service not in self._clients:
            config = _CONFIGS.get(service, _PROMPT)
            self._clients[service] = self.session.client(service, config=config, **self._access)
        return self._clients[service]

    def close(self) -> None:
        """Close open connections; a client opens new ones when it is used again."""
        for client in self._clients.values():
            client.close()
