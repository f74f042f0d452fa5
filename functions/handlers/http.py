"""API Gateway's HTTP events (payload format 2.0), decoded and answered alike by every function."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from functions.core.base.errors import BadSignature, Fault, Refused, SegueError, Unavailable

Event = Mapping[str, Any]
Answer = dict[str, Any]
RETRY_AFTER = "5"
UNCACHED = {"cache-control": "no-store"}


def method(event: Event) -> str:
    """GET, POST …"""
    return str(event["requestContext"]["http"]["method"]).upper()


def parts(event: Event) -> list[str]:
    """The parts of the path, without the stage: ``/v1/track`` is ``["v1", "track"]``."""
    stage = event["requestContext"].get("stage", "$default")
    path = str(event.get("rawPath", "")).removeprefix(f"/{stage}/" if stage != "$default" else "")
    return [part for part in path.split("/") if part]


def escaped(event: Event) -> dict[str, Any]:
    """The event with each part of the path escaped in one way, since API Gateway unescapes some characters of it."""
    path = "".join(f"/{quote(unquote(part), safe='')}" for part in parts(event))
    return {**event, "rawPath": path, "requestContext": {**event["requestContext"], "stage": "$default"}}


def headers(event: Event) -> dict[str, str]:
    """The headers, with names in lower case and values that can be stored."""
    given = event.get("headers") or {}
    return {str(name).lower(): str(value).encode("utf-8", "replace").decode() for name, value in given.items()}


def body(event: Event) -> bytes:
    """The raw bytes of the body, as they were signed and counted."""
    given = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            return base64.b64decode(given)
        except (binascii.Error, ValueError):
            return b""
    # A gateway that takes gzip for text hands each byte over as a character.
    if given.startswith("\x1f\x8b") and given.isascii() is False and max(given) <= "\xff":
        return bytes(given, "latin-1")
    return bytes(given, "utf-8", "surrogatepass")


def answer(status: int, value: Any = None, more: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body, or with none."""
    said = {"content-type": "application/json"} if value is not None else {}
    return {"statusCode": status, "headers": {**said, **(more or {})}, "body": "" if value is None else text(value)}


def text(value: Any) -> str:
    """The value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def refusal(error: SegueError, more: Mapping[str, str] | None = None) -> Answer:
    """What the sender did wrong, fault by fault; or that we could not, and when to try again."""
    if isinstance(error, BadSignature):
        return answer(error.status, {"error": "unauthorized"}, more)
    if isinstance(error, Refused):
        return answer(error.status, _refused(error), more)
    if isinstance(error, Unavailable):
        return answer(503, {"error": "unavailable"}, {"retry-after": RETRY_AFTER, **(more or {})})
    raise error


def _refused(error: Refused) -> dict[str, Any]:
    """``code`` and ``message`` are what the Segment SDKs print."""
    word = {400: "malformed", 401: "unauthorized", 404: "not found", 413: "oversize"}.get(error.status, "refused")
    faults = [fault(each) for each in error.faults]
    first = error.faults[0] if error.faults else Fault(word)
    message = f"{first.where}: {first.message}" if first.where else first.message
    return {"error": word, "code": word, "message": message, "faults": faults}


def fault(each: Fault) -> dict[str, Any]:
    """A fault as JSON: its place, what is wrong, and what would be right if that is known."""
    told = {"where": each.where, "line": each.line, "column": each.column, "message": each.message}
    return {name: value for name, value in told.items() if value not in (None, "")} | (
        {"suggestion": each.suggestion} if each.suggestion else {}
    )
