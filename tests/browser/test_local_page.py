"""The page of the local host, in a browser."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.doors import OverHttp
from local.shop import Customer, Product, Shopify

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

    def text(self) -> str:
        return str(self.tab.inner_text("body"))


@pytest.fixture
def page(running: Any, chromium: Any) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    yield Page(context.new_page(), running.url)
    context.close()


@pytest.fixture
def doors(running: Any) -> OverHttp:
    return OverHttp(running.url)


def leave_a_cart(doors: OverHttp, customer: Customer, cart: str) -> None:
    shopify = Shopify("http://127.0.0.1:1/page/pictures")
    doors.webhook("customers/create", customer.body() | {"email": f"{cart}@example.org"})
    checkout = shopify.checkout(cart, customer, [(MUG, 2)]) | {"email": f"{cart}@example.org"}
    moment = doors.get("/_local/clock")["now"]
    checkout |= {"created_at": moment, "updated_at": moment, "customer": None}
    doors.webhook("checkouts/create", checkout)
    doors.post("/_local/settle")


def test_an_empty_run_says_what_to_send_first(page: Page) -> None:
    page.go("segments")
    page.sees("Nobody is here yet")
    page.sees("curl -u '")
    page.go("mail")
    page.sees("No e-mail has gone out yet")
    page.go("held")
    page.sees("Nothing was held back yet")
    page.go("runs")
    page.sees("No flow has started yet")
    page.go("people/email%3Anobody%40example.org")
    page.sees("Nobody is known as email:nobody@example.org")
    assert ([], []) == (page.complaints, page.elsewhere)


def test_a_cart_becomes_an_email_when_the_clock_is_moved_by_hand(page: Page, doors: OverHttp) -> None:
    leave_a_cart(doors, ANN, "ann")
    page.go("people")
    page.sees("email:ann@example.org")
    page.tab.click("text=email:ann@example.org")
    page.sees("Checkout Started")
    page.sees("subscribed")
    page.sees("under way")
    page.tab.click("text=+1 h")
    page.sees("10:00:00 UTC")
    page.go("mail")
    page.sees("ann@example.org")
    letter = page.tab.frame_locator("iframe")
    assert "Stoneware mug" in letter.locator("body").inner_text()
    page.tab.click("role=tab[name=Headers]")
    page.sees("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    page.tab.click("text=One-click unsubscribe")
    page.go("people/email%3Aann%40example.org")
    page.sees("unsubscribed")
    assert [] == page.complaints


def test_a_message_that_was_held_back_says_why(page: Page, doors: OverHttp) -> None:
    leave_a_cart(doors, EVIL, "eve")
    doors.post("/_local/clock", {"advance": "2h"})
    page.go("held")
    page.sees("unsubscribed")
    assert "1" == page.tab.inner_text('a[href="#/held"] .count')


def test_what_people_typed_stays_text(page: Page, doors: OverHttp) -> None:
    leave_a_cart(doors, EVIL, "eve")
    page.go("people/email%3Aeve%40example.org")
    page.sees("<img src=x onerror=alert(1)>")
    assert 0 == page.tab.locator("main img").count()


def test_a_segment_shows_its_sentence_and_its_members(page: Page, doors: OverHttp) -> None:
    leave_a_cart(doors, ANN, "ann")
    doors.post("/_local/clock", {"advance": "2h"})
    page.go("segments")
    page.tab.click('a[href="#/segments/cart-abandoned"]')
    page.sees("email:ann@example.org")
    page.sees("when:")


def test_the_passes_over_everybody_are_shown_with_how_far_they_are(page: Page) -> None:
    page.go("system")
    page.sees("Passes over everybody")
    page.sees("2 of 2")
    assert [] == page.complaints


@pytest.mark.parametrize("width", [360, 1280])
def test_no_view_is_wider_than_its_window(page: Page, doors: OverHttp, width: int) -> None:
    leave_a_cart(doors, ANN, "ann")
    doors.post("/_local/clock", {"advance": "2h"})
    page.tab.set_viewport_size({"width": width, "height": 740})
    for view in ("segments", "people", "mail", "held", "runs", "system", "people/email%3Aann%40example.org"):
        page.go(view)
        page.tab.wait_for_function("() => document.querySelector('main h1, main .empty, main .list')")
        wide = page.tab.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width, view


def test_ctrl_c_ends_the_host_without_a_traceback(running: Any) -> None:
    code, said = running.interrupt()
    assert 0 == code, said
    assert "Ended." in said
    assert "Traceback" not in said
