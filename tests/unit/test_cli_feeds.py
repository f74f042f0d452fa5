"""Following, triggering and quarantine on the command line, against the handlers themselves."""

import json
from dataclasses import replace

import pytest

from cli.__main__ import main
from cli.webhooks import SENDERS, topics
from functions import wiring
from functions.core.base.identity import profile_id
from functions.core.base.quarantine import Quarantined
from functions.core.messages.records import Message
from tests.console import ANN, BUYERS, DAY, NOW, order
from tests.served import served

SENT = Message("p1", "c1", "cart", "reminder", "sent", NOW - 60, "member", "ann@x.org", "Hello")


@pytest.fixture
def url(world, monkeypatch):
    with served(world, **{source: wiring.ports().secrets.get(source)[0] for source in SENDERS}) as found:
        monkeypatch.setenv("SEGUE_URL", found)
        monkeypatch.setenv("SEGUE_TOKEN", world.token)
        yield found


def events(world, *identifiers):
    return [event.name for each in identifiers for event in world.ports.log.read(each)]


@pytest.mark.parametrize(
    ("source", "topic", "more"),
    [
        ("shopify", "orders/create", {"Product Added"}),
        ("woocommerce", "order.created", {"Order Paid"}),
        ("stripe", "charge.refunded", {"Order Refunded"}),
    ],
)
def test_every_sample_is_understood_by_its_source(world, url, capsys, source, topic, more):
    assert main(["trigger", source]) == 0
    known = capsys.readouterr().out.split()
    assert topics(source) == known
    for each in known:
        assert main(["trigger", source, each, "--local", "--cart", "c1"]) == 0
    assert f"{source} {topic}" in capsys.readouterr().out
    assert ([], None) == world.ports.quarantine.page((source,), 10)
    told = events(world, "email:ann@example.org", "shopify_cart:c1")
    assert {"Customer Created", "Checkout Started", "Order Completed", "Consent Changed"} | more <= set(told)


def test_the_same_cart_gives_the_same_order_and_another_person_is_another(world, url):
    for topic in ("orders/create", "orders/paid"):
        assert main(["trigger", "shopify", topic, "--local", "--email", "bob@x.org", "--cart", "c7"]) == 0
    naturals = {event.natural for event in world.ports.log.read("email:bob@x.org") if event.name == "Order Completed"}
    assert 1 == len(naturals)


def test_a_body_of_ones_own_is_signed_and_a_wrong_secret_refused(world, url, tmp_path, capsys):
    (tmp_path / "body.json").write_text('{"id": 1, "title": "A chair", "variants": []}')
    asked = ["trigger", "shopify", "products/create", "--file", str(tmp_path / "body.json")]
    assert main([*asked, "--local"]) == 0
    assert "A chair" == world.ports.products.get(["1"])["1"].title
    assert main([*asked, "--secret", "guess"]) == 2
    assert "does not take the signature" in capsys.readouterr().err


def test_a_sample_is_shown_and_not_sent(world, url, capsys):
    assert main(["trigger", "shopify", "orders/create", "--show", "--email", 'a"b@x.org']) == 0
    assert 'a"b@x.org' == json.loads(capsys.readouterr().out)["email"]
    assert main(["trigger", "shopify", "order/create", "--local"]) == 2
    assert "did you mean orders/create?" in capsys.readouterr().err
    assert main(["trigger", "magento", "orders/create", "--show"]) == 2


def test_quarantine_is_listed_shown_replayed_and_dropped(world, url, capsys):
    body = json.dumps({"type": "track", "event": "Looked", "userId": "u1", "messageId": "m1"})
    for source, name, text in (("segment", "q1", body), ("shopify", "q2", "[]"), ("shopify", "q3", "[]")):
        headers = {"segue-route": "track"} if source == "segment" else {"x-shopify-topic": "orders/create"}
        world.ports.quarantine.put(Quarantined(source, name, "not mapped", headers, text, NOW))
    assert main(["quarantine"]) == 0
    assert 3 == len(capsys.readouterr().out.splitlines())
    assert main(["quarantine", "show", "segment", "q1"]) == 0
    assert body in capsys.readouterr().out
    assert main(["replay", "segment", "q1"]) == 0
    assert "q1: understood, 1 events\n" == capsys.readouterr().out
    assert main(["replay", "shopify", "--all"]) == 1
    told = capsys.readouterr()
    assert "0 of 2 were understood\n" == told.out
    assert "q2: still not understood: " in told.err
    assert main(["quarantine", "drop", "shopify", "q2"]) == 0
    assert main(["quarantine", "drop", "shopify", "q2"]) == 2
    assert "quarantine has no such request" in capsys.readouterr().err
    assert main(["quarantine", "list", "shopify", "--json"]) == 0
    assert ["q3"] == [each["id"] for each in json.loads(capsys.readouterr().out)]
    main(["quarantine", "drop", "shopify", "q3"])
    capsys.readouterr()
    main(["quarantine"])
    assert "quarantine is empty\n" == capsys.readouterr().out


