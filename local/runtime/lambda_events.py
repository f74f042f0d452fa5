"""Builds the events that AWS passes to Lambda functions, and reads their answers."""

import base64
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from local.runtime.clock import now, rfc3339

ACCOUNT = "123456789012"
REGION = "eu-west-1"

# Bodies of these types reach the function as text; every other type, and a missing one, as base64.
_TEXT_TYPES = ("application/json", "application/javascript", "application/xml")

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LocalRequest:
    """A received HTTP request; ``path`` is still percent-encoded."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""
    client: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    headers: Headers = field(default=(("content-type", "application/json"),))


def http_event(request: LocalRequest, route: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """API Gateway's event for an HTTP API, payload format 2.0."""
    headers = _joined(request.headers)
    cookies = [part.strip() for name, value in request.headers if name.lower() == "cookie" for part in value.split(";")]
    text, encoded = _body(request.body, headers.get("content-type", ""))
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": {name: value for name, value in headers.items() if name != "cookie"},
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": headers.get("host", "127.0.0.1"),
            "domainPrefix": headers.get("host", "127.0.0.1").partition(".")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.client,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": uuid.uuid4().hex[:16],
            "routeKey": route,
            "stage": "$default",
            "time": datetime.fromtimestamp(now(), UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": now() * 1000,
        },
        "isBase64Encoded": encoded,
    }
    if request.body:
        event["body"] = text
    if cookies:
        event["cookies"] = cookies
    if parameters:
        event["pathParameters"] = dict(parameters)
    if request.query:
        event["queryStringParameters"] = _joined(parse_qsl(request.query, keep_blank_values=True), lower=False)
    return event


def http_answer(result: Any) -> LocalAnswer:
    """The HTTP answer that API Gateway makes of a function's result."""
    if not isinstance(result, Mapping) or "statusCode" not in result:
        return plain_answer(HTTPStatus.INTERNAL_SERVER_ERROR)
    headers = [(str(name).lower(), str(value)) for name, value in (result.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in result.get("cookies") or ()]
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain"))
    text = result.get("body") or ""
    body = base64.b64decode(text) if result.get("isBase64Encoded") else str(text).encode()
    return LocalAnswer(int(result["statusCode"]), body, tuple(headers))


def plain_answer(status: HTTPStatus) -> LocalAnswer:
    """API Gateway's own answer without a function's."""
    words = {413: "LocalRequest Too Long", 500: "Internal Server Error"}.get(status.value, status.phrase)
    return LocalAnswer(status.value, f'{{"message":"{words}"}}'.encode())


def stream_event(records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The event with a batch of stream records."""
    return {"Records": list(records)}


def stream_record(record: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """One stream record as Lambda delivers it: times are numbers and bytes are base64."""
    change = _printable(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    change["ApproximateCreationDateTime"] = int(created.timestamp()) if isinstance(created, datetime) else now()
    return {**record, "awsRegion": REGION, "eventSourceARN": arn, "dynamodb": change}


def message_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """A message's attributes as Lambda delivers them: the API's, with names in lower case."""
    empty: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    return {
        name: {**empty, "stringValue": value.get("StringValue"), "dataType": value["DataType"]}
        for name, value in attributes.items()
    }


def schedule_event(function: str) -> dict[str, Any]:
    """The event of EventBridge Scheduler for a target without an input of its own."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": rfc3339(now()),
        "region": REGION,
        "resources": [f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/segue-{function}"],
        "detail": "{}",
    }


def _printable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_printable(inner) for inner in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in _TEXT_TYPES:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _joined(pairs: Iterable[tuple[str, str]], *, lower: bool = True) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower() if lower else name
        joined[key] = f"{joined[key]},{value}" if key in joined else value
    return joined
