"""A random life of a small shop: what people and the marketer do, played on the real use cases with ports in memory.

Two customers have accounts. Their devices are theirs alone; one of them has an address of its own before anybody logs
in on it. Whatever is done is written down as a fact, which is all that the oracle sees.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from functions.core.base.rfc3339 import text as written
from functions.core.base.translation import Request
from functions.settings import read
from functions.usecases.backfill import update
from functions.usecases.collect import collect
from tests.flow.in_memory_app import SETTINGS, InMemoryApp
from tests.notes import note

START, MINUTE, HOUR, DAY = 1_900_000_000, 60, 3600, 86_400

# Whose account each device ends with; ``phone`` has an address before.
OWNERS = {"phone": "ann", "tablet": "ann", "laptop": "ben"}
ACCOUNTS = ("ann", "ben")
ADDRESSES = {"ann": "ann@x.org", "ben": "ben@x.org", "phone": "phone@x.org"}
WHO = (*ACCOUNTS, *OWNERS)

# What an e-mail is about.
ABOUT = '{{ event.order_id | default: event.cart_id | default: "nothing" }}.'
MARKETING = ("first", "second", "welcome", "news")
TRANSACTIONAL = ("receipt",)

# What the marketer tries for carts: minutes until the first note, whether a check stands before it, whether a second
# note follows.
Variant = tuple[int, bool, bool]
VARIANTS: tuple[Variant, ...] = ((60, False, True), (60, True, True), (120, False, True), (60, False, False))


def cart_flow(variant: Variant, state: str) -> str:
    """The text of the flow for carts."""
    minutes, checked, again = variant
    steps = [f"- wait: {minutes} minutes", *(['- check: not did "Shop Closed"'] if checked else []), "- send: first"]
    steps += ["- wait: 24 hours", "- send: second"] if again else []
    head = "id: carts\nname: Carts\nstart: {event: [Product Added, Checkout Started], by: cart_id}\ngoal: bought\n"
    return f"{head}state: {state}\nsteps:\n" + "".join(f"  {step}\n" for step in steps)


WELCOME = (
    "id: welcome\nname: W\nstart: {event: Signed Up}\nreentry: once\nsteps:\n  - wait: 1 hour\n  - send: welcome\n"
)
RECEIPT = """
id: receipt
name: Receipts
start: {event: bought, by: order_id}
steps:
  - send: news
  - wait: 1 hour
  - send: receipt
