"""Carts of people as streams bring them: late, repeated and in any order, with the reminders that are due."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from tests.flow.shop import Body

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Told:
    """One webhook: of which cart, when what it tells happened, when it arrives.

    ``start`` counts towards the cart's hour; ``names`` says who is behind the cart; ``closes`` is an order.
    """

    topic: str
    person: int
    cart: str
    at: int
    arrives: int
    event_id: str
    body: Body = field(repr=False, hash=False)

    @property
    def start(self) -> bool:
        return self.topic.startswith(("carts/", "checkouts/"))

    @property
    def names(self) -> bool:
        return not self.topic.startswith("carts/")

    @property
    def closes(self) -> bool:
        return self.topic.startswith("orders/")


@dataclass
class Known:
    """What has arrived so far of one cart, and of the person's orders of other carts."""

    starts: set[int] = field(default_factory=set)
    named: bool = False
    bought: bool = False
    elsewhere: set[int] = field(default_factory=set)

    def take(self, told: Told, cart: str) -> None:
        if told.cart == cart:
            self.starts |= {told.at} if told.start else set()
            self.named |= told.names
            self.bought |= told.closes
        elif told.closes:
            self.elsewhere.add(told.at)

    @property
    def closed(self) -> bool:
        """Whether nothing may be sent: the cart was bought, or the person bought something since."""
        return self.bought or any(at >= max(self.starts) for at in self.elsewhere)

    @property
    def doubtful(self) -> bool:
        """An order of another cart while this one was being filled: either answer is right."""
        return any(min(self.starts) <= at < max(self.starts) for at in self.elsewhere)

    def due(self) -> int | None:
        return max(self.starts) + HOUR if self.starts and self.named and not self.closed else None


def expected(told: Iterable[Told], cart: str, end: int) -> list[int] | None:
    """When the reminders of a cart go out; None where both answers are right."""
    known = Known()
    first: int | None = None
    arrivals = [(at, list(group)) for at, group in groupby(sorted(told, key=_arrival), key=_arrival)]
    sent: list[int] = []
    moment = 0
    for at, group in [*arrivals, (end, [])]:
        if known.starts and known.doubtful:
            return None
        due = known.due() if first is None else first + DAY
        while due is not None and not known.closed and len(sent) < 2 and max(due, moment) <= at:
            sent.append(max(due, moment))
            first, due = (due, due + DAY) if first is None else (first, None)
        for each in group:
            known.take(each, cart)
        moment = at
    return sent


def _arrival(told: Told) -> int:
    return told.arrives
