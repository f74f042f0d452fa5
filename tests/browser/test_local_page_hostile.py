"""What strangers wrote stays text in every view of the page: no element, no link and no script is made of it."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from local.demo.http_client import OverHttp
from local.demo.shop import Customer
from tests.browser.page import Page, leave_a_cart

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:alert(3)'>here</a>"
VALUES = {
    "markup": MARKUP,
    "a link": "javascript:alert(4)",
    "a quote": "\"'`><svg onload=alert(5)>",
    "bidi": "\u202egnp.exe\u2066 \u200f",
    "long": "W" * 20_000,
}
VIEWS = ("segments", "people", "mail", "held", "flows", "definitions", "quarantine", "system")


def _tell(shop_client: OverHttp, value: str) -> None:
    """The value in every place in which a sender may write a text."""
    person = Customer(104, value[:500], value[:500], "subscribed")
    leave_a_cart(shop_client, person, "mal")
    shop_client.segment("identify", {"userId": value[:200], "traits": {"email": "mal@example.org", value[:100]: value}})
    said = {"userId": value[:200], "event": value[:200], "properties": {value[:100]: value, "product_id": value[:100]}}
    shop_client.segment("track", said)
    # Not understood, so that quarantine shows the body.
    shop_client.webhook("orders/create", {"note": value, "line_items": value})
    shop_client.post("/_local/clock", {"advance": "2h"})


@pytest.mark.parametrize("kind", VALUES)
def test_whatever_a_sender_writes_is_text_in_every_view(page: Page, shop_client: OverHttp, kind: str) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.tab.on("dialog", dismiss)
    _tell(shop_client, VALUES[kind])
    found = shop_client.api(f"profiles?identifier={quote('email:mal@example.org')}")
    person = f"people/{found['id']}"
    item = shop_client.api("quarantine")["items"][0]
    kept = f"quarantine/{item['source']}/{item['id']}"
    for view in (*VIEWS, person, kept):
        page.go(view)
        page.tab.wait_for_selector("main h1")
        made = page.tab.evaluate(
            """() => [...document.querySelectorAll("main *")].filter((element) =>
                 ["SCRIPT", "IMG", "OBJECT", "EMBED", "BASE", "META"].includes(element.nodeName)
                 || [...element.attributes].some(({name}) => name.startsWith("on"))
                 || !(element.getAttribute("href") ?? "#/").startsWith("#/"))
               .map((element) => element.outerHTML.slice(0, 200))"""
        )
        assert [] == made, (view, made)
        assert page.tab.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth + 1"), view
    assert ([], [], []) == (dialogs, page.complaints, page.elsewhere), json.dumps(page.elsewhere)
