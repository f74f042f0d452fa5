"""Ports in memory for handlers; the shop that tests of the API ask, and its address over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions import wiring
from functions.handlers.collect import handler
from tests.api_document import validate
from tests.console import SETTINGS, World, opened
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.requests import NOW, Send
from tests.served import served


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened() as found:
        yield found


@pytest.fixture
def url(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the shop answers over HTTP, as the command line is told it."""
    with served(world, shopify="hush") as found:
        monkeypatch.setenv("SEGUE_URL", found)
        monkeypatch.setenv("SEGUE_TOKEN", world.token)
        yield found


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> FakePorts:
    """What handlers find in place of AWS, at the second at which requests come."""
    made = FakePorts()
    monkeypatch.setattr(wiring, "ports", lambda: made)
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    return made


@pytest.fixture
def send(fakes: FakePorts) -> Send:
    """Sends an event of API Gateway to collect; each answer is held against its description."""

    def to_the_handler(event: dict[str, Any]) -> tuple[int, Any]:
        answer = handler(event, CONTEXT)
        value = json.loads(answer["body"]) if answer["body"] else None
        if value is not None:
            validate(event["requestContext"]["http"]["method"], event["rawPath"], answer["statusCode"], value)
        return answer["statusCode"], value

    return to_the_handler
