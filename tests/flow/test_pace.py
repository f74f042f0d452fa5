"""An account with more messages due at once than it may send in a day, on the local host."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from unittest import mock

import pytest

from local.aws.moto_cloud import MotoCloud
from local.aws.ses_account import SesAccount
from tests.flow.host import Host, opened
from tests.flow.told_shop import RECEIPT
from tests.notes import note

HOUR, DAY = 3600, 86_400
PEOPLE, BUYERS, PER_DAY = 30, 3, 20
# What marketing leaves to other mail by default: a tenth.
KEPT = 2
HELLO = """
id: hello
name: Hello
start: {event: Signed Up}
goal: Order Completed
steps:
  - wait: 1 hour
  - send: note
"""


@pytest.fixture
def shop() -> Iterator[Host]:
    with mock.patch.dict(os.environ, {"CONSENT_DEFAULT": "implied"}), opened(shipped=False) as host:
        for kind, name, text in (
            ("templates", "note", note()),
            ("templates", "link", note("link", kind="transactional")),
            ("flows", "hello", HELLO),
            ("flows", "receipt", RECEIPT),
        ):
            assert 200 == host.publish(kind, name, text).status
        account(host).rate, account(host).per_day = 1, PER_DAY
        yield host


def account(host: Host) -> SesAccount:
    cloud = host.inner.cloud
    assert isinstance(cloud, MotoCloud)
    return cloud.account


def tell(host: Host, event: str, numbers: range) -> None:
    messages = [
        {
            "type": "track",
            "userId": f"u{number}",
            "event": event,
            "messageId": f"{event}-{number}",
            "properties": {"order_id": f"o{number}"},
            "context": {"traits": {"email": f"u{number}@x.org"}},
        }
        for number in numbers
    ]
    for begin in range(0, len(messages), 100):
        assert 200 == host.segment("batch", {"batch": messages[begin : begin + 100]}).status


def sent(host: Host, flow: str) -> list[dict[str, str]]:
    return [mail for mail in host.mailbox() if mail["cause"].startswith(f"{flow}_")]


def messages(host: Host, state: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    start = ""
    while True:
        page = json.loads(host.api("GET", f"messages?state={state}&limit=100{start}").body)
        found += page["messages"]
        if page["next"] is None:
            return found
        start = f"&start={page['next']}"


def test_a_small_account_sends_at_its_pace_and_the_rest_on_the_next_day_unless_it_is_no_longer_true(shop: Host) -> None:
    begin = shop.clock()
    tell(shop, "Signed Up", range(PEOPLE))
    shop.clock.advance("1h10m")
    first = sent(shop, "hello")
    assert PER_DAY - KEPT == len(first)
    # One a second, one after the other: what waited came when it was its turn.
    assert PER_DAY - KEPT == len({mail["at"] for mail in first})
    assert PEOPLE - len(first) == len(messages(shop, "released"))
    # Marketing has left the others theirs, which do not stand behind it.
    shop.clock.advance("2h")
    tell(shop, "Password Forgotten", range(KEPT))
    shop.clock.advance("5m")
    assert KEPT == len(sent(shop, "receipt"))
    waiting = set(range(PEOPLE)) - {int(mail["to"][1:].partition("@")[0]) for mail in first}
    buyers = sorted(waiting)[:BUYERS]
    for number in buyers:
        tell(shop, "Order Completed", range(number, number + 1))
    shop.clock.to(begin + DAY)
    assert PER_DAY - KEPT == len(sent(shop, "hello"))
    shop.clock.to(begin + DAY + 5 * HOUR)

    mails = sent(shop, "hello")
    told = Counter(mail["to"] for mail in mails)
    assert ({1}, PEOPLE - BUYERS) == (set(told.values()), len(told))
    assert not {f"u{number}@x.org" for number in buyers} & told.keys()
    assert {1} == set(Counter(mail["at"] for mail in mails).values())
    held = messages(shop, "held")
    assert ({"goal reached: Order Completed"}, BUYERS) == ({row["reason"] for row in held}, len(held))
    assert [] == messages(shop, "released")
    # Nothing was tried that SES had to refuse, and nothing failed.
    assert (0, 0, 0) == (account(shop).refused, shop.inner.failures.count, shop.inner.failures.dead_count)
