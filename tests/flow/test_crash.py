"""The process is killed at every call to AWS in turn and started again: nothing is lost, nothing is sent twice.

A kill before a write, or at a read, leaves what a kill after the write before it leaves, and one before the first write
leaves nothing: so every place between two calls is met by killing after each write. What then comes again is what AWS
brings again: stream batches, queue messages when their visibility ends, ticks, and requests that got no answer.

The same with an answer that is lost on its way: the write took place, and the process goes on without knowing.
"""

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from unittest import mock

import pytest

from local.aws.mailbox import Mailbox
from local.runtime.clock import instant_of, rfc3339
from local.runtime.deliveries import announcements
from tests.flow.fault_injection import Faults, Killed, Lost, insist, world
from tests.flow.host import Host
from tests.flow.shop import Person, checkout, customer, identify, line, order, track
from tests.operations import Operation, called, writes

FUNCTIONS = ("collect", "fold", "wake", "react", "tick", "send", "feedback")


@dataclass(frozen=True)
class Cast:
    """Who plays the story this time, in a world that has seen it before."""

    ann: Person
    ben: Person
    begin: int

    @property
    def names(self) -> dict[str, str]:
        """Identifiers to look up, by the part they play."""
        number = self.ann.number
        return {
            "Ann": f"email:{self.ann.email}",
            "Ann's device": f"anonymous_id:device-{number}",
            "Ann's account": f"user_id:account-{number}",
            "Ben": f"email:{self.ben.email}",
            "Ben's cart": f"shopify_cart:shop-cart-{number}",
        }


def cast(host: Host, number: int) -> Cast:
    """Two people whom the world does not know yet."""
    return Cast(Person(1000 + 2 * number), Person(1001 + 2 * number), host.clock())


def story(host: Host, play: Cast) -> None:
    """Ann leaves a cart before she says who she is, and buys after the first reminder; Ben buys at once."""
    ann, ben, number = play.ann, play.ben, play.ann.number
    device, account = f"device-{number}", f"account-{number}"
    lines = {"cart_id": f"web-cart-{number}", "product_id": "501", "name": "Walnut watch", "price": 129.5}
    bought = {"order_id": f"web-order-{number}", "cart_id": lines["cart_id"]}

    insist(host.webhook, "customers/create", customer(ann, consent="subscribed"), event_id=f"a{number}")
    insist(host.segment, "track", track("Product Added", anonymous=device, **lines))
    host.settle()
    left = checkout(f"shop-checkout-{number}", ben, line(502), cart=f"shop-cart-{number}")
    insist(host.webhook, "checkouts/create", left, event_id=f"b{number}")
    host.clock.advance("5m")
    insist(host.segment, "identify", identify(user=account, anonymous=device, email=ann.email, first_name="Ann"))
    insist(host.segment, "track", track("Checkout Started", user=account, **lines))
    closed = order(5_000_000 + number, ben, cart=f"shop-cart-{number}")
    insist(host.webhook, "orders/create", closed, event_id=f"c{number}")
    host.clock.advance("3h")
    insist(host.segment, "track", track("Order Completed", user=account, **bought))
    host.clock.advance("25h")


def outcome(host: Host, play: Cast) -> Any:
    """Everything that must be as if nothing had happened, in words that fit any cast."""
    people = {role: host.profile(name) for role, name in play.names.items()}
    ids = {profile["id"] for profile in people.values() if profile}
    rows = [row for row in json.loads(host.api("GET", "messages").body)["messages"] if row["profile"] in ids]
    told = [(kind, json.loads(said)) for kind, said in announcements(host.inner.deliveries)]
    told = [(kind, said) for kind, said in told if said["profile"] in ids]
    found = {
        "people": people,
        "members": [profile for profile in host.members("left-checkout") if profile in ids],
        "mails": [
            [mail["to"], mail["subject"], mail["cause"], mail["text"].partition("/u/")[0]]
            for mail in host.mailbox()
            if mail["profile"] in ids
        ],
        "ledger": [[row["profile"], row["cause"], row["state"], row["reason"], row["address"]] for row in rows],
        "announced": list({f"{kind} {said['segment']} {said['profile']} {rfc3339(said['at'])}" for kind, said in told}),
        "given up": [letter.message for letter in host.inner.failures.dead],
        "waiting": [name for name, count in host.inner.scheduler.waiting().items() if count],
    }
    words = json.loads(_anybody(json.dumps(found), play, people))
    return {name: sorted(value) if isinstance(value, list) else value for name, value in words.items()}


