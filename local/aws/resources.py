"""Creates the topology's resources at any AWS endpoint, and returns the environment variables that lead to them."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from functions.settings import DEFAULTS, variable, variable_of, variables_of
from functions.topology import FUNCTIONS, QUEUES, SECRETS, TABLES
from functions.topology_rows import Function, Index, Queue, Secret, Table

Client = Callable[[str], Any]

_THERE = frozenset(
    {
        "AlreadyExistsException",
        "ConfigurationSetAlreadyExistsException",
        "QueueAlreadyExists",
        "ResourceAlreadyExistsException",
        "ResourceExistsException",
        "ResourceInUseException",
    }
)


def create(client: Client, *, prefix: str = "segue", values: Mapping[str, str] | None = None) -> dict[str, str]:
    """Create every table, queue, secret and bus that does not exist; return the variables that lead to them.

    ``client`` returns the low-level client of a service (``boto3.client``, ``Clients().get``). ``values`` are the
    secrets' values; one that is missing is taken from a variable such as ``SEGUE_SECRET_WRITE_KEY``, else generated.
    """
    places = {variable("table", table.name): _table(client("dynamodb"), table, prefix) for table in TABLES}
    for queue in QUEUES:
        dead = places[variable("queue", f"{queue.name}-dead")] = _dead(client("sqs"), queue, prefix)
        places[variable("queue", queue.name)] = _queue(client("sqs"), queue, prefix, dead)
    for secret in SECRETS:
        value = (values or {}).get(secret.name) or _given(secret) or secrets.token_urlsafe(32)
        places[variable("secret", secret.name)] = _secret(client("secretsmanager"), f"{prefix}/{secret.name}", value)
    for name in sorted({grant.name for function in FUNCTIONS for grant in function.grants if grant.kind == "bus"}):
        _unless_there(client("events").create_event_bus, Name=name)
        places[variable("bus", name)] = name
    return places


def _given(secret: Secret) -> str:
    return os.environ.get(f"SEGUE_{variable('secret', secret.name)}", "")


def create_sender(client: Client, address: str, configuration_set: str) -> None:
    """Allow SES to send from the address with the configuration set."""
    _unless_there(client("sesv2").create_email_identity, EmailIdentity=address)
    _unless_there(client("sesv2").create_configuration_set, ConfigurationSetName=configuration_set)


def environment_of(
    function: Function, places: Mapping[str, str], settings: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The function's environment variables as deployed: its name, its granted resources and its settings."""
    values = {**DEFAULTS, **(settings or {})}
    granted = {name for grant in function.grants if (name := variable_of(grant))}
    environment = {name: values[name] for name in variables_of(function)}
    return {"FUNCTION": function.name, **{name: places[name] for name in sorted(granted)}, **environment}


def _table(client: Any, table: Table, prefix: str) -> str:
    name = f"{prefix}-{table.name}"
    types = {name: "S" for name in (table.hash, table.range, *(index.hash for index in table.indexes)) if name}
    types |= {index.range: index.range_type for index in table.indexes}
    request: dict[str, Any] = {
        "TableName": name,
        "KeySchema": _keys(table.hash, table.range),
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": kind} for attribute, kind in sorted(types.items())
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if table.indexes:
        request["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index.name,
                "KeySchema": _keys(index.hash, index.range),
                "Projection": _projection(index),
            }
            for index in table.indexes
        ]
    if table.stream:
        request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": table.stream}
    if _unless_there(client.create_table, **request):
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        _expire(client, table, name)
    return name


def _projection(index: Index) -> dict[str, Any]:
    if not index.include:
        return {"ProjectionType": "KEYS_ONLY"}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.include)}


def _expire(client: Any, table: Table, name: str) -> None:
    if table.ttl:
        client.update_time_to_live(
            TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl}
        )


def _dead(client: Any, queue: Queue, prefix: str) -> str:
    return str(client.create_queue(QueueName=f"{prefix}-{queue.name}-dead")["QueueUrl"])


def _queue(client: Any, queue: Queue, prefix: str, dead: str) -> str:
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": queue.attempts})
    attributes = {"VisibilityTimeout": str(queue.visibility), "RedrivePolicy": redrive}
    return str(client.create_queue(QueueName=f"{prefix}-{queue.name}", Attributes=attributes)["QueueUrl"])


def _secret(client: Any, name: str, value: str) -> str:
    _unless_there(client.create_secret, Name=name, SecretString=value)
    return str(client.describe_secret(SecretId=name)["ARN"])


def _keys(hash_key: str, range_key: str | None) -> list[dict[str, str]]:
    keys = [{"AttributeName": hash_key, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else [])


def _unless_there(call: Callable[..., Any], **request: Any) -> bool:
    try:
        call(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] in _THERE:
            return False
        raise
    return True
