"""Who gets which e-mail of a shop's life: a reading of the rules that knows the facts, and none of the product's code.

Facts are taken in their order; before and after each, whatever is due by then happens, earliest first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.flow.shop_life import ADDRESSES, DAY, HOUR, MINUTE, WHO, Fact, Variant

# A step that could not be taken for a day is not taken any more.
STALE = DAY
# What is put into a cart so soon after an order is still of the cart that was ordered.
ORDER_ECHO = HOUR


@dataclass(frozen=True, order=True)
class Note:
    """An e-mail: when, which, and what it is about."""

    at: int
    template: str
    about: str


@dataclass(eq=False)
class Journey:
    """Somebody's way through a flow; ``steps`` are the templates to come, each with the seconds to wait before it."""

    flow: str
    who: str
    about: str
    began: int
    due: int
    steps: list[tuple[int, str]]
    cart: "Cart | None" = None
    taken: int = 0
    ended: str = ""

    @property
    def waits(self) -> bool:
        return not self.ended


@dataclass(eq=False)
class Cart:
    """A cart, from the order that closed the one of the same name before it (``opened``) on.

    ``changes`` are the instants at which something was put in (True), or the last of it taken out (False), of all carts
    of the name. ``doubtful`` marks one of which the rules do not say whether it should be written about.
    """

    who: str
    opened: int = -1
    changes: list[tuple[int, bool]] = field(default_factory=list)
    journey: "Journey | None" = None
    doubtful: bool = False
    done: set[str] = field(default_factory=set)

    @property
    def filled(self) -> list[int]:
        """When something was put in."""
        return [at for at, is_filled in self.changes if is_filled and at > self.opened]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it any more."""
        own = [is_filled for at, is_filled in self.changes if at > self.opened]
        return not own or not own[-1]


class Oracle:
    """Takes the facts and says which notes go out."""

    def __init__(self) -> None:
        self.now = 0
        self.notes: list[Note] = []
        self.carts: dict[str, Cart] = {}
        self.journeys: list[Journey] = []
        self.owner: dict[str, str] = {}
        self.said: dict[str, tuple[int, bool]] = {}
        self.purchases: list[Fact] = []
        self.cancelled: set[str] = set()
        self.doubts: set[str] = set()
        self.waiting: list[Journey] = []
        self.variant: Variant = (60, False, True)
        self.state, self.resumed = "active", 0

    def tell(self, facts: Iterable[Fact], end: int) -> list[Note]:
        """Every note that goes out up to the end, oldest first."""
        for fact in facts:
            self._until(fact.at)
            getattr(self, "_" + fact.what.replace(" ", "_"))(fact)
            self._until(fact.at)
        self._until(end)
        return sorted(self.notes)

    @property
    def doubtful(self) -> set[str]:
        """The carts of which either answer is right."""
        return self.doubts | {name for name, cart in self.carts.items() if cart.doubtful}

    # People

    def person(self, who: str) -> str:
        """Whose name it is now."""
        return self.owner.get(who, who)

    def names(self, who: str) -> set[str]:
        return {name for name in WHO if self.person(name) == self.person(who)}

    def reachable(self, who: str) -> bool:
        return any(name in ADDRESSES for name in self.names(who))

    def agrees(self, who: str) -> bool:
        """Whether every answer of the person's is a yes."""
        answers = [self.said[name][1] for name in self.names(who) if name in self.said]
        return bool(answers) and all(answers)

    # Facts

    def _said(self, fact: Fact) -> None:
        # Of two answers of one second the no counts.
        at, before = self.said.get(fact.who, (0, True))
        self.said[fact.who] = (fact.at, fact.about and (before or at != fact.at))

    def _logged_in(self, fact: Fact) -> None:
        if fact.who in self.owner:
            return
        before = {cart: list(self._bought(cart)) for cart in self.carts.values()}
        self.owner[fact.who] = fact.about
        self._keep_one_welcome(fact.about)
        for cart, known in before.items():
            self._part_in_hindsight(cart, [each.at for each in self._bought(cart) if each not in known])
        for journey in [each for each in self.waiting if self.reachable(each.who)]:
            self.waiting.remove(journey)
            if journey.flow == "carts":
                # It begins now, under the version of now.
                journey.steps = self._cart_steps()
                journey.due = journey.began + journey.steps[0][0]
            self._begin(journey)

    def _part_in_hindsight(self, cart: Cart, bought: list[int]) -> None:
        """Of a cart that turns out to be somebody's who bought meanwhile, what was put in after that is another cart.

        If it is on its way already, it may go on as the one or as the other.
        """
        if not cart.filled:
            return
        closed = [at for at in bought if at <= cart.filled[-1] - ORDER_ECHO]
        if cart.journey not in self.waiting:
            cart.doubtful |= bool(closed)
        elif within := [at for at in closed if at >= cart.filled[0]]:
            cart.opened = max(within)

    def _filled(self, fact: Fact) -> None:
        cart = self._open(fact)
        cart.changes.append((fact.at, True))
        journey = cart.journey
        if journey is None or journey.ended == "empty":
            self._set_out(cart, fact)
        elif journey.waits and not journey.taken:
            journey.began, journey.due = fact.at, fact.at + journey.steps[0][0]

    def _open(self, fact: Fact) -> Cart:
        """The cart that is filled; after an order it is another of the same name."""
        cart = self.carts.setdefault(fact.about, Cart(fact.who))
        began = cart.filled[0] if cart.filled else fact.at
        closed = [each.at for each in self._bought(cart) if began <= each.at <= fact.at - ORDER_ECHO]
        if max(closed, default=-1) > cart.opened:
            self.doubts |= {fact.about} if cart.doubtful else set()
            cart = self.carts[fact.about] = Cart(fact.who, max(closed), cart.changes)
        return cart

    def _emptied(self, fact: Fact) -> None:
        self.carts[fact.about].changes.append((fact.at, False))

    def _bought_cart(self, fact: Fact) -> None:
        self.purchases.append(fact)

    def _paid(self, fact: Fact) -> None:
        self.purchases.append(fact)

    def _ordered(self, fact: Fact) -> None:
        steps = [(0, "news"), (HOUR, "receipt")]
        self._begin(Journey("receipt", fact.who, fact.about, fact.at, fact.at, steps))

    def _cancelled(self, fact: Fact) -> None:
        self.cancelled.add(fact.about)

    def _signed_up(self, fact: Fact) -> None:
        self._begin(Journey("welcome", fact.who, "nothing", fact.at, fact.at + HOUR, [(HOUR, "welcome")]))

    def _published(self, fact: Fact) -> None:
        self.variant, state = fact.about
        for cart in self.carts.values():
            # Whether what was done in the very second was before or after, nobody can tell.
            cart.doubtful |= state != self.state and fact.at in cart.filled
        if state == "active" and self.state != "active":
            self.resumed = fact.at
        self.state = state

    # Journeys

    def _set_out(self, cart: Cart, fact: Fact) -> None:
        steps = self._cart_steps()
        cart.journey = Journey("carts", fact.who, fact.about, fact.at, fact.at + steps[0][0], steps, cart)
        self._begin(cart.journey)

    def _cart_steps(self) -> list[tuple[int, str]]:
        minutes, _, again = self.variant
        return [(minutes * MINUTE, "first"), *([(24 * HOUR, "second")] if again else [])]

    def _begin(self, journey: Journey) -> None:
        """Let it begin, unless nobody can be written to yet, it is too late or the flow comes once."""
        if not self.reachable(journey.who):
            self.waiting.append(journey)
        elif self.now - journey.due > STALE:
            journey.ended = "too late"
        elif journey.flow == "carts" and (self.state != "active" or journey.began <= self.resumed):
            self._forget(journey)
        elif journey.flow != "welcome" or not self._welcomes(journey.who):
            self.journeys.append(journey)

    def _forget(self, journey: Journey) -> None:
        """What happened while the flow was off starts nothing; of its last second either may be said."""
        cart = journey.cart
        assert cart
        cart.journey = None
        cart.doubtful |= journey.began == self.resumed

    def _welcomes(self, who: str) -> list[Journey]:
        mine = [each for each in self.journeys if each.flow == "welcome" and self.person(each.who) == self.person(who)]
        return sorted(mine, key=lambda each: each.began)

    def _keep_one_welcome(self, who: str) -> None:
        for later in self._welcomes(who)[1:]:
            later.ended = later.ended or "joined"

    def _until(self, instant: int) -> None:
        """Take every step that is due by then."""
        while due := self._due(instant):
            journey = min(due, key=lambda each: each.due)
            self.now = max(self.now, journey.due)
            self._step(journey)
        self.now = max(self.now, instant)

    def _due(self, instant: int) -> list[Journey]:
        going = [each for each in self.journeys if each.waits and each.due <= instant]
        return [each for each in going if each.flow != "carts" or self.state != "paused"]

    def _step(self, journey: Journey) -> None:
        if self.now - journey.due > STALE:
            journey.ended = "too late"
        elif reason := self._over(journey):
            journey.ended = reason
        else:
            self._write(journey)
            journey.steps, journey.taken = journey.steps[1:], journey.taken + 1
            journey.ended = "" if journey.steps else "completed"
            journey.due += journey.steps[0][0] if journey.steps else 0

    def _over(self, journey: Journey) -> str:
        if journey.flow == "receipt":
            # What is taken back was no purchase.
            return "cancelled" if journey.about in self.cancelled else ""
        if journey.cart is None:
            return ""
        if any(each.at >= journey.cart.filled[0] for each in self._bought(journey.cart)):
            return "bought"
        return "empty" if journey.cart.is_empty else ""

    def _bought(self, cart: Cart) -> Iterator[Fact]:
        return (each for each in self.purchases if self.person(each.who) == self.person(cart.who))

    def _write(self, journey: Journey) -> None:
        template = journey.steps[0][1]
        done = journey.cart.done if journey.cart else set()
        if template not in done and (template == "receipt" or self.agrees(journey.who)):
            self.notes.append(Note(self.now, template, journey.about))
        done.add(template)
