"""``/_local/*`` of the local host, with functions of the test's own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from functions import wiring
from functions.topology import FUNCTIONS
from functions.usecases.collect import STOREFRONTS
from local.runtime.clock import rfc3339
from tests.flow.host import Host, opened

RAW = """From: Corner Shop <hello@corner-shop.example>
To: Ann <ann@x.org>
Subject: =?utf-8?q?Caf=C3=A9?=
List-Unsubscribe: <http://127.0.0.1:8787/u/t>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Hello Ann
--b
Content-Type: text/x-amp-html; charset=utf-8

<html amp4email></html>
--b
Content-Type: text/html; charset=utf-8

<p>Hello <a href="http://127.0.0.1:8787/u/t">no</a> <a href="https://shop.example/a?b=1&amp;c=2">Ann</a></p>
--b--
"""


def send_mail(raw: str = RAW, **more: Any) -> str:
    request = {
        "Content": {"Raw": {"Data": raw.replace("\n", "\r\n").encode()}},
        "EmailTags": [{"Name": "profile", "Value": "p1"}, {"Name": "cause", "Value": "cart_c1_1"}],
        "ConfigurationSetName": "segue",
    }
    return wiring.clients().get("sesv2").send_email(**(request | more))["MessageId"]


def bodies(event: Any) -> list[Any]:
    """What SES published, of a batch of the queue."""
    return [json.loads(record["body"]) for record in event["Records"]]


@contextmanager
def listening(feedback: Any = None) -> Iterator[tuple[Host, list[Any]]]:
    """A host whose feedback function keeps what it is told."""
    told: list[Any] = []
    silent = {function.name: lambda event, context: None for function in FUNCTIONS}
    with opened(silent | {"feedback": feedback or (lambda event, context: told.extend(bodies(event)))}) as host:
        yield host, told


def test_the_mailbox_lists_the_parts_of_every_email_oldest_first() -> None:
    with listening() as (host, _):
        first = send_mail()
        host.clock.advance("1m")
        second = send_mail(RAW.replace("ann@x.org", "ben@x.org"))
        mails = host.mailbox()
        now = rfc3339(host.clock())
    assert [first, second] == [mail["id"] for mail in mails]
    mail = mails[1]
    assert ("ben@x.org", "Café", "p1", "cart_c1_1", now) == tuple(
        mail[name] for name in ("to", "subject", "profile", "cause", "at")
    )
    assert "<http://127.0.0.1:8787/u/t>" == mail["headers"]["List-Unsubscribe"]
    assert "Hello Ann" == mail["text"].strip()
    assert "amp4email" in mail["amp"]
    assert "<p>Hello" in mail["html"]
    assert "Content-Type: multipart/alternative" in mail["raw"]


def test_ses_says_that_an_email_was_sent_and_then_delivered() -> None:
    with listening() as (host, told):
        message = send_mail()
        host.settle()
    assert ["Send", "Delivery"] == [event["eventType"] for event in told]
    assert {message} == {event["mail"]["messageId"] for event in told}
    assert {("p1", "cart_c1_1")} == {
        (*event["mail"]["tags"]["profile"], *event["mail"]["tags"]["cause"]) for event in told
    }


def test_an_email_without_a_configuration_set_has_no_events() -> None:
    with listening() as (host, told):
        send_mail(ConfigurationSetName="")
        host.settle()
    assert [] == told


@pytest.mark.parametrize(
    ("action", "kind"), [("open", "Open"), ("click", "Click"), ("bounce", "Bounce"), ("complaint", "Complaint")]
)
def test_what_a_recipient_does_comes_back_as_an_event_of_ses(action: str, kind: str) -> None:
    with listening() as (host, told):
        message = send_mail()
        host.settle()
        told.clear()
        assert message == host.local("POST", f"mailbox/{message}/{action}")["id"]
        host.settle()
    assert [kind] == [event["eventType"] for event in told]
    assert action in told[0]


def test_a_click_takes_the_link_it_is_told_or_the_first_that_does_not_unsubscribe() -> None:
    with listening() as (host, told):
        message = send_mail()
        host.settle()
        told.clear()
        host.local("POST", f"mailbox/{message}/click")
        host.local("POST", f"mailbox/{message}/click", {"link": "https://shop.example/x"})
        host.settle()
    links = [event["click"]["link"] for event in told]
    assert ["https://shop.example/a?b=1&c=2", "https://shop.example/x"] == links


def test_an_event_of_ses_that_fails_comes_back_and_is_given_up_in_the_end() -> None:
    seen: list[int] = []

    def feedback(event: Any, context: Any) -> None:
        seen.append(clock())
        raise RuntimeError("no")

    with listening(feedback) as (host, _):
        clock = host.clock
        start = clock()
        send_mail()
        host.settle()
        clock.advance("3h")
        letters = host.local("GET", "overview")["dead_letters"]
    assert [start + 180 * attempt for attempt in range(50)] == seen
    assert {"queue feedback"} == {letter["source"] for letter in letters}


@pytest.mark.parametrize(
    ("span", "seconds"), [("1s", 1), ("90m", 5400), ("24h", 86400), ("2d", 172800), ("1w", 604800), ("1h30m", 5400)]
)
def test_the_clock_advances_by_a_span(span: str, seconds: int) -> None:
    with listening() as (host, _):
        start = host.clock()
        assert rfc3339(start + seconds) == host.clock.advance(span)
        assert rfc3339(start + seconds) == host.local("GET", "clock")["now"]


def test_the_clock_goes_to_an_instant_of_any_offset() -> None:
    with listening() as (host, _):
        start = host.clock()
        day = rfc3339(start + 2 * 86400)[:10]
        assert f"{day}T08:00:00Z" == host.clock.to(f"{day}T10:00:00+02:00")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        {},
        {"advance": "1h", "to": "2030-01-01T00:00:00Z"},
        {"advance": "1"},
        {"advance": 3600},
        {"advance": "-1h"},
        {"advance": "1.5h"},
        {"advance": "1y"},
        {"advance": ""},
        {"advance": "999999999w"},
        {"to": "2001-01-01T00:00:00Z"},
        {"to": "2030-01-01T00:00:00"},
        {"to": "tomorrow"},
        {"to": "2030-01-01"},
        {"to": "9999-12-31T00:00:00Z"},
        {"to": None},
    ],
)
def test_a_clock_that_cannot_be_moved_so_says_why_and_stands_still(body: Any) -> None:
    with listening() as (host, _):
        start = host.clock()
        answer = host.request("POST", "/_local/clock", body)
        assert 400 == answer.status
        assert json.loads(answer.body)["faults"][0]["message"]
        assert start == host.clock()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_local/nothing", 404),
        ("GET", "/_local/mailbox/unknown", 404),
        ("POST", "/_local/mailbox/unknown/open", 404),
        ("DELETE", "/_local/clock", 405),
        ("GET", "/_local/settle", 405),
    ],
)
def test_what_is_not_there_is_said_as_json(method: str, path: str, status: int) -> None:
    with listening() as (host, _):
        answer = host.request(method, path)
    assert status == answer.status
    assert json.loads(answer.body)["faults"]


def test_an_unknown_action_names_the_known_ones() -> None:
    with listening() as (host, _):
        answer = host.request("POST", f"/_local/mailbox/{send_mail()}/forward")
    assert 404 == answer.status
    assert "open, click, bounce, complaint" in json.loads(answer.body)["faults"][0]["message"]


def test_the_keys_of_a_run_are_its_own() -> None:
    with listening() as (host, _):
        first = host.keys
    with listening() as (host, _):
        second = host.keys
    assert {"write_key", "server_key", "identity_key", "webhooks", "admin_token", "read_token"} == first.keys()
    assert list(STOREFRONTS) == sorted(first["webhooks"])
    assert first["write_key"] != second["write_key"]


def test_events_of_ses_have_the_fields_of_the_documented_ones() -> None:
    samples = Path(__file__).parent.parent / "golden" / "ses"
    shapes = json.loads((samples / "fields.json").read_text())
    with listening() as (host, told):
        message = send_mail()
        for action in ("open", "click", "bounce", "complaint"):
            host.local("POST", f"mailbox/{message}/{action}")
        host.settle()
    for event in told:
        documented = shapes[_DOCUMENTED[event["eventType"]]]
        wanted = {name.removeprefix("detail.") for name in documented if name.startswith("detail.")}
        assert wanted
        assert wanted <= set(_fields(event)), event["eventType"]


# The names of the documented samples, which are those of the event bus; what a topic is told is their detail.
_DOCUMENTED = {
    "Send": "Email Sent",
    "Delivery": "Email Delivered",
    "Open": "Email Opened",
    "Click": "Email Clicked",
    "Bounce": "Email Bounced",
    "Complaint": "Email Complaint Received",
}


def _fields(value: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{prefix}{name}"
            if name not in ("tags", "linkTags"):
                yield from _fields(inner, f"{prefix}{name}.")
    elif isinstance(value, list) and value:
        yield from _fields(value[0], f"{prefix}0.")
