"""The shop's page in a browser: what it shows follows what its visitor does, and never depends on the engine."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from local.demo.http_client import OverHttp
from local.http.web import PAGE, SDK
from tests.browser.page import Page

SNIPPET = PAGE / "audience.js"
PHONES, KITCHEN = "Still thinking it over?", "Slow mornings"
BODY = """<div id="vip" data-segue-segment="high-value" hidden>Welcome back</div>
<div id="phones" data-segue-segment="lapsed interested-in-smartphones" hidden>Phones</div>
<div id="rest" data-segue-not="interested-in-smartphones">Everything</div>"""
# What the shop's page allows: nothing but its own files and the engine, and nothing in line.
STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'"
DEVICE = "2f6c1f0a-6a41-4d0e-9a70-0b2f6a3c9d11"


def seen(page: Page) -> str:
    """The heading of what the home page shows."""
    page.tab.wait_for_load_state("networkidle")
    return str(page.tab.locator("h1:visible").inner_text())


def looked(page: Page, name: str) -> None:
    page.tab.goto(f"{page.url}/page/shop/{name}.html")
    page.tab.wait_for_selector("#told:not(:empty)")


@pytest.mark.parametrize("with_sdk", [True, False], ids=["SDK", "requests"])
def test_the_home_page_changes_as_vanessa_browses_and_back_when_it_is_over(page: Page, with_sdk: bool) -> None:
    if with_sdk and not SDK.exists():
        pytest.skip("Segment's SDK is not installed: npm ci")
    if not with_sdk:
        page.tab.route("**/page/sdk.js", lambda route: route.abort())
    page.tab.goto(f"{page.url}/page/shop/")
    assert KITCHEN == seen(page)
    looked(page, "mug")
    page.tab.goto(f"{page.url}/page/shop/")
    assert KITCHEN == seen(page)
    looked(page, "phone")
    assert ("Segment's SDK" if with_sdk else "plain requests") in page.text()
    page.tab.goto(f"{page.url}/page/shop/")
    page.sees(PHONES)
    assert PHONES == seen(page)
    page.tab.click("#later")
    page.sees(KITCHEN)
    assert KITCHEN == seen(page)
    # What was aborted is told on the console alone.
    assert ([], []) == (page.complaints, page.elsewhere)


# ---- the snippet alone, in a page as a shop may have it


Open = Callable[..., None]


@pytest.fixture
def shop_page(page: Page, shop_client: OverHttp) -> Open:
    """Opens a page with the snippet as its attributes say, for a device that has looked at a phone."""
    key = shop_client.get("/_local/keys")["write_key"]
    view = {"event": "Product Viewed", "anonymousId": DEVICE, "properties": {"category": "Smartphones"}}
    shop_client.post("/v1/track", {**view, "writeKey": key})
    shop_client.post("/_local/settle", {})

    def opened(attributes: str = "", *, storage: str | None = json.dumps(DEVICE), body: str = BODY) -> None:
        source = f'<script src="/page/audience.js" data-api="" data-key="{key}" {attributes}></script>'
        html = f"<!doctype html><html lang=en><head><title>Shop</title>{source}</head><body>{body}</body></html>"
        headers = {"content-type": "text/html", "content-security-policy": STRICT}
        page.tab.route("**/shop-page", lambda route: route.fulfill(body=html, headers=headers))
        page.tab.goto(f"{page.url}/page/favicon.svg")
        page.tab.evaluate("id => id && localStorage.setItem('ajs_anonymous_id', id)", storage)
        page.tab.goto(f"{page.url}/shop-page")
        page.tab.wait_for_load_state("networkidle")

    return opened


# The ids of the blocks that are painted, as an expression of JavaScript.
PAINTED = """[...document.querySelectorAll("div")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true })).map((each) => each.id)"""


def shown(page: Page) -> set[str]:
    return set(page.tab.evaluate(PAINTED))


def asked(page: Page) -> list[str]:
    """The requests for an audience from now on."""
    found: list[str] = []
    page.tab.on("request", lambda request: found.append(request.url) if "/v1/audience" in request.url else None)
    return found


def test_the_snippet_has_two_kilobytes_at_most_and_nothing_that_a_policy_forbids() -> None:
    text = SNIPPET.read_text()
    assert len(text.encode()) <= 2_048
    assert not [word for word in ("eval", "Function(", "innerHTML", ".style", "setAttribute") if word in text]


def test_blocks_follow_the_segments_under_a_strict_policy(page: Page, shop_page: Open) -> None:
    shop_page()
    assert {"phones"} == shown(page)
    assert [] == page.complaints


@pytest.mark.parametrize("cookie", [DEVICE, f"%22{DEVICE}%22"])
def test_the_anonymous_id_is_taken_from_the_cookie_as_well(page: Page, shop_page: Open, cookie: str) -> None:
    page.tab.context.add_cookies([{"name": "ajs_anonymous_id", "value": cookie, "url": page.url}])
    shop_page(storage=None)
    assert {"phones"} == shown(page)


def test_whoever_the_sdk_has_not_named_is_not_asked_about(page: Page, shop_page: Open) -> None:
    requests = asked(page)
    shop_page(storage=None)
    assert {"rest"} == shown(page)
    assert [] == requests


@pytest.mark.parametrize("status", [401, 429, 500, None], ids=str)
def test_the_page_stays_as_it_is_when_the_engine_refuses_or_is_away(
    page: Page, shop_page: Open, status: int | None
) -> None:
    def answer(route: Any) -> None:
        route.fulfill(status=status, body="{}") if status else route.abort()

    page.tab.route("**/v1/audience*", answer)
    shop_page()
    assert {"rest"} == shown(page)
    assert [] == page.complaints


def test_an_answer_that_is_late_changes_nothing_that_is_seen(page: Page, shop_page: Open) -> None:
    page.tab.route("**/v1/audience*", _slowly)
    shop_page('data-wait="100"')
    page.tab.wait_for_timeout(600)
    assert {"rest"} == shown(page)


def test_nothing_is_shown_that_is_taken_away_again(page: Page, shop_page: Open) -> None:
    """While the answer is awaited the default is laid out and not painted: no flash, and nothing moves."""
    page.tab.add_init_script(f"""
      window.painted = [];
      requestAnimationFrame(function look() {{
        window.painted.push(({PAINTED}).join());
        requestAnimationFrame(look);
      }});
    """)
    page.tab.route("**/v1/audience*", _slowly)
    shop_page('data-wait="3000"')
    page.tab.wait_for_selector("#phones:visible")
    page.tab.wait_for_timeout(100)
    assert ["", "phones"] == list(dict.fromkeys(page.tab.evaluate("window.painted")))


def _slowly(route: Any) -> None:
    time.sleep(0.3)
    route.continue_()


def test_nothing_is_asked_before_consent_and_default_content_comes_back_without_it(page: Page, shop_page: Open) -> None:
    requests = asked(page)
    shop_page("data-consent")
    assert ([], {"rest"}) == (requests, shown(page))
    page.tab.evaluate("document.dispatchEvent(new Event('segue:ask'))")
    page.tab.wait_for_selector("#phones:visible")
    assert (1, {"phones"}) == (len(requests), shown(page))
    page.tab.evaluate("document.dispatchEvent(new Event('segue:forget'))")
    assert (1, {"rest"}) == (len(requests), shown(page))


def test_a_person_is_told_of_by_the_signature_of_the_shops_server(
    page: Page, shop_client: OverHttp, shop_page: Open
) -> None:
    keys = shop_client.get("/_local/keys")
    order = {"userId": "vanessa", "event": "Order Completed", "properties": {"order_id": "1", "total": 6000}}
    shop_client.post("/v1/track", {**order, "writeKey": keys["server_key"]})
    shop_client.post("/_local/settle", {})
    signed = hmac.new(keys["identity_key"].encode(), b"vanessa", hashlib.sha256).hexdigest()
    shop_page(f'data-user="vanessa" data-user-hash="{signed}"')
    assert {"vip", "rest"} == shown(page)
    shop_page(f'data-user="vanessa" data-user-hash="{"0" * 64}"')
    assert {"rest"} == shown(page)
