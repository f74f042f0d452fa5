"""A tab of the browser, and the customers of the shop that it shows."""

from typing import Any

from local.demo.http_client import OverHttp
from local.demo.shop import Customer, Product, Shopify

ANN = Customer(101, "Ann", "Archer", "subscribed")
EVIL = Customer(102, "<img src=x onerror=alert(1)>", "Eve", "unsubscribed")
MUG = Product(11, "Stoneware mug", "24.50", "mug", "Kitchen")


class Page:
    """One tab, which remembers what it asked of others and what it complained about."""

    def __init__(self, tab: Any, url: str) -> None:
        self.tab = tab
        self.url = url
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        tab.on("request", self._asked)
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.set_default_timeout(20_000)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "about:")):
            self.elsewhere.append(request.url)

    def go(self, place: str) -> None:
        self.tab.goto(f"{self.url}/#/{place}")

    def sees(self, text: str) -> None:
        """Wait until the page shows the text; fail with what it shows instead."""
        try:
            self.tab.wait_for_function("text => document.body.innerText.includes(text)", arg=text)
        except Exception as error:
            raise AssertionError(f"no {text!r} in:\n{self.text()}\n{self.complaints}") from error

    def withdraw(self) -> None:
        """Press the button; what the question is answered is the test's."""
        self.tab.click("role=button[name=Withdraw]")

    def is_without(self, place: str) -> None:
        """Wait until no link leads to the place any more."""
        self.tab.wait_for_function('href => !document.querySelector(`a[href="${href}"]`)', arg=f"#/{place}")

    def text(self) -> str:
        return str(self.tab.inner_text("body"))


def leave_a_cart(shop_client: OverHttp, customer: Customer, cart: str) -> None:
    """Somebody puts the mug into a cart and goes to the checkout."""
    shopify = Shopify("http://127.0.0.1:1/page/pictures")
    shop_client.webhook("customers/create", customer.body() | {"email": f"{cart}@example.org"})
    checkout = shopify.checkout(cart, customer, [(MUG, 2)]) | {"email": f"{cart}@example.org"}
    moment = shop_client.get("/_local/clock")["now"]
    checkout |= {"created_at": moment, "updated_at": moment, "customer": None}
    shop_client.webhook("checkouts/create", checkout)
    shop_client.post("/_local/settle")