def test_tail_tells_what_was_sent_and_held_back_oldest_first(world, url, capsys):
    world.ports.ledger.claim(SENT)
    world.ports.ledger.claim(replace(SENT, cause="c2", state="held", at=NOW - 30, reason="unsubscribed"))
    world.ports.ledger.claim(replace(SENT, cause="c3", at=NOW - DAY))
    world.ports.quarantine.put(Quarantined("shopify", "q1", "no such thing", {}, "{}", NOW))
    assert main(["tail", "--once", "--local"]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert "2026-11-21T11:59:00Z  sent     cart/reminder to ann@x.org: member" == first
    assert second.endswith("held     cart/reminder to ann@x.org: unsubscribed")
    assert third.endswith("quarantine shopify q1: no such thing")
    assert main(["tail", "--once", "--local", "--since", "2d", "--state", "sent", "--json"]) == 0
    assert ["c3", "c1"] == [json.loads(line)["cause"] for line in capsys.readouterr().out.splitlines()]


def until_interrupted(monkeypatch, *steps):
    """Let these happen while the command sleeps, one a time; then somebody presses Ctrl-C."""
    waiting = list(steps)

    def sleep(_seconds):
        if not waiting:
            raise KeyboardInterrupt
        waiting.pop(0)()

    monkeypatch.setattr("cli.commands.tail.time.sleep", sleep)


def test_tail_goes_on_until_it_is_interrupted_and_tells_everything_once(world, url, capsys, monkeypatch):
    until_interrupted(monkeypatch, lambda: world.ports.ledger.claim(SENT), lambda: None)
    assert main(["tail", "--local"]) == 130
    assert 1 == len(capsys.readouterr().out.splitlines())


def test_tail_tells_a_message_again_when_its_state_changes(world, url, capsys, monkeypatch):
    world.ports.ledger.claim(replace(SENT, state="claimed"))
    until_interrupted(monkeypatch, lambda: world.ports.ledger.settle("p1", "c1", "ses-1", NOW), lambda: None)
    assert main(["tail", "--local"]) == 130
    assert ["claimed", "sent"] == [line.split()[1] for line in capsys.readouterr().out.splitlines()]


def test_tail_tells_who_enters_and_leaves_a_segment(world, url, capsys, monkeypatch):
    world.save(BUYERS)
    until_interrupted(monkeypatch, lambda: world.tell(order(ANN, 5 * DAY)), lambda: world.clock.move_to(NOW + 26 * DAY))
    assert main(["tail", "--local", "--segment", "buyers"]) == 130
    who = profile_id(ANN)
    assert [f"{who} entered buyers", f"{who} left buyers"] == capsys.readouterr().out.splitlines()


def test_the_clock_of_the_host_is_shown(world, url, capsys):
    assert main(["clock"]) == 0
    assert "2026-11-21T12:00:00Z\n" == capsys.readouterr().out


def test_everything_in_quarantine_is_replayed_page_by_page_once_each(world, url, capsys):
    body = json.dumps({"type": "track", "event": "Looked", "userId": "u1", "messageId": "m1"})
    told_by = {"segment": ({"segue-route": "track"}, body), "shopify": ({"x-shopify-topic": "x/y"}, "no json")}
    for number in range(45):
        source = "segment" if number % 2 else "shopify"
        world.ports.quarantine.put(Quarantined(source, f"q{number}", "not mapped", *told_by[source], NOW - number))
    assert main(["replay", "--all", "--json"]) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {f"q{number}" for number in range(45)} == {each["id"] for each in told}
    assert (45, 22) == (len(told), sum(each["replayed"] for each in told))
    assert main(["replay", "--all"]) == 1
    assert "0 of 23 were understood\n" == capsys.readouterr().out
    assert {"not JSON"} == {each.reason[6:14] for each in world.ports.quarantine.page(("shopify",), 50)[0]}


def test_a_replay_of_an_unknown_source_or_of_nothing_says_what_there_is(world, url, capsys):
    assert main(["replay", "nobody", "--all"]) == 2
    assert "no such source" in capsys.readouterr().err
    assert main(["replay", "shopify"]) == 2
    assert "which ones? name their ids, or --all" in capsys.readouterr().err
