"""A day of a small shop as a list of what people do and when; the effects are the product's own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local.demo.http_client import Delivery, OverHttp
from local.demo.shop import Customer, Product, Shopify
from local.runtime.clock import now

KETTLE = Product(7_301_111_000_001, "Copper kettle", "129.00", "kettle", "Kitchen")
MUG = Product(7_301_111_000_011, "Stoneware mug", "24.50", "mug", "Kitchen")
GRINDER = Product(7_301_111_000_021, "Hand grinder", "89.00", "grinder", "Coffee")
SCALE = Product(7_301_111_000_031, "Coffee scale", "59.90", "scale", "Coffee")

ANN = Customer(6_001_000_000_101, "Ann", "Archer", "subscribed")
BEN = Customer(6_001_000_000_202, "Ben", "Berger", "subscribed")
CARA = Customer(6_001_000_000_303, "Cara", "Conti", "unsubscribed")
DAN = Customer(6_001_000_000_404, "Dan", "Dahl", "subscribed")
EVE = Customer(6_001_000_000_505, "Eve", "Evans", "subscribed")
FINN = Customer(6_001_000_000_606, "Finn", "Ferrari", "subscribed")
GUS = Customer(6_001_000_000_707, "Gus", "Gomez")
HANA = Customer(6_001_000_000_808, "Hana", "Hashimoto", "subscribed")
IRIS = Customer(6_001_000_000_909, "Iris", "Ito", "subscribed")
JON = Customer(6_001_000_001_010, "Jon", "Jensen", "subscribed")


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens ``at`` minutes after 08:00."""

    at: int
    words: str
    act: Callable[[], None]


def minutes(clock: str) -> int:
    """Minutes after 08:00: "09:30" is 90, "+1 10:00" is 1560."""
    day, _, time = clock.rpartition(" ")
    hours, rest = map(int, time.split(":"))
    return (24 * int(day or 0) + hours - 8) * 60 + rest


