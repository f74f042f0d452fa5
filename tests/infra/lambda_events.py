"""For each function of the topology an event as AWS sends it, and what a healthy answer is."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from functions.core.base.errors import Conflict
from functions.core.base.events import Event
from functions.core.base.identity import profile_id
from functions.core.base.tokens import ApiToken, mint
from functions.core.flows.records import Run
from functions.core.profiles.records import StoredState
from functions.wiring import Wiring
from local.aws.ses_events import Sending, ses_event
from local.runtime.lambda_events import LocalRequest, http_event, schedule_event, stream_event, stream_record

ADDRESS = "email:ann@mail.example"
PROFILE = profile_id(ADDRESS)
SECRETS = {
    "write-key": "WK",
    "server-key": "SK",
    "identity-key": "IK",
    "signing-key": "a signing key of thirty-two bytes",
    "link-key": "a key of links",
    "visit-key": "a key of visits",
    "shopify": "hush",
    "woocommerce": "hush",
    "stripe": "hush",
}
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/segue/stream/2026-11-21T00:00:00.000"


@dataclass(frozen=True, slots=True)
class World:
    """An AWS with everything that the topology names, and our adapters on it."""

    places: Mapping[str, str]
    ports: Wiring
    client: Callable[[str], Any]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The table's rows in DynamoDB's own types."""
        found = self.client("dynamodb").scan(TableName=self.places[f"TABLE_{table.upper()}"])
        return list(found["Items"])

    def records(self, table: str, kind: str, *keys: str, part: str = "") -> dict[str, Any]:
        """A stream batch of the table's rows; ``part`` keeps one kind of them, as the stream's filter does."""
        rows = [row for row in self.rows(table) if not part or row["part"] == {"S": part}]
        return stream_event(
            stream_record(
                {
                    "eventID": str(number),
                    "eventName": kind,
                    "eventVersion": "1.1",
                    "eventSource": "aws:dynamodb",
                    "dynamodb": {
                        "Keys": {key: row[key] for key in keys},
                        "NewImage": row,
                        "SequenceNumber": str(number),
                        "SizeBytes": 200,
                        "StreamViewType": "NEW_AND_OLD_IMAGES",
                    },
                },
                ARN,
            )
            for number, row in enumerate(rows, 1)
        )


def _http(method: str, path: str, route: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    given = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return http_event(LocalRequest(method, path, "", given, body), route, {"proxy": path.removeprefix("/api/")})


def _message(body: Mapping[str, Any]) -> dict[str, Any]:
    record = {
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:queue",
        "awsRegion": "eu-west-1",
    }
    return {"Records": [record]}


def _collect(_world: World) -> Any:
    body = json.dumps(
        {"id": 9007199254740993, "email": "ann@mail.example", "updated_at": "2026-11-21T10:00:00Z"}
    ).encode()
    digest = base64.b64encode(hmac.new(SECRETS["shopify"].encode(), body, hashlib.sha256).digest()).decode()
    return _http(
        "POST",
        "/hooks/shopify",
        "POST /hooks/{source}",
        body,
        content_type="application/json",
        x_shopify_topic="customers/create",
        x_shopify_hmac_sha256=digest,
        x_shopify_event_id="e1",
    )


def _api(world: World) -> Any:
    now = int(time.time())
    audience = world.places["SECRET_SIGNING_KEY"]
    token = mint(SECRETS["signing-key"], audience, ApiToken("1", "test", "read", now, now + 60))
    return _http("GET", "/api/definitions/flows", "ANY /api/{proxy+}", authorization=f"Bearer {token}")


def _audience(_world: World) -> Any:
    query = f"writeKey={SECRETS['write-key']}&anonymousId=a1"
    return _http("GET", "/v1/audience", "GET /v1/audience") | {"rawQueryString": query}


def _preferences(_world: World) -> Any:
    return _http("GET", "/u/nobody", "GET /u/{token}")


def _fold(world: World) -> Any:
    now = int(time.time())
    sort = f"{time.strftime('%Y-%m-%dT%H:%M:%S.000Z', time.gmtime(now))}#m1"
    world.ports.log.append([Event("Product Viewed", now, now, (ADDRESS,), sort, "segment", {"product_id": "1"})])
    return world.records("log", "INSERT", "pk", "sk")


def _wake(_world: World) -> Any:
    return _message({"profile": PROFILE})


def _react(world: World) -> Any:
    # Written by whoever asked for this event before.
    with suppress(Conflict):
        world.ports.people.save_state(StoredState(profile_id("email:ben@mail.example"), notify=True))
    return world.records("profiles", "MODIFY", "pk", "part", part="state")


def _deliver(_world: World) -> Any:
    said = {"segment": "buyers", "entered": True, "at": 1_795_288_320, "cause": "event", "order": 7}
    return _message({"destination": "eventbus", "profile": PROFILE, **said})


def _tick(_world: World) -> Any:
    return schedule_event("tick")


def _send(world: World) -> Any:
    run = Run(PROFILE, "gone", "e1", since=1, started=1, due=1)
    world.ports.runs.start(run)
    return _message({"profile": run.profile, "run": run.id})


def _feedback(_world: World) -> Any:
    tags = {"profile": PROFILE, "cause": "cart-recovery_e1_1"}
    sending = Sending("ses-1", "shop@shop.example", ("ann@mail.example",), "Hi", (), tags, "segue", int(time.time()))
    return _message(ses_event(sending, "delivery"))


def _backfill(_world: World) -> Any:
    return _message({"start": None, "revision": 0})


def _erase(_world: World) -> Any:
    return _message({"identifiers": ["email:nobody@mail.example"]})


def _refold(_world: World) -> Any:
    return _message({"identifiers": ["email:nobody@mail.example"]})


def _jobs(_world: World) -> Any:
    return _message({"number": 0, "of": 64})


def _refresh(_world: World) -> Any:
    return schedule_event("refresh")


EVENTS: dict[str, Callable[[World], Any]] = {
    "collect": _collect,
    "audience": _audience,
    "preferences": _preferences,
    "api": _api,
    "fold": _fold,
    "wake": _wake,
    "react": _react,
    "deliver": _deliver,
    "tick": _tick,
    "send": _send,
    "feedback": _feedback,
    "backfill": _backfill,
    "erase": _erase,
    "refold": _refold,
    "jobs": _jobs,
    "refresh": _refresh,
}

_NO_FAILURES: dict[str, Any] = {"batchItemFailures": []}

# The part of each answer that is the same whatever else it says.
HEALTHY: dict[str, Mapping[str, Any]] = {
    "collect": {"statusCode": 200},
    "audience": {"statusCode": 200},
    "preferences": {"statusCode": 404},
    "api": {"statusCode": 200},
    "tick": {},
    **dict.fromkeys(
        ("fold", "wake", "react", "deliver", "send", "feedback", "backfill", "erase", "refold", "jobs", "refresh"),
        _NO_FAILURES,
    ),
}
