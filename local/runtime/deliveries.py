"""What destinations other than e-mail are handed: every request that the sender makes, and what came of it."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from functions.adapters.sender import RequestSender
from functions.core.base.errors import SegueError
from functions.core.deliveries.records import Answer, HttpRequest, PutEvents, Request
from local.runtime.clock import now, rfc3339

KEPT = 500

Deliveries = deque[dict[str, Any]]


@contextmanager
def recorded() -> Iterator[Deliveries]:
    """The latest requests, oldest first, as they are made in this process until left."""
    deliveries: Deliveries = deque(maxlen=KEPT)
    original = RequestSender.send

    def send(self: RequestSender, destination: str, request: Request) -> Answer:
        row = {"at": rfc3339(now()), "destination": destination, "request": _request(request)}
        deliveries.append(row)
        try:
            answer = original(self, destination, request)
        except SegueError as error:
            row["error"] = str(error)
            raise
        row["answer"] = _answer(answer)
        return answer

    with mock.patch.object(RequestSender, "send", send):
        yield deliveries


def announcements(deliveries: Deliveries) -> Iterator[tuple[str, str]]:
    """Name and content, as JSON, of each event that a bus took, oldest first."""
    for row in deliveries:
        if "answer" in row and "bus" in row["request"]:
            for place, event in enumerate(row["request"]["events"]):
                if place not in row["answer"]["refused"]:
                    yield event["kind"], event["body"]


def _request(request: Request) -> dict[str, Any]:
    match request:
        case PutEvents():
            events = [{"kind": event.kind, "body": event.body} for event in request.events]
            return {"bus": request.bus, "source": request.source, "events": events}
        case HttpRequest():
            body = request.body.decode(errors="replace")
            return {"method": request.method, "url": request.url, "headers": dict(request.headers), "body": body}


def _answer(answer: Answer) -> dict[str, Any]:
    body = answer.body.decode(errors="replace")
    return {"status": answer.status, "body": body, "refused": dict(answer.codes)}
