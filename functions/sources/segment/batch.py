"""Translate a request into its messages' events, or report every fault of every message."""

from collections.abc import Iterator
from typing import Any

from functions.core.base.errors import Fault, Malformed, Oversize
from functions.core.base.events import Event
from functions.core.base.translation import Request, Translation, Unclear
from functions.core.base.trust import is_trusted
from functions.sources.bodies import write_json
from functions.sources.segment import reading
from functions.sources.segment.consent import withdrawals
from functions.sources.segment.events import as_history, event, unclear
from functions.sources.segment.models import Batch, SdkMessage
from functions.sources.segment.visit import recognised

MESSAGE_BYTES = 32 * 1024
MESSAGES = 2_500
# Faults named in one answer; beyond it they are counted.
NAMED = 1_000


def translate(request: Request, kind: str | None, body: Any) -> Translation:
    """Translate a request whose path takes messages of one kind, or a batch if ``kind`` is None.

    A batch is accepted whole or not at all, so that a sender who corrects it can send it again as a whole.
    """
    bodies = _bodies(body) if kind is None else [body]
    _refuse_large(bodies, kind, len(request.body))
    wrong: list[Fault] = []
    messages = [reading.message(each, kind, at, wrong) for at, each in _placed(bodies, kind)]
    batch = reading.read(Batch, body, "", wrong) if kind is None else Batch()
    if batch and batch.historical and not is_trusted(request.trust):
        wrong.append(Fault("needs the server key", "historical"))
    if wrong or batch is None:
        raise Malformed(*_first(wrong))
    items = [
        (message, _item(message, each, request, batch, position))
        for position, (message, each) in enumerate(zip(messages, bodies, strict=True))
        if message is not None
    ]
    return Translation(
        events=tuple(
            each for message, item in items if isinstance(item, Event) for each in _events(item, message, request)
        ),
        unclear=tuple(item for _, item in items if isinstance(item, Unclear)),
    )


def _events(event: Event, message: SdkMessage, request: Request) -> tuple[Event, ...]:
    """The event of a message, and those that say of somebody else or of the visitor what it comes to."""
    return event, *withdrawals(event), *recognised(event, message, request)


def _item(message: SdkMessage, body: Any, request: Request, batch: Batch, position: int) -> Event | Unclear:
    translated = event(message, body, request, batch.sent_at, position)
    if translated is None:
        return unclear(message, body, batch)
    return as_history(translated, message) if batch.historical else translated


def _bodies(body: Any) -> list[Any]:
    if not isinstance(body, dict):
        raise Malformed(Fault("must be an object with a batch", "body", suggestion='{"batch": []}'))
    bodies = body.get("batch")
    if not isinstance(bodies, list):
        raise Malformed(Fault("must be a list of messages", "batch", suggestion="[]"))
    if len(bodies) > MESSAGES:
        raise Oversize(Fault(f"more than {MESSAGES} messages", "batch"))
    return bodies


def _placed(bodies: list[Any], kind: str | None) -> Iterator[tuple[str, Any]]:
    for position, body in enumerate(bodies):
        yield ("" if kind else f"batch[{position}]."), body


def _refuse_large(bodies: list[Any], kind: str | None, size: int) -> None:
    if size <= MESSAGE_BYTES:
        return
    large = [position for position, body in enumerate(bodies) if len(write_json(body)) > MESSAGE_BYTES]
    if large:
        wrong = f"more than {MESSAGE_BYTES} bytes"
        raise Oversize(*(Fault(wrong, "body" if kind else f"batch[{position}]") for position in large))


def _first(wrong: list[Fault]) -> list[Fault]:
    if len(wrong) <= NAMED:
        return wrong
    return [*wrong[:NAMED], Fault(f"and {len(wrong) - NAMED} more faults", "batch")]
