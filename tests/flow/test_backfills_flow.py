"""Publishing an edit while a shop runs: how far the backfill is, and who is written to, as it was asked."""

import json
from typing import Any

from local.runtime.clock import rfc3339
from tests.flow.host import Host
from tests.flow.shop import track

LOYAL = 'id: loyal\nname: Loyal\nwhen: did "Order Completed" at least {times} times\n'
FLOW = "id: thank\nname: Thank\nstart: {segment: loyal}\nsteps:\n  - send: thank\n"
LETTER = """
id: thank
name: Thank
kind: transactional
subject: Thank you
body: |
  <mj-section><mj-column><mj-text>Thank you</mj-text></mj-column></mj-section>
text: |
  Thank you
"""


def publish(host: Host, kind: str, name: str, text: str, query: str = "") -> dict[str, Any]:
    """Publish and let the machinery come to rest."""
    answer = host.api("PUT", f"definitions/{kind}/{name}{query}", text.encode(), "application/yaml")
    assert answer.status == 200, answer.body
    host.settle()
    return json.loads(answer.body)


def widened(host: Host, times: int, query: str = "") -> None:
    publish(host, "segments", "loyal", LOYAL.format(times=times), query)


def buy(host: Host, who: str, times: int) -> None:
    for number in range(times):
        host.segment("track", track("Order Completed", email=who, order_id=f"{who}-{number}"))
    host.settle()


def written_to(host: Host) -> list[str]:
    return sorted(mail["to"].partition("@")[0] for mail in host.mailbox())


def backfills(host: Host) -> list[dict[str, Any]]:
    return json.loads(host.api("GET", "backfills").body)["backfills"]


def shop(host: Host) -> None:
    """Ann buys three times, Bob twice and Cat once; who bought three times is thanked."""
    widened(host, 3)
    publish(host, "templates", "thank", LETTER)
    publish(host, "flows", "thank", FLOW)
    for who, times in (("ann", 3), ("bob", 2), ("cat", 1)):
        buy(host, f"{who}@x.org", times)


def test_an_edit_writes_to_those_whom_it_brings_in_when_that_is_asked_for_and_never_twice(bare: Host) -> None:
    shop(bare)
    assert ["ann"] == written_to(bare)
    widened(bare, 2, "?backfilled=send")
    assert ["ann", "bob"] == written_to(bare)
    widened(bare, 1)
    assert ["ann", "bob"] == written_to(bare)
    publish(bare, "segments", "other", 'id: other\nname: Other\nwhen: in segment "loyal"\n')
    bare.clock.advance("2d")
    buy(bare, "dan@x.org", 1)
    assert ["ann", "bob", "dan"] == written_to(bare)


def test_an_edit_that_asks_for_nothing_writes_to_nobody_and_one_that_asks_later_only_to_whom_it_brings_in(
    bare: Host,
) -> None:
    shop(bare)
    widened(bare, 2)
    widened(bare, 1, "?backfilled=send")
    assert ["ann", "cat"] == written_to(bare)


def test_the_flow_that_follows_a_new_segment_writes_to_everybody_in_it_when_that_is_asked_for(bare: Host) -> None:
    buy(bare, "ann@x.org", 3)
    widened(bare, 3, "?backfilled=send")
    publish(bare, "templates", "thank", LETTER)
    publish(bare, "flows", "thank", FLOW)
    assert ["ann"] == written_to(bare)
    publish(bare, "flows", "thank", FLOW.replace("Thank\n", "Thanks\n"))
    assert ["ann"] == written_to(bare)


def test_the_backfill_is_seen_to_finish(bare: Host) -> None:
    shop(bare)
    began = rfc3339(bare.clock())
    widened(bare, 2)
    told = backfills(bare)[0]
    assert ("segments/loyal version 2", "finished") == (told["cause"], told["state"])
    assert (3, began, began) == (told["profiles"]["seen"], told["began"], told["finished"])
    assert told["lanes"]["done"] == told["lanes"]["of"]
