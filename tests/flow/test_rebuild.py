"""Profiles are lost or damaged, and rebuilt from the log: everybody is as before, and nobody is written to twice."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from local.runtime.clock import now
from tests.flow.host import Host, opened
from tests.flow.shop import ANN, BEN, Person, cart, checkout, customer, order

CEM, DEA = Person(3), Person(4)
NAMES = [f"email:{person.email}" for person in (ANN, BEN, CEM, DEA)] + ["anonymous_id:stranger", "user_id:both"]


def track(host: Host, event: str, number: str, **who: str) -> None:
    body = {"event": event, "messageId": number, "properties": {"category": "Luxury Watches"}, **who}
    assert 200 == host.segment("track", body).status


def first_act(host: Host) -> None:
    """Reminders of carts, an order, a visitor who gives an address, a device that passes on, and a "no"."""
    for person in (ANN, BEN, CEM, DEA):
        host.webhook("customers/create", customer(person, consent="subscribed"))
    track(host, "Product Viewed", "v1", anonymousId="visitor")
    track(host, "Product Viewed", "v2", anonymousId="stranger")
    host.clock.advance("10m")
    host.webhook("carts/create", cart("c1"))
    host.webhook("checkouts/create", checkout("ch1", ANN, cart="c1"))
    host.webhook("orders/create", order(1, BEN))
    host.segment("identify", {"anonymousId": "visitor", "traits": {"email": CEM.email}, "messageId": "i1"})
    host.clock.advance("2h")
    host.webhook("checkouts/create", checkout("ch3", CEM, cart="c3"))
    for number, user in enumerate(("both", "other", "both")):
        track(host, "Product Viewed", f"d{number}", anonymousId="till", userId=user)
        host.clock.advance("5m")
    host.webhook("customers/update", customer(DEA, consent="unsubscribed"))
    host.clock.advance("50m")


def second_act(host: Host) -> None:
    """What is due later, and an order that stops a reminder."""
    host.clock.advance("30m")
    host.webhook("orders/create", order(2, CEM))
    track(host, "Product Viewed", "v9", anonymousId="visitor")
    host.webhook("checkouts/create", checkout("ch4", BEN, cart="c4"))
    host.clock.advance("3d")


def seen(host: Host) -> dict[str, Any]:
    """What the API shows of everybody, but for why they were told to be in a segment."""
    found = {}
    for name in NAMES:
        answer = host.api("GET", f"profiles?identifier={quote(name)}")
        found[name] = (answer.status, json.loads(answer.body))
    return found


def mails(host: Host) -> list[tuple[str, str]]:
    return [(mail["to"], mail["subject"]) for mail in host.mailbox()]


def profiles(host: Host) -> Any:
    """The client of DynamoDB, and the name of the table of profiles."""
    return host.inner.cloud.clients.get("dynamodb"), host.inner.cloud.environment["TABLE_PROFILES"]


def rows(host: Host) -> list[dict[str, Any]]:
    client, table = profiles(host)
    return client.scan(TableName=table)["Items"]


def empty(host: Host) -> None:
    """Lose every profile."""
    client, table = profiles(host)
    for row in rows(host):
        client.delete_item(TableName=table, Key={name: row[name] for name in ("pk", "part")})


def lose_states(host: Host) -> None:
    client, table = profiles(host)
    for row in rows(host):
        if row["part"]["S"] == "state":
            client.delete_item(TableName=table, Key={name: row[name] for name in ("pk", "part")})


def lose_attributes(host: Host) -> None:
    client, table = profiles(host)
    for row in rows(host):
        if row["part"]["S"] != "state":
            client.delete_item(TableName=table, Key={name: row[name] for name in ("pk", "part")})


def mix_up(host: Host) -> None:
    """Give each person's state to the next one."""
    client, table = profiles(host)
    states = [row for row in rows(host) if row["part"]["S"] == "state" and "s" in row]
    for row, other in zip(states, [*states[1:], states[0]], strict=True):
        client.put_item(TableName=table, Item={**row, "s": other["s"]})


DAMAGES: list[Callable[[Host], None]] = [empty, lose_states, lose_attributes, mix_up]


def rebuilt(host: Host) -> dict[str, Any]:
    """The result of a rebuild."""
    answer = host.api("POST", "rebuilds")
    assert 202 == answer.status, answer.body
    host.settle()
    job = json.loads(host.api("GET", f"jobs/{json.loads(answer.body)['job']}").body)
    assert ("done", None) == (job["state"], job["fault"])
    return dict(job["result"])


@pytest.fixture(scope="module")
def undisturbed() -> list[tuple[str, str]]:
    """The e-mails of a shop to which nothing happens."""
    with opened() as host:
        first_act(host)
        assert 2 == len(mails(host))
        second_act(host)
        return mails(host)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_everybody_is_as_before_and_nobody_is_written_to_twice(
    damage: Callable[[Host], None], undisturbed: list[tuple[str, str]]
) -> None:
    with opened() as host:
        first_act(host)
        before, sent = seen(host), mails(host)
        damage(host)
        host.settle()
        assert before != seen(host)
        result = rebuilt(host)
        assert (0, True) == (result["failed"], result["rebuilt"] > 0)
        assert before == seen(host)
        assert sent == mails(host)
        second_act(host)
        assert undisturbed == mails(host)


def test_a_rebuild_of_what_is_right_changes_nothing(host: Host) -> None:
    first_act(host)
    before, stored = seen(host), rows(host)
    assert {"rebuilt": 0, "failed": 0} == rebuilt(host)
    assert stored == rows(host)
    assert before == seen(host)


def test_what_happens_while_everything_is_lost_is_told_to_flows(host: Host) -> None:
    first_act(host)
    sent = mails(host)
    empty(host)
    host.webhook("customers/create", customer(Person(9), consent="subscribed"))
    host.webhook("checkouts/create", checkout("ch9", Person(9), cart="c9"))
    start = now()
    rebuilt(host)
    assert sent == mails(host)
    host.clock.to(start + 3600)
    assert Person(9).email in {to for to, _ in mails(host)[len(sent) :]}