class Story:
    """The day as a list of scenes."""

    def __init__(self, shop_client: OverHttp, url: str) -> None:
        self._shop_client = shop_client
        self._shopify = Shopify(f"{url}/page/pictures")
        self._orders: dict[str, dict[str, Any]] = {}
        self._deliveries: list[Delivery] = []

    def scenes(self) -> Iterator[Scene]:
        """Every scene, earliest first."""
        return iter(sorted(self._told(), key=lambda scene: scene.at))

    def _told(self) -> Iterator[Scene]:
        leave, order = self._leave, self._order
        yield Scene(
            minutes("08:00"),
            "The shop opens: four products, nine customers and what they said about e-mail",
            self._open,
        )
        yield Scene(
            minutes("08:40"), "A visitor looks at the hand grinder, twice (browser SDK, no name yet)", self._browse
        )
        yield Scene(minutes("08:55"), "The visitor signs in as Hana and starts a checkout (SDK)", self._sign_in)
        yield Scene(
            minutes("09:00"), "Ann fills a cart, goes to the checkout, and leaves", leave("ann", ANN, KETTLE, MUG)
        )
        yield Scene(minutes("09:10"), "Ben starts a checkout", leave("ben", BEN, GRINDER))
        yield Scene(minutes("09:20"), "Cara, who unsubscribed long ago, leaves a cart", leave("cara", CARA, MUG))
        yield Scene(minutes("09:30"), "Dan leaves a cart; Shopify delivers each of its webhooks twice", self._twice)
        yield Scene(minutes("09:45"), "Dan looks at the same cart again", self._same_cart)
        yield Scene(
            minutes("09:50"), "Eve's order comes in; the webhook of her checkout is stuck", order("eve", EVE, SCALE)
        )
        yield Scene(
            minutes("10:02"), "Finn leaves a cart; his address stopped working last year", leave("finn", FINN, KETTLE)
        )
        yield Scene(minutes("10:05"), "Ben buys, five minutes before the hour is over", order("ben", BEN, GRINDER))
        yield Scene(minutes("10:15"), "Ann opens her e-mail and clicks", self._read(ANN))
        yield Scene(minutes("10:20"), "Eve's checkout webhook arrives, late and after her order", self._late)
        yield Scene(minutes("10:30"), "Iris leaves a cart on the web", leave("iris", IRIS, KETTLE))
        yield Scene(minutes("10:35"), "Jon leaves a cart, too", leave("jon", JON, MUG, SCALE))
        yield Scene(
            minutes("10:40"), "Gus, who was never asked about e-mail, leaves a cart", leave("gus", GUS, GRINDER)
        )
        yield Scene(minutes("10:50"), "Dan presses unsubscribe in his mail program", self._unsubscribe(DAN))
        yield Scene(minutes("11:00"), "Iris buys her kettle in the store; the till knows her, but no cart", self._till)
        yield Scene(minutes("11:05"), "Jon takes everything out of his cart again", self._empty)
        yield Scene(minutes("11:10"), "Finn's e-mail bounces", self._react(FINN, "bounce"))
        yield Scene(minutes("12:00"), "Ann comes back and buys after all", order("ann", ANN, KETTLE, MUG))
        yield Scene(minutes("15:00"), "Ben sends his grinder back and is refunded", self._refund)
        yield Scene(minutes("16:00"), "Finn tries another cart", leave("finn-2", FINN, SCALE))
        yield Scene(minutes("1 09:00"), "The next morning", lambda: None)
        yield Scene(minutes("1 13:00"), "Lunch on the next day", lambda: None)

    def _open(self) -> None:
        for product in (KETTLE, MUG, GRINDER, SCALE):
            self._shop_client.webhook("products/update", self._shopify.product(product))
        for customer in (ANN, BEN, CARA, DAN, EVE, FINN, GUS, IRIS, JON):
            self._shop_client.webhook("customers/create", customer.body())

    def _browse(self) -> None:
        product = {"product_id": str(GRINDER.id), "name": GRINDER.title, "category": GRINDER.kind, "price": 89.0}
        for _ in range(2):
            self._track("Product Viewed", {"anonymousId": "visitor-7"}, product)

    def _sign_in(self) -> None:
        traits = {"email": HANA.email, "first_name": HANA.first_name, "email_marketing_consent": HANA.consent}
        self._shop_client.segment("identify", {"anonymousId": "visitor-7", "userId": "hana", "traits": traits})
        line = {"product_id": str(GRINDER.id), "name": GRINDER.title, "price": 89.0, "quantity": 1}
        self._track("Checkout Started", {"userId": "hana"}, {"cart_id": "sdk-1", "value": 89.0, "products": [line]})

    def _leave(self, cart: str, customer: Customer, *products: Product) -> Callable[[], None]:
        def act() -> None:
            lines = self._lines(products)
            first = self._shop_client.webhook("carts/create", self._shopify.cart(cart, lines))
            then = self._shop_client.webhook("checkouts/create", self._shopify.checkout(cart, customer, lines))
            self._deliveries = [first, then]

        return act

    def _twice(self) -> None:
        self._leave("dan", DAN, GRINDER, SCALE)()
        for delivery in self._deliveries:
            self._shop_client.again(delivery)

    def _same_cart(self) -> None:
        self._shop_client.webhook("carts/update", self._shopify.cart("dan", self._lines((GRINDER, SCALE))))

    def _late(self) -> None:
        created = now() - 40 * 60
        self._shop_client.webhook(
            "checkouts/create", self._shopify.checkout("eve", EVE, self._lines((SCALE,)), created)
        )

    def _order(self, cart: str, customer: Customer, *products: Product) -> Callable[[], None]:
        def act() -> None:
            self._orders[cart] = self._shopify.order(cart, customer, self._lines(products))
            self._shop_client.webhook("orders/create", self._orders[cart])

        return act

    def _till(self) -> None:
        self._shop_client.segment("identify", {"userId": "card-9", "traits": {"email": IRIS.email}})
        line = {"product_id": str(KETTLE.id), "name": KETTLE.title, "price": 129.0, "quantity": 1}
        bought = {"order_id": "till-1-0042", "store_id": "dublin-1", "total": 129.0, "products": [line]}
        self._track("Store Purchase", {"userId": "card-9"}, bought)

    def _empty(self) -> None:
        self._shop_client.webhook("carts/update", self._shopify.cart("jon", ()))

    def _refund(self) -> None:
        self._shop_client.webhook("refunds/create", self._shopify.refund(self._orders["ben"]))

    def _read(self, customer: Customer) -> Callable[[], None]:
        def act() -> None:
            self._react(customer, "open")()
            self._react(customer, "click")()

        return act

    def _react(self, customer: Customer, action: str) -> Callable[[], None]:
        def act() -> None:
            for mail in self._mails(customer)[-1:]:
                self._shop_client.post(f"/_local/mailbox/{mail['id']}/{action}")

        return act

    def _unsubscribe(self, customer: Customer) -> Callable[[], None]:
        def act() -> None:
            for mail in self._mails(customer)[-1:]:
                self._shop_client.one_click(mail["headers"]["List-Unsubscribe"].strip("<>"))

        return act

    def _mails(self, customer: Customer) -> list[dict[str, Any]]:
        return [mail for mail in self._shop_client.get("/_local/mailbox") if mail["to"] == customer.email]

    def _track(self, event: str, who: dict[str, str], properties: dict[str, Any]) -> None:
        self._shop_client.segment("track", {**who, "event": event, "properties": properties})

    @staticmethod
    def _lines(products: tuple[Product, ...]) -> list[tuple[Product, int]]:
        return [(product, 2 if product is MUG else 1) for product in products]