def _anybody(text: str, play: Cast, people: dict[str, Any]) -> str:
    """The text with parts for names, spans for instants, and without what hashes of them are in it."""
    profiles = [people[role] or {} for role in ("Ann", "Ben")]
    for role, person, profile in zip(("Ann", "Ben"), (play.ann, play.ben), profiles, strict=True):
        for name in (person.email, str(person.id), profile.get("id"), person.name):
            text = text.replace(name or "?", role)
    text = text.replace(f"-{play.ann.number}", "").replace(str(5_000_000 + play.ann.number), "order")
    text = re.sub(r"_[0-9a-f]+_", "_entry_", text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", lambda found: f"{instant_of(found[0]) - play.begin:+d}s", text)


@pytest.fixture(scope="module")
def peaceful() -> Faults:
    """No faults; what each function wrote until the story of ``undisturbed`` had ended."""
    return Faults()


@pytest.fixture(scope="module")
def undisturbed(peaceful: Faults) -> Any:
    """What comes of the story when nothing goes wrong."""
    with world(peaceful) as host:
        play = cast(host, 0)
        story(host, play)
        return outcome(host, play)


def test_the_story_reaches_what_it_is_told_for(undisturbed: Any) -> None:
    people = undisturbed["people"]
    assert people["Ann"] == people["Ann's device"] == people["Ann's account"]
    assert people["Ben"] == people["Ben's cart"]
    assert people["Ann"]["id"] != people["Ben"]["id"]
    assert [["Ann", "cart-recovery_entry_cart-recovery-1"]] == [[to, cause] for to, _, cause, _ in undisturbed["mails"]]
    assert "Segment Entered left-checkout Ann +2100s" in undisturbed["announced"]
    assert {"sent", "held"} == {state for _, _, state, _, _ in undisturbed["ledger"]}
    assert [] == undisturbed["given up"] == undisturbed["waiting"]


@pytest.mark.usefixtures("undisturbed")
def test_every_write_that_the_adapters_can_make_is_struck_in_the_story(peaceful: Faults) -> None:
    struck = set().union(*(peaceful.made[function] for function in FUNCTIONS))
    assert {operation for operation in called() if writes(operation)} == struck


@pytest.mark.parametrize("blow", [Killed, Lost])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_whatever_is_struck_between_two_writes_nothing_is_different(
    function: str, blow: type[BaseException], undisturbed: dict[str, Any]
) -> None:
    faults = Faults(function, blow=blow)
    with world(faults) as host:
        for at in count(1):
            faults.strike(at)
            play = cast(host, at)
            story(host, play)
            if not faults.struck:
                break
            assert undisturbed == outcome(host, play), (
                f"{blow.__name__} after write {at} of {function}, {faults.struck}"
            )
    assert at > 1, f"{function} writes nothing"


def shared_device(host: Host, play: Cast) -> None:
    """Ben's sign-in on the device that Ann had used before him is told first: who has it is decided anew."""
    ann, ben, number, begin = play.ann, play.ben, play.ann.number, play.begin
    device = f"device-{number}"
    host.clock.advance("1h")
    insist(host.segment, "identify", identify(user=f"ben-{number}", anonymous=device, email=ben.email, at=begin + 600))
    insist(host.segment, "track", track("Checkout Started", anonymous=device, cart_id=f"c-{number}", at=begin + 700))
    host.settle()
    insist(host.segment, "identify", identify(user=f"account-{number}", anonymous=device, email=ann.email, at=begin))
    host.settle()
    insist(host.webhook, "customers/create", customer(ben), event_id=f"d{number}")
    host.clock.advance("3h")


@pytest.mark.parametrize("blow", [Killed, Lost])
def test_people_around_a_shared_device_are_divided_whatever_is_struck(blow: type[BaseException]) -> None:
    faults = Faults("fold", blow=blow)
    with world(faults) as host:
        expected = None
        for at in range(60):
            faults.strike(at)
            play = cast(host, at)
            shared_device(host, play)
            found = outcome(host, play)
            expected = expected or found
            assert expected == found, f"{blow.__name__} after write {at} of fold, {faults.struck}"
            if at and not faults.struck:
                break
    assert at > 1
    people = expected["people"]
    assert people["Ann"] == people["Ann's account"] != people["Ben"] == people["Ann's device"]


@pytest.mark.parametrize("blow", [Killed, Lost])
def test_a_message_that_ses_may_have_is_not_sent_again_while_the_word_of_ses_is_late(blow: type[BaseException]) -> None:
    faults = Faults("send", 1, blow, counted=Operation("sesv2", "SendEmail").__eq__)
    with world(faults) as host:
        play = cast(host, 0)
        host.webhook("customers/create", customer(play.ann, consent="subscribed"))
        host.webhook("checkouts/create", checkout("ch1", play.ann, cart="c1"))
        with mock.patch.object(Mailbox, "collect", lambda _: None):
            host.clock.advance("1h10m")
            assert faults.struck
            assert ["claimed"] == [row["state"] for row in json.loads(host.api("GET", "messages").body)["messages"]]
        host.clock.advance("5h")
        assert ["sent"] == [row["state"] for row in json.loads(host.api("GET", "messages").body)["messages"]]
        assert 1 == len(host.mailbox())
