"""API Gateway's HTTP events (payload format 2.0) on Powertools' resolver: what all functions behind the API share.

Powertools finds the function of a request and makes its answer. Ours is what it does not do: paths escaped in one way,
the bytes of a body, header values that can be stored, and JSON that is written as it always was.
"""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.core.base import texts
from functions.core.base.errors import Fault, Malformed

Event = Mapping[str, Any]
Answer = dict[str, Any]
RETRY_AFTER = "5"
UNCACHED = {"cache-control": "no-store"}


def resolver() -> APIGatewayHttpResolver:
    """A resolver without routes, never in Powertools' debug mode, which an environment variable turns on.

    That mode prints whole requests.
    """
    return APIGatewayHttpResolver(debug=False)


def parts(event: Event) -> list[str]:
    """The parts of the path, without the stage: ``/v1/track`` is ``["v1", "track"]``."""
    stage = event["requestContext"].get("stage", "$default")
    path = texts.whole(str(event.get("rawPath", ""))).removeprefix(f"/{stage}/" if stage != "$default" else "")
    return [part for part in path.split("/") if part]


def escaped(event: Event) -> dict[str, Any]:
    """The event with each part of the path escaped in one way; API Gateway unescapes some of its characters."""
    path = "".join(f"/{quote(unquote(part), safe='')}" for part in parts(event))
    return {**event, "rawPath": path, "requestContext": {**event["requestContext"], "stage": "$default"}}


def headers(event: Event) -> dict[str, str]:
    """The headers, with names in lower case and values that can be stored."""
    headers = event.get("headers") or {}
    return {str(name).lower(): str(value).encode("utf-8", "replace").decode() for name, value in headers.items()}


def query(event: Event) -> Sequence[tuple[str, str]]:
    """The names and values of the query, in their order."""
    return parse_qsl(texts.whole(event.get("rawQueryString") or ""), keep_blank_values=True)


def parameters(query: Sequence[tuple[str, str]], names: Collection[str]) -> Mapping[str, str]:
    """The parameters of the query with these names; raises Malformed for each that is given twice.

    Nobody knows which of the two is meant: one that reads the request on its way may have looked at the other.
    """
    counts = Counter(name for name, _ in query if name in names)
    if twice := [Fault("given more than once", name) for name, count in counts.items() if count > 1]:
        raise Malformed(*twice)
    return {name: value for name, value in query if name in names}


def body(event: Event) -> bytes:
    """The raw bytes of the body, as they were signed and counted."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            return base64.b64decode(body)
        except (binascii.Error, ValueError):
            return b""
    # A gateway that takes gzip for text hands each byte over as a character.
    if body.startswith("\x1f\x8b") and body.isascii() is False and max(body) <= "\xff":
        return bytes(body, "latin-1")
    return bytes(body, "utf-8", "surrogatepass")


def answer(status: int, value: Any, more: Mapping[str, str] = MappingProxyType({})) -> Response[str]:
    """An answer with a JSON body; ``more`` are further headers."""
    return Response(status, body=text(value), headers={"content-type": "application/json", **more})


def text(value: Any) -> str:
    """The value as compact JSON that can be encoded, whatever it echoes."""
    return texts.whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
