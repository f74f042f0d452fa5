"""``python -m bench.audience [answers]``: what an answer of the audience API takes of a processor, without the network.

The real handler, from API Gateway's event to its answer, with all shipped segments open. Ports are in memory, so that
what AWS adds is left out: a round trip to DynamoDB, or two of merged people, and what the SDK does for it.
"""

import gc
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bench.reading import NOW, YEAR, shop, year
from bench.table import Row, show
from functions import wiring
from functions.core.base.events import Event
from functions.core.definitions.ruleset import Ruleset
from functions.handlers.audience import handler
from functions.settings import read
from functions.usecases.fold import fold
from tests.flow.in_memory_app import SETTINGS, InMemoryApp
from tests.lambda_context import CONTEXT
from tests.requests import gateway

ANSWERS = 2_000
# Events of a year, by what such a visitor is called.
VISITORS = {"nobody known": 0, "a visitor with 20 events": 20, "a customer with 2,000 events": 2_000}


def rows(answers: int = ANSWERS) -> Iterator[Row]:
    """This part of the table: milliseconds of the processor."""
    app = shop()
    app.settings = read({**SETTINGS, "VISITOR_REQUESTS_PER_MINUTE": "1000000", "PUBLIC_REQUESTS_PER_MINUTE": "1000000"})
    app.ruleset = _open(app.ruleset)
    before = wiring.ports, wiring.context
    wiring.ports, wiring.context = lambda: app, lambda **_: app.context  # type: ignore[assignment, return-value]
    try:
        for place, (who, count) in enumerate(VISITORS.items()):
            yield from _measured(app, f"d{place}", who, count, answers)
    finally:
        wiring.ports, wiring.context = before


def _open(ruleset: Ruleset) -> Ruleset:
    """The ruleset with every segment open to the page."""
    opened = {name: {**body, "audience": "visitor"} for name, body in ruleset.segments.items()}
    return replace(ruleset, segments=opened)


def _measured(app: InMemoryApp, device: str, who: str, count: int, answers: int) -> Iterator[Row]:
    events = [_of(event, f"anonymous_id:{device}") for event in year(count)] if count else []
    app.now = NOW - YEAR
    for start in range(0, count, 100):
        app.now = NOW
        app.log.append(events[start : start + 100])
        assert fold(app.context, events[start : start + 100]) == {}
    app.now = NOW
    question = gateway("GET", "/v1/audience") | {"rawQueryString": f"writeKey=WK&anonymousId={device}"}
    taken = sorted(_times(question, answers))
    open_segments = len(app.ruleset.segments)
    yield Row(f"{who}, {open_segments} segments: half of them in", taken[answers // 2], "ms")
    yield Row(f"{who}, {open_segments} segments: 99 of 100 in", taken[answers * 99 // 100], "ms", 10)


def _times(question: Mapping[str, Any], answers: int) -> Iterator[float]:
    for _ in range(20):
        assert handler(question, CONTEXT)["statusCode"] == 200
    gc.collect()
    gc.freeze()
    for _ in range(answers):
        begin = time.process_time_ns()
        handler(question, CONTEXT)
        yield (time.process_time_ns() - begin) / 1e6


def _of(event: Event, who: str) -> Event:
    return replace(event, identifiers=(who,), trust="public")


if __name__ == "__main__":
    show("An answer to the shop's page", rows(*map(int, sys.argv[1:2])))