"""
BOUGHT = """
id: bought
name: Bought
any of: [Order Completed, Store Purchase]
by: order_id
unless: [Order Cancelled]
"""


@dataclass(frozen=True)
class Fact:
    """Something that happened: when, what, by whom, and what it was about (a cart, an order, an answer, a version)."""

    at: int
    what: str
    who: str = ""
    about: Any = None


@dataclass
class Shop(InMemoryApp):
    """The app in memory as a shop, with the facts of its life."""

    now: int = START
    settings: Any = field(default_factory=lambda: read({**SETTINGS, "MESSAGES_PER_DAY": "1000"}), kw_only=True)
    facts: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._sent: list[tuple[str, dict[str, Any]]] = []
        self.secrets.values |= {"write-key": ("WK",), "server-key": ("SK",)}
        self._carts: dict[str, int] = {}
        self._logged_in: set[str] = set()
        self._orders: list[tuple[str, str]] = []
        self._variant, self._state = VARIANTS[0], "active"
        self.definitions.rows = {key: list(versions) for key, versions in opened().definitions.rows.items()}
        self.definitions.publications = opened().definitions.publications
        self.ruleset = opened().ruleset
        self._fact("published", about=(self._variant, self._state))
        for who in ADDRESSES:
            self.say(who, True)

    # What people do

    def add(self, who: str) -> None:
        """One more of the product in the cart."""
        cart = f"cart-{who}"
        self._carts[cart] = self._carts.get(cart, 0) + 1
        self._fact("filled", who, cart)
        self._track(who, "Product Added", cart_id=cart, product_id="p1", quantity=1, price=5)

    def remove(self, who: str) -> None:
        """One less, if there is one."""
        cart = f"cart-{who}"
        if self._carts.get(cart):
            self._carts[cart] -= 1
            if not self._carts[cart]:
                self._fact("emptied", who, cart)
            self._track(who, "Product Removed", cart_id=cart, product_id="p1", quantity=1)

    def buy(self, who: str) -> None:
        """What is in the cart."""
        cart = f"cart-{who}"
        if self._carts.get(cart):
            self._fact("bought cart", who, cart)
            self._clear(who)
            self._order(who, "Order Completed", cart_id=cart)

    def pay_at_the_till(self, who: str) -> None:
        """A till knows the account and no cart."""
        account = OWNERS.get(who, who)
        self._fact("paid", account)
        self._clear(account)
        self._order(account, "Store Purchase")

    def cancel(self, number: int) -> None:
        """The whole of an order."""
        if self._orders:
            who, order = self._orders[number % len(self._orders)]
            self._fact("cancelled", who, order)
            self._track(who, "Order Cancelled", order_id=order)

    def say(self, who: str, yes: bool) -> None:
        """Yes or no to marketing, under the address."""
        if who in ADDRESSES:
            self._fact("said", who, yes)
            answer = "subscribed" if yes else "unsubscribed"
            traits = {"email": ADDRESSES[who], "email_marketing_consent": answer}
            self._send("identify", {**_whose(who), "traits": traits})

    def sign_up(self, who: str) -> None:
        """Anybody may, as often as they like."""
        self._fact("signed up", who)
        self._track(who, "Signed Up")

    def log_in(self, device: str) -> None:
        """The device's owner logs in on it."""
        owner = OWNERS.get(device)
        if owner:
            self._fact("logged in", device, owner)
            self._logged_in.add(device)
            self._send("identify", {"anonymousId": device, "userId": owner})

    def repeat(self, number: int) -> None:
        """A sender that heard no answer sends again what it sent before."""
        if self._sent:
            self._post(*self._sent[number % len(self._sent)])

    # What the marketer does

    def edit(self, variant: Variant) -> None:
        """Publish another version of the flow for carts."""
        self._variant = variant
        self._carts_flow(self._state)

    def turn(self, state: str) -> None:
        """Pause, drain or resume it."""
        self._carts_flow(state)

    def publish_something_else(self, days: int) -> None:
        """A segment that has nothing to do with it."""
        when = f'did "Product Added" at least 3 times within {days} days'
        self.publish_text("segments", "readers", f"id: readers\nname: Readers\nannounce: true\nwhen: {when}\n")

    def bring_up_to_date(self) -> None:
        """The backfill that follows a publication has come to everybody."""
        for stored_state in list(self.people.states.values()):
            if not stored_state.merged_into:
                update(self.context, stored_state)
        self.settle()

    def wait(self, span: int) -> None:
        """Time goes by, and what is due happens."""
        self.to(self.now + span)

    # How it is done

    def publish_text(self, kind: str, name: str, text: str) -> None:
        super().publish_text(kind, name, text)
        self.settle()

    def _carts_flow(self, state: str) -> None:
        self._state = state
        text = cart_flow(self._variant, state)
        if self.definitions.versions("flows", "carts")[-1].text != text:
            self.publish_text("flows", "carts", text)
            self._fact("published", about=(self._variant, state))

    def _clear(self, who: str) -> None:
        """Whoever bought something has no open cart any more."""
        person = self._person(who)
        self._carts.update(dict.fromkeys((f"cart-{name}" for name in WHO if self._person(name) == person), 0))

    def _person(self, who: str) -> str:
        return OWNERS[who] if who in self._logged_in else who

    def _order(self, who: str, event: str, **properties: Any) -> None:
        order = f"order-{len(self._orders)}"
        self._orders.append((who, order))
        self._fact("ordered", who, order)
        self._track(who, event, order_id=order, total=5, **properties)

    def _track(self, who: str, event: str, **properties: Any) -> None:
        self._send("track", {**_whose(who), "event": event, "properties": properties})

    def _send(self, route: str, message: Mapping[str, Any]) -> None:
        # Senders' clocks tell what was done within one second.
        moment = f"{written(self.now).removesuffix('Z')}.{len(self._sent) % 1000:03d}Z"
        stamped = {**message, "messageId": f"m{len(self._sent)}", "timestamp": moment}
        self._sent.append((route, stamped))
        self._post(route, stamped)

    def _post(self, route: str, message: Mapping[str, Any]) -> None:
        body = json.dumps({**message, "writeKey": "SK"}).encode()
        collect(self.context, "segment", Request(body, {"content-type": "application/json"}, route, self.now, "EUR"))
        self.settle()

    def _fact(self, what: str, who: str = "", about: Any = None) -> None:
        self.facts.append(Fact(self.now, what, who, about))


@cache
def opened() -> InMemoryApp:
    """An app in memory with the definitions that every life begins with."""
    app = InMemoryApp(START)
    for kind, names in (("marketing", MARKETING), ("transactional", TRANSACTIONAL)):
        for name in names:
            app.publish_text("templates", name, note(name, kind, f"{name} about {ABOUT}"))
    app.publish_text("events", "bought", BOUGHT)
    for name, text in (("welcome", WELCOME), ("receipt", RECEIPT), ("carts", cart_flow(VARIANTS[0], "active"))):
        app.publish_text("flows", name, text)
    return app


def _whose(who: str) -> dict[str, str]:
    return {"userId": who} if who in ACCOUNTS else {"anonymousId": who}
