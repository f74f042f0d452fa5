"""Erasing one of two people who were taken for one: runs and mails of either may lie under the profile of the other."""

import json

import pytest

from tests.flow.crash_stories.erasure import TABLES, WELCOME
from tests.flow.host import Host
from tests.flow.shop import ANN, BEN, Person, identify, redact, track
from tests.notes import note


@pytest.fixture
def divided(bare: Host) -> Host:
    """Ann and Ben had signed up on one tablet, and their first mails gone to Ben, when her login before his came in.

    What lies under the profile that they had together is both of theirs; it goes on as Ann's.
    """
    for name in ("first", "second"):
        bare.publish("templates", name, note(name, "transactional", words=name))
    bare.publish("flows", "welcome", WELCOME)
    began = bare.clock()
    bare.segment("track", track("Signed Up", anonymous="tablet", email=ANN.email))
    bare.clock.advance("10m")
    bare.segment("identify", identify(user="ben", anonymous="tablet", email=BEN.email))
    bare.segment("track", track("Signed Up", user="ben", email=BEN.email))
    bare.clock.advance("2h")
    assert [BEN.email, BEN.email] == [mail["to"] for mail in bare.mailbox()]
    bare.segment("identify", identify(user="ann", anonymous="tablet", email=ANN.email, at=began))
    bare.clock.advance("1m")
    assert profile(bare, ANN) != profile(bare, BEN)
    return bare


def profile(host: Host, person: Person) -> str | None:
    return (host.profile(f"email:{person.email}") or {}).get("id")


def erase(host: Host, person: Person) -> None:
    host.webhook("customers/redact", redact(person))
    host.clock.advance("1h")


def stored(host: Host) -> str:
    """Everything that tells of people, as text."""
    return json.dumps({table: host.inner.rows(table, 100) for table in TABLES}, default=str)


def test_nothing_is_left_of_who_is_erased_under_the_profile_of_the_other(divided: Host) -> None:
    erase(divided, BEN)
    assert None is profile(divided, BEN)
    assert BEN.email not in stored(divided)
    runs = json.loads(divided.api("GET", f"profiles/{profile(divided, ANN)}/runs").body)["runs"]
    assert 1 == len(runs)
    divided.clock.advance("2d")
    assert [(ANN.email, "second")] == [(mail["to"], mail["subject"]) for mail in divided.mailbox()[2:]]


def test_the_other_keeps_what_lies_under_the_profile_of_who_is_erased(divided: Host) -> None:
    erase(divided, ANN)
    assert ANN.email not in stored(divided)
    divided.clock.advance("2d")
    assert [(BEN.email, "second")] == [(mail["to"], mail["subject"]) for mail in divided.mailbox()[2:]]
    erase(divided, BEN)
    assert {table: [] for table in TABLES} == json.loads(stored(divided))
