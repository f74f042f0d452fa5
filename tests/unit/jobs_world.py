"""A shop whose requests may evaluate nobody, so that each of them asks for a job; and its queue of jobs."""

import json

import pytest

from functions.handlers import jobs
from tests.console import BUYERS, HOUR, order
from tests.lambda_context import CONTEXT
from tests.queues import taken

PEOPLE = [f"email:p{number:02d}@x.org" for number in range(20)]
# Rows of a page of the scan: two or three people.
ROWS = 5


@pytest.fixture
def crowd(world, monkeypatch):
    """Twenty buyers, of whom every page of the scan holds a few; a request reads one page."""
    monkeypatch.setattr("functions.usecases.questions.PAGE", ROWS)
    monkeypatch.setattr("functions.usecases.sweep.PAGE", ROWS)
    monkeypatch.setattr("functions.usecases.questions.MOMENT", 1)
    world.save(BUYERS)
    world.tell(*(order(who, HOUR) for who in PEOPLE))
    return world


def messages():
    """The bodies of the messages that the queue gives out now, taken from it."""
    return taken("jobs")


def deliver(body, attempt=1, lambda_context=CONTEXT):
    """One invocation for the message; True if the message is done."""
    attributes = {"ApproximateReceiveCount": str(attempt)}
    record = {"messageId": "1", "body": body if isinstance(body, str) else json.dumps(body), "attributes": attributes}
    return not jobs.handler({"Records": [record]}, lambda_context)["batchItemFailures"]


def run():
    """Do what is queued until nothing is."""
    while bodies := messages():
        for body in bodies:
            assert deliver(body)


def asked(world, when='did "Order Completed"', **more):
    """The id of the job that a preview of the condition asks for."""
    return world.ask("POST", "/api/preview", {"when": when, **more}, status=202)["job"]


def shown(world, job):
    return world.ask("GET", f"/api/jobs/{job}")


def result(world, job):
    """What the job answers, which is done."""
    told = shown(world, job)
    assert ("done", None) == (told["state"], told["fault"])
    return told["result"]
