"""A thousand people whose webhooks come late, twice and in any order: an oracle says who gets which e-mail when.

Each person leaves one or two carts, some of which become orders. What the shop tells of them is delayed by up to
three hours, repeated and shuffled. The number of a round is the seed of its chance. A thousand people meet the real
use cases on ports in memory, and some more the whole local host.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest

from local.http.publish import DEFINITIONS
from local.runtime.clock import instant_of, rfc3339
from tests.flow.host import opened
from tests.flow.in_memory_app import InMemoryApp
from tests.flow.shop import Body, Person, cart, checkout, customer, line, order
from tests.flow.shuffled import DAY, HOUR, MINUTE, Told, _arrival, expected

ROUNDS, PEOPLE = 10, 100
BEGIN = 1_795_000_000


def stream(chance: random.Random, person: int, begin: int) -> list[Told]:
    """Everything that is told of one person, in the order in which it arrives."""
    happened: list[Told] = []
    for number in range(chance.choice((1, 1, 2))):
        happened += _cart(chance, person, f"c{person}-{number}", begin + _span(chance, 2 * HOUR))
    told = [copy for each in happened for copy in _copies(chance, each)]
    chance.shuffle(told)
    return told


def _cart(chance: random.Random, person: int, token: str, at: int) -> Iterator[Told]:
    def told(topic: str, body: Body, number: int = 0) -> Told:
        return Told(topic, person, token, at, at, f"{token}:{topic}:{number}", body)

    who, wanted = Person(person), line(title=f"Watch {token}")
    if chance.random() < 0.8:
        yield told("carts/create", cart(token, wanted, at=at))
        for number in range(chance.choice((0, 0, 1, 2))):
            at += _span(chance, 40 * MINUTE)
            yield told("carts/update", cart(token, wanted, at=at), number)
    at += _span(chance, 90 * MINUTE)
    began = at
    yield told("checkouts/create", checkout(f"ch-{token}", who, wanted, cart=token, at=began))
    for number in range(chance.choice((0, 0, 1, 2))):
        at += _span(chance, 40 * MINUTE)
        body = checkout(f"ch-{token}", who, wanted, cart=token, at=began, updated=at)
        yield told("checkouts/update", body, number)
    if chance.random() < 0.5:
        at += _span(chance, 3 * HOUR)
        named: dict[str, Any] = {"cart": token} if chance.random() < 0.8 else {"checkout": f"ch-{token}"}
        bought = order(1_000_000 + person * 10 + int(token[-1]), who, wanted, at=at, **named)
        yield told("orders/create", bought)
        if chance.random() < 0.5:
            yield told("orders/paid", bought)
        if chance.random() < 0.5:
            # The last update of a checkout is its completion, and tells of the checkout's beginning.
            done = checkout(f"ch-{token}", who, wanted, cart=token, at=began, updated=at, completed=at)
            yield replace(told("checkouts/update", done, 9), at=began)
        if "cart" in named and chance.random() < 0.4:
            # Of an order that names its checkout only, a cart that is filled on afterwards may be a new one.
            at += _span(chance, 40 * MINUTE)
            yield told("carts/update", cart(token, wanted, at=at), 9)


def _span(chance: random.Random, most: int) -> int:
    """Often whole minutes, so that things meet; sometimes a second beside."""
    return chance.randrange(0, most, MINUTE) + chance.choice((0, 0, 0, 1, 59))


def _copies(chance: random.Random, told: Told) -> Iterator[Told]:
    yield _delayed(chance, told)
    if chance.random() < 0.25:
        yield _delayed(chance, told)


def _delayed(chance: random.Random, told: Told) -> Told:
    delay = chance.choice((0, 0, 0, chance.randrange(MINUTE), chance.randrange(0, 3 * HOUR, MINUTE)))
    return replace(told, arrives=told.arrives + delay)


def play(shop: Any, told: list[Told], to: Callable[[int], Any]) -> int:
    """Deliver everything on its second, then let two days go by; return the second it is."""
    for at, group in groupby(sorted(told, key=_arrival), key=_arrival):
        to(at)
        for each in group:
            shop.webhook(each.topic, each.body, event_id=each.event_id)
        shop.settle()
    end = max(map(_arrival, told)) + 2 * DAY
    to(end)
    return end


def shipped() -> Iterator[tuple[str, str, str]]:
    """Cart recovery, as shipped: kind, name and text."""
    letters = (("templates", "cart-recovery-1"), ("templates", "cart-recovery-2"))
    for kind, name in (*letters, ("events", "bought"), ("flows", "cart-recovery")):
        yield kind, name, (DEFINITIONS / kind / f"{name}.yaml").read_text()


Sent = dict[str, list[tuple[str, int]]]


def by_cart(mails: Iterable[tuple[str, str, int]]) -> Sent:
    """Cause and second of each reminder, by the cart that its text leads to."""
    found: Sent = defaultdict(list)
    for text, cause, at in mails:
        found[text.partition("/checkouts/ch-")[2].partition("/recover")[0]].append((cause, at))
    return found


def app(people: Iterable[int], begin: int) -> InMemoryApp:
    """A shop in memory whose people want its mail."""
    shop = InMemoryApp(begin)
    for definition in shipped():
        shop.publish_text(*definition)
    for person in people:
        shop.webhook("customers/create", _customer(person, begin), event_id=f"person {person}")
    return shop


def in_memory(told: list[Told], people: Iterable[int], begin: int) -> tuple[Sent, int]:
    """What comes of it when the real use cases run on ports in memory."""
    shop = app(people, begin)
    end = play(shop, told, shop.to)
    return by_cart((mail.text, mail.cause, mail.at) for mail in shop.mails), end


def in_host(told: list[Told], people: Iterable[int], begin: int) -> tuple[Sent, int]:
    """What comes of it in the local host, through every handler and adapter."""
    with opened(shipped=False) as host:
        for kind, name, text in shipped():
            assert host.publish(kind, name, text).status == 200
        host.clock.to(begin)
        for person in people:
            host.webhook("customers/create", _customer(person, begin))
        end = play(host, told, host.clock.to)
        return by_cart((mail["text"], mail["cause"], instant_of(mail["at"])) for mail in host.mailbox()), end


def _customer(person: int, at: int) -> Body:
    return customer(Person(person), at=at, consent="subscribed")


Way = Callable[[list[Told], Iterable[int], int], tuple[Sent, int]]


def check(way: Way, seed: int, count: int) -> None:
    """Play the streams of so many people and hold the reminders against the oracle."""
    chance, people = random.Random(seed), range(seed * count, (seed + 1) * count)
    streams = [stream(chance, person, BEGIN + HOUR) for person in people]
    sent, end = way([each for one in streams for each in one], people, BEGIN)
    wrong = {
        token: {"sent": sent.get(token), "expected": wanted, "told": sorted(one, key=_arrival)}
        for one in streams
        for token in sorted({each.cart for each in one})
        for wanted in [expected(one, token, end)]
        if not _right(sent.get(token, []), wanted)
    }
    assert {} == wrong, f"seed {seed}: {len(wrong)} carts"
    assert sum(map(len, sent.values())) > count // 2


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_whatever_is_late_or_repeated_everybody_gets_exactly_the_reminders_that_are_due(seed: int) -> None:
    check(in_memory, seed, PEOPLE)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_sent_after_an_order_even_while_nobody_folds(seed: int) -> None:
    chance, people = random.Random(f"stalled {seed}"), range(PEOPLE)
    told = [each for person in people for each in stream(chance, person, BEGIN + HOUR)]
    shop = app(people, BEGIN)

    def to(instant: int) -> None:
        shop.to(instant)
        shop.stalled = chance.random() < 0.9

    play(shop, told, to)
    sent = by_cart((mail.text, mail.cause, mail.at) for mail in shop.mails)
    assert all(len({cause for cause, _ in mails}) == len(mails) for mails in sent.values())
    assert [] == [each for each in told if each.closes and any(at > each.arrives for _, at in sent.get(each.cart, []))]
    assert len(sent) > PEOPLE // 4


def test_the_local_host_sends_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_NOW", rfc3339(BEGIN - HOUR))
    check(in_host, ROUNDS, 25)


def _right(sent: list[tuple[str, int]], wanted: list[int] | None) -> bool:
    """Never two for one cause; and, where only one answer is right, that one."""
    once = len({cause for cause, _ in sent}) == len(sent)
    return once and (wanted is None or wanted == [at for _, at in sent])
