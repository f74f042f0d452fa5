"""The Segment HTTP API, as the SDKs of Segment and RudderStack speak it."""

import base64
import binascii
import hmac
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.errors import BadCredential, Fault, Malformed, Oversize
from functions.core.base.events import Event
from functions.core.base.intake import Request, Translation, Unclear
from functions.sources.base import Source
from functions.sources.bodies import inflate, read_json, write_json
from functions.sources.fields import mapping
from functions.sources.segment.check import faults, field
from functions.sources.segment.emit import event

# Each path under /v1, with the kind of its message; None for the paths that take a batch.
ROUTES: Mapping[str, str | None] = {
    **{path: path for path in ("identify", "track", "page", "screen", "group", "alias")},
    **{"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias"},
    **dict.fromkeys(("batch", "b", "import")),
}
BATCH_BYTES = 500 * 1024
MESSAGE_BYTES = 32 * 1024
MESSAGES = 2_500
# Faults told in one answer; beyond it they are counted.
TOLD = 1_000


def verify(request: Request, keys: Sequence[str]) -> None:
    """Compare the write key, from Basic authorisation or the body, with every accepted one."""
    given = _basic(request.headers.get("authorization", ""))
    where = "Authorization"
    if given is None:
        given, where = mapping(read_json(inflate(request.body, BATCH_BYTES))).get("writeKey"), "writeKey"
    if not isinstance(given, str) or not given:
        how = "no write key: send it as the user name of Basic authorisation or as writeKey in the body"
        raise BadCredential(Fault(how, "writeKey"))
    if not accepted(given, keys):
        raise BadCredential(Fault("not a write key of this shop", where))


def accepted(given: str, keys: Sequence[str]) -> bool:
    """Whether it is one of the keys, compared in constant time."""
    told = given.encode("utf-8", "replace")
    return bool(sum(hmac.compare_digest(told, key.encode()) for key in keys if key))


def _basic(header: str) -> str | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0] or None
    except (binascii.Error, ValueError):
        how = "not Basic authorisation: base64 of the write key and a colon"
        raise BadCredential(Fault(how, "Authorization")) from None


def emit(request: Request, body: Any) -> Translation:
    """Every message of the request, or Malformed with every fault of every message.

    A batch is taken whole or not at all, so that whoever mends it can send it again as it is.
    """
    kind = ROUTES[request.route]
    messages = _messages(body) if kind is None else [body]
    _refuse_large(messages, kind, len(request.body))
    wrong = [fault for at, message in _placed(messages, kind) for fault in faults(message, kind, at)]
    if kind is None:
        wrong += field(body, "sentAt")
    if wrong:
        raise Malformed(*_told(wrong))
    sent = body.get("sentAt")
    made = [
        event(message, kind or message["type"], request, sent, position) for position, message in enumerate(messages)
    ]
    return Translation(
        events=tuple(item for item in made if isinstance(item, Event)),
        unclear=tuple(item for item in made if isinstance(item, Unclear)),
    )


def _messages(body: Any) -> list[Any]:
    if not isinstance(body, dict):
        raise Malformed(Fault("must be an object with a batch", "body", suggestion='{"batch": []}'))
    messages = body.get("batch")
    if not isinstance(messages, list):
        raise Malformed(Fault("must be a list of messages", "batch", suggestion="[]"))
    if len(messages) > MESSAGES:
        raise Oversize(Fault(f"more than {MESSAGES} messages", "batch"))
    return messages


def _placed(messages: list[Any], kind: str | None) -> Iterator[tuple[str, Any]]:
    for position, message in enumerate(messages):
        yield ("" if kind else f"batch[{position}]."), message


def _refuse_large(messages: list[Any], kind: str | None, size: int) -> None:
    if size <= MESSAGE_BYTES:
        return
    large = [position for position, message in enumerate(messages) if len(write_json(message)) > MESSAGE_BYTES]
    if large:
        wrong = f"more than {MESSAGE_BYTES} bytes"
        raise Oversize(*(Fault(wrong, "body" if kind else f"batch[{position}]") for position in large))


def _told(wrong: list[Fault]) -> list[Fault]:
    if len(wrong) <= TOLD:
        return wrong
    return [*wrong[:TOLD], Fault(f"and {len(wrong) - TOLD} more faults", "batch")]


SOURCE = Source(
    name="segment",
    label="Segment and RudderStack SDKs",
    secret="write-key",  # noqa: S106 - the secret's name in the topology
    verify=verify,
    emit=emit,
    limit=BATCH_BYTES,
    namespaces=("email", "user_id", "anonymous_id"),
    routes=frozenset(ROUTES),
    strict=True,
)
