"""The process is killed at every call to AWS in turn and started again: nothing is lost, nothing is sent twice.

A kill before a write, or at a read, leaves what a kill after the write before it leaves, and one before the first write
leaves nothing: so every place between two calls is met by killing after each write. What then comes again is what AWS
brings again: stream batches, queue messages when their visibility ends, ticks, and requests that got no answer.

The same with an answer that is lost on its way: the write took place, and the process goes on without knowing.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ReadTimeoutError
from host import Host, opened
from shop import Person, checkout, customer, identify, line, order, track

from functions import wiring
from local.clock import instant_of, rfc3339
from local.invoke import Handler, deployed_handlers
from local.publish import DEFINITIONS
from local.shapes import Answer

FUNCTIONS = ("collect", "fold", "wake", "react", "tick", "send")
WRITES = {"BatchWriteItem", "DeleteItem", "PutEvents", "PutItem", "SendEmail", "SendMessageBatch", "UpdateItem"}
LEFT = """
id: left-checkout
name: Left a checkout
when: did "Checkout Started" then not "Order Completed" for 30 minutes by cart_id
announce: true
"""


class Killed(BaseException):
    """The process ends here; nothing of ours may catch it."""


class Lost(ReadTimeoutError):
    """AWS did what it was asked, and its answer never came."""

    def __init__(self) -> None:
        super().__init__(endpoint_url="aws")


@dataclass
class Fate:
    """Strikes after the ``at``-th write that one function makes, once."""

    function: str = ""
    at: int = 0
    blow: type[BaseException] = Killed
    writes: int = 0
    struck: str = ""
    running: list[str] = field(default_factory=list)

    def strike(self, at: int) -> None:
        """Strike after the ``at``-th write from now on."""
        self.at, self.writes, self.struck = at, 0, ""

    def watch(self) -> None:
        """Begin as a new process, whose clients are watched."""
        wiring.reset()
        wiring.clients().session.register("after-call", self._called)

    def mortal(self, name: str, handler: Handler) -> Handler:
        """The handler, in a process that can be killed."""

        def call(event: Any, context: Any) -> Any:
            self.running.append(name)
            try:
                return handler(event, context)
            except Killed:
                self.watch()
                raise RuntimeError("killed") from None
            finally:
                self.running.pop()

        return call

    def _called(self, model: Any, **_: Any) -> None:
        if self.running[-1:] != [self.function] or model.name not in WRITES:
            return
        self.writes += 1
        if self.writes == self.at:
            self.struck = f"{model.service_model.service_name} {model.name}"
            raise self.blow


@contextmanager
def world(fate: Fate) -> Iterator[Host]:
    """A shop in which the fate may strike, at the same time of the same day for all."""
    with mock.patch.dict("os.environ", {"SEGUE_NOW": "2026-11-21T09:00:00Z"}), _opened(fate) as host:
        yield host


@contextmanager
def _opened(fate: Fate) -> Iterator[Host]:
    handlers = {name: fate.mortal(name, handler) for name, handler in deployed_handlers().items()}
    with opened(handlers) as host:
        for kind, name in (
            ("templates", "cart-recovery-1"),
            ("templates", "cart-recovery-2"),
            ("flows", "cart-recovery"),
        ):
            assert host.publish(kind, name, (DEFINITIONS / kind / f"{name}.yaml").read_text()).status == 200
        assert host.publish("segments", "left-checkout", LEFT).status == 200
        host.settle()
        fate.watch()
        yield host


def insist(send: Any, *args: Any, **headers: str) -> None:
    """Send as senders do: again, the same, until there is an answer."""
    for _ in range(3):
        answer: Answer = send(*args, **headers)
        if answer.status == 200:
            return
    raise AssertionError(answer)


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
    told = [(each["DetailType"], json.loads(each["Detail"])) for each in host.inner.cloud.announcements()]
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
        "waiting": [name for name, count in host.inner.pump.waiting().items() if count],
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
def undisturbed() -> Any:
    """What comes of the story when nothing goes wrong."""
    with world(Fate()) as host:
        play = cast(host, 0)
        story(host, play)
        return outcome(host, play)


def test_the_story_reaches_what_it_is_told_for(undisturbed: Any) -> None:
    people = undisturbed["people"]
    assert people["Ann"] == people["Ann's device"] == people["Ann's account"]
    assert people["Ben"] == people["Ben's cart"]
    assert people["Ann"]["id"] != people["Ben"]["id"]
    assert [["Ann", "cart-recovery_entry_1"]] == [[to, cause] for to, _, cause, _ in undisturbed["mails"]]
    assert "Segment Entered left-checkout Ann +2100s" in undisturbed["announced"]
    assert {"sent", "held"} == {state for _, _, state, _, _ in undisturbed["ledger"]}
    assert [] == undisturbed["given up"] == undisturbed["waiting"]


@pytest.mark.parametrize("blow", [Killed, Lost])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_whatever_is_struck_between_two_writes_nothing_is_different(
    function: str, blow: type[BaseException], undisturbed: dict[str, Any]
) -> None:
    fate = Fate(function, blow=blow)
    with world(fate) as host:
        for at in count(1):
            fate.strike(at)
            play = cast(host, at)
            story(host, play)
            if not fate.struck:
                break
            assert undisturbed == outcome(host, play), f"{blow.__name__} after write {at} of {function}, {fate.struck}"
    assert at > 1, f"{function} writes nothing"
