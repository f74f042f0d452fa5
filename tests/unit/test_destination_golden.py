"""tests/golden/destinations/<key>.json: what each receiver is handed, and what its answers mean.

A case has ``transitions``, the ``configuration`` if there is one, the ``answers`` to the requests in their order (taken
without one), the ``requests`` that are made, and by position what is told ``again`` and what goes to the ``dead``
letters, each with the error.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from functions.core.base.tasks.deliveries import DeliverTransition
from functions.core.deliveries.records import HttpRequest, PutEvents, ReceiverAnswer, Request
from functions.core.profiles.transition import Transition
from functions.destinations import destination_keys, find
from functions.usecases.deliver import deliver
from tests.fakes import FakePorts

GOLDEN = Path(__file__).parent.parent / "golden" / "destinations"
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['case']}")
    for path in sorted(GOLDEN.glob("*.json"))
    for case in json.loads(path.read_text())
]
NOW = 1_795_288_400


@pytest.mark.parametrize(("key", "case"), CASES)
def test_each_golden_delivery_makes_its_requests(key: str, case: dict[str, Any]) -> None:
    destination, world = find(key), FakePorts()
    world.secrets.values[destination.secret] = (json.dumps(case.get("configuration", {})),)
    world.sender.answers = [_answer(each) for each in case.get("answers", ())]
    told = [Transition(**each) for each in case["transitions"]]
    again = deliver(world.at(NOW), destination, told)
    assert case["requests"] == [_request(request) for _, request in world.sender.sent]
    assert case.get("again", {}) == {str(place): str(error) for place, error in again.items()}
    dead = {told[int(place)].segment: reason for place, reason in case.get("dead", {}).items()}
    letters = [each.task for each in world.queues.of("deliveries-dead")]
    assert dead == {each.segment: each.reason for each in letters if isinstance(each, DeliverTransition)}


@pytest.mark.parametrize("key", destination_keys())
def test_a_destination_has_cases_one_of_which_is_its_example(key: str) -> None:
    cases: list[Any] = [each.values[1] for each in CASES if each.values[0] == key]
    assert asdict(find(key).example) in [case["transitions"][0] for case in cases if len(case["transitions"]) == 1]


def _answer(told: dict[str, Any]) -> ReceiverAnswer:
    return ReceiverAnswer(
        status=told.get("status", 200),
        headers=told.get("headers", {}),
        body=told.get("body", "").encode(),
        codes={int(place): code for place, code in told.get("codes", {}).items()},
    )


def _request(request: Request) -> dict[str, Any]:
    match request:
        case PutEvents():
            events = [{"kind": event.kind, "body": event.body} for event in request.events]
            return {"bus": request.bus, "source": request.source, "events": events}
        case HttpRequest():
            return {
                "method": request.method,
                "url": request.url,
                "headers": dict(request.headers),
                "body": request.body.decode(),
            }
