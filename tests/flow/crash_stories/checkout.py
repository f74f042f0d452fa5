"""Ann leaves a cart before she says who she is, and buys after the first reminder; Ben buys at once."""

from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import LEFT, insist
from tests.flow.host import Host
from tests.flow.shop import Body, checkout, customer, identify, line, order, track
from tests.notes import note

# What follows so soon that no tick comes between: it is queued by what was done before it.
LEFT_LONGER = LEFT.replace("left-checkout", "left-longer").replace("30 minutes", "1830 seconds")
NUDGE = """
id: nudge
name: Nudge
start: {segment: left-checkout}
steps:
  - wait: 20 seconds
  - wait: 20 seconds
  - send: nudge
"""


class Checkout(PeopleStory):
    """Carts of two people, on the web and at the storefront."""

    functions = ("collect", "fold", "wake", "react", "tick", "send", "feedback")

    def prepare(self, host: Host) -> None:
        for kind, name, text in (
            ("segments", "left-longer", LEFT_LONGER),
            ("templates", "nudge", note("nudge", "transactional")),
            ("flows", "nudge", NUDGE),
        ):
            assert host.publish(kind, name, text).status == 200
        host.settle()

    def play(self, host: Host, turn: int) -> None:
        ann, ben, number = self.cast.ann, self.cast.ben, self.cast.ann.number
        device, account = f"device-{number}", f"account-{number}"
        lines: Body = {"cart_id": f"web-cart-{number}", "product_id": "501", "name": "Walnut watch", "price": 129.5}
        bought: Body = {"order_id": f"web-order-{number}", "cart_id": lines["cart_id"]}

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
