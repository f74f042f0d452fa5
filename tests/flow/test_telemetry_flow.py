"""What the functions write about a request: one id from the request to the mail, and nothing about the person."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions import telemetry, wiring
from local.runtime.invoke import Handler, deployed_handlers
from local.runtime.lambda_events import LocalAnswer
from tests.flow.host import Host, opened
from tests.flow.shop import ANN, Person, customer, identify, order, redact, track
from tests.log_lines import log_lines
from tests.notes import note

MARK = "zanzibar"
FLOW = "id: try\nname: Try\nstart: {event: Product Viewed}\nreentry: every time\nsteps:\n  - send: note\n"
NOTE = note(words='Hello {{ first_name | default: "there" }}')
PERSON: dict[str, Any] = {
    "user": f"{MARK}-account",
    "anonymous": f"{MARK}-device",
    "email": f"{MARK}@mail.example",
    "first_name": MARK,
    "phone": f"+1 {MARK}",
    "address": {"street": MARK, "city": MARK},
    "consent": "subscribed",
}


class Invocations:
    """Which function worked under which correlation id, in order."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def watched(self, name: str, handler: Handler) -> Handler:
        def call(event: Any, context: Any) -> Any:
            try:
                return handler(event, context)
            finally:
                self.seen.append((name, telemetry.correlation_id()))

        return call

    def ids(self, name: str) -> set[str]:
        return {cause for function, cause in self.seen if function == name}


@pytest.fixture
def invocations() -> Invocations:
    return Invocations()


@pytest.fixture
def shop(invocations: Invocations) -> Iterator[Host]:
    handlers = {name: invocations.watched(name, handler) for name, handler in deployed_handlers().items()}
    with opened(handlers) as host:
        for kind, name, text in (("templates", "note", NOTE), ("flows", "try", FLOW)):
            assert 200 == host.publish(kind, name, text).status
        host.settle()
        yield host


def known(host: Host) -> None:
    """Somebody who wants mail, and whose every word is the mark."""
    assert 200 == host.segment("identify", identify(**PERSON)).status
    host.webhook("customers/create", customer_of(MARK))
    host.settle()


def customer_of(mark: str) -> dict[str, Any]:
    names = {"id": 1, "first_name": mark, "last_name": mark, "note": mark}
    return customer(Person(1), consent="subscribed") | {"email": f"{mark}@mail.example", **names}


def viewed() -> dict[str, Any]:
    return track("Product Viewed", email=PERSON["email"], user=PERSON["user"])


def test_one_id_goes_from_the_request_to_fold_react_and_send(shop: Host, invocations: Invocations) -> None:
    known(shop)
    shop.clock.advance("1h")
    invocations.seen.clear()
    assert 200 == shop.segment("track", viewed()).status
    shop.settle()
    shop.clock.advance("5s")
    assert 1 == len(shop.mailbox())
    (request,) = invocations.ids("collect")
    assert re.fullmatch("[0-9a-f]{16}", request)
    # What SES reports of the mail is folded too, under the event that reported it.
    assert [request] * 3 == [dict(reversed(invocations.seen))[name] for name in ("fold", "react", "send")]


def test_a_line_about_a_failure_names_the_request(shop: Host, invocations: Invocations, broken: Any) -> None:
    known(shop)
    invocations.seen.clear()
    broken("SendMessageBatch", "ThrottlingException")
    with log_lines() as lines:
        assert 200 == shop.segment("track", viewed()).status
        shop.settle()
    (request,) = invocations.ids("collect")
    assert request in {line["correlation_id"] for line in lines()}


def test_a_step_that_time_brings_is_told_under_the_tick_that_queued_it(shop: Host, invocations: Invocations) -> None:
    waiting = FLOW.replace("  - send", "  - wait: 1 hour\n  - send")
    assert 200 == shop.publish("flows", "try", waiting).status
    known(shop)
    shop.segment("track", viewed())
    shop.settle()
    invocations.seen.clear()
    shop.clock.advance("2h")
    assert 1 == len(shop.mailbox())
    assert set() < invocations.ids("send") <= invocations.ids("tick")


@pytest.fixture
def broken(shop: Host) -> Callable[[str, str], None]:
    """Has every call of an operation refused in AWS's way, whose words quote what was sent."""

    def begin(operation: str, code: str) -> None:
        def refuse(model: Any, **_: Any) -> None:
            if model.name == operation:
                raise ClientError({"Error": {"Code": code, "Message": f"of {MARK}@mail.example"}}, operation)

        for service in ("dynamodb", "sqs", "events", "sesv2"):
            wiring.clients().get(service).meta.events.register("after-call", refuse)

    return begin


BREAKS = [
    ("PutItem", "ThrottlingException"),
    ("SendMessageBatch", "AccessDenied"),
    ("SendEmail", "AccessDeniedException"),
]


@pytest.mark.parametrize(("operation", "code"), BREAKS)
def test_nothing_that_is_written_names_the_person_whatever_fails(
    operation: str, code: str, shop: Host, broken: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    known(shop)
    broken(operation, code)
    capfd.readouterr()
    with log_lines("DEBUG") as lines:
        for ask in asked(shop):
            ask()
            shop.settle()
        shop.clock.advance("1m")
        for mail in shop.mailbox():
            shop.local("POST", f"mailbox/{mail['id']}/bounce")
            shop.local("POST", f"mailbox/{mail['id']}/complaint")
        shop.webhook("customers/redact", {**redact(ANN), "customer": {"id": 1, "email": PERSON["email"]}})
        shop.settle()
        logged = lines.raw()
    counted = capfd.readouterr()
    assert code in logged
    assert "RequestsRefused" in counted.out
    assert MARK not in (logged + counted.out + counted.err).lower()


def asked(shop: Host) -> list[Callable[[], LocalAnswer]]:
    """Requests of every kind, right and wrong, all of whose words are the mark."""
    return [
        lambda: shop.segment("track", viewed()),
        lambda: shop.segment("track", {"event": MARK, "userId": [MARK], "email": MARK}),
        lambda: shop.segment("identify", MARK.encode()),
        lambda: shop.webhook("orders/create", order(1, _somebody()) | {"email": [MARK], "created_at": MARK}),
        lambda: shop.webhook("customers/create", f"{{{MARK}".encode()),
        lambda: shop.webhook("orders/create", order(9, _somebody())),
        lambda: shop.request("POST", f"/u/{MARK}", MARK.encode()),
        lambda: shop.request("GET", f"/api/profiles?identifier=email:{MARK}@mail.example"),
        lambda: shop.api("GET", f"profiles?identifier=email:{MARK}@mail.example"),
    ]


def _somebody() -> Any:
    class Somebody:
        id, email, name = 1, f"{MARK}@mail.example", MARK

    return Somebody
