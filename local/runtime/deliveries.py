"""Records every request to destinations other than e-mail, with its answer, and those that are given up."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from functions.adapters.sender import RequestSender
from functions.adapters.sqs import SqsQueues
from functions.core.base.errors import SegueError
from functions.core.base.task_codec import encode
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.deliveries import DeliverTransition
from functions.core.deliveries.records import HttpRequest, PutEvents, ReceiverAnswer, Request
from local.runtime.clock import now, rfc3339
from local.runtime.failures import Failures

KEPT = 500

Deliveries = deque[dict[str, Any]]


@contextmanager
def recorded(failures: Failures) -> Iterator[Deliveries]:
    """Record the latest requests of this process inside the block, oldest first; dead letters count as failures."""
    deliveries: Deliveries = deque(maxlen=KEPT)
    original = RequestSender.send

    def send(self: RequestSender, destination: str, request: Request) -> ReceiverAnswer:
        row = {"at": rfc3339(now()), "destination": destination, "request": _request(request)}
        deliveries.append(row)
        try:
            answer = original(self, destination, request)
        except SegueError as error:
            row["error"] = str(error)
            raise
        row["answer"] = _answer(answer)
        return answer

    with mock.patch.object(RequestSender, "send", send), mock.patch.object(SqsQueues, "send", _noting(failures)):
        yield deliveries


def _noting(failures: Failures) -> Callable[[SqsQueues, Sequence[Dispatch]], None]:
    """A ``SqsQueues.send`` that also records deliveries which go to the dead letters directly."""
    original = SqsQueues.send

    def send(self: SqsQueues, dispatches: Sequence[Dispatch]) -> None:
        original(self, dispatches)
        for each in dispatches:
            if each.dead and isinstance(each.task, DeliverTransition):
                task = each.task
                failures.buried("deliver", f"queue {task.QUEUE}", 1, f"{task.destination}: {task.reason}", encode(task))

    return send


def announcements(deliveries: Deliveries) -> Iterator[tuple[str, str]]:
    """Name and JSON content of each event that a bus accepted, oldest first."""
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


def _answer(answer: ReceiverAnswer) -> dict[str, Any]:
    body = answer.body.decode(errors="replace")
    return {"status": answer.status, "body": body, "refused": dict(answer.codes)}
