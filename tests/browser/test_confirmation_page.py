"""The page behind the link of a double opt-in, in a browser: by keyboard alone, without script, read by its roles."""

import re
from typing import Any

import pytest

from local.demo.http_client import OverHttp
from tests.browser.page import Page

BOB = "bob@example.org"


@pytest.fixture
def link(shop_client: OverHttp) -> str:
    """The link in the e-mail that a visitor's yes has brought."""
    key = shop_client.get("/_local/keys")["write_key"]
    said = {"anonymousId": "a1", "traits": {"email": BOB, "email_marketing_consent": "subscribed"}}
    shop_client.post("/v1/identify", {**said, "writeKey": key})
    shop_client.post("/_local/settle", {})
    (mail,) = shop_client.get("/_local/mailbox")
    (found,) = set(re.findall(r"http://\S+/confirm/[\w.-]+", mail["text"]))
    return str(found)


def consent(shop_client: OverHttp) -> str:
    shop_client.post("/_local/settle", {})
    return str(shop_client.api(f"profiles?identifier=email:{BOB}")["consent"]["marketing"])


def buttons(tab: Any) -> list[str]:
    return [each.inner_text() for each in tab.get_by_role("button").all()]


def test_whoever_uses_the_keyboard_alone_confirms_and_sees_that_it_was_taken(
    page: Page, shop_client: OverHttp, link: str
) -> None:
    tab = page.tab
    tab.goto(link)
    assert "en" == tab.locator("html").get_attribute("lang")
    assert 1 == tab.get_by_role("main").count()
    assert ["Please confirm"] == [each.inner_text() for each in tab.get_by_role("heading", level=1).all()]
    assert ["Yes, confirm", "No, and do not ask again"] == buttons(tab)
    tab.keyboard.press("Tab")
    assert "Yes, confirm" == tab.evaluate("document.activeElement.textContent")
    assert "solid" == tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    tab.keyboard.press("Enter")
    page.sees("Thank you. You said yes to marketing e-mail at b•••@e•••.org.")
    assert [] == buttons(tab)
    assert "subscribed" == consent(shop_client)
    tab.goto(link)
    page.sees("You have answered already")
    assert ([], []) == (page.complaints, page.elsewhere)


def test_whoever_did_not_ask_says_no(page: Page, shop_client: OverHttp, link: str) -> None:
    page.tab.goto(link)
    page.tab.click("role=button[name='No, and do not ask again']")
    page.sees("Your no is noted")
    assert "unsubscribed" == consent(shop_client)


def test_words_and_buttons_stand_out_from_what_they_are_on(page: Page, link: str) -> None:
    for scheme in ("light", "dark"):
        page.tab.emulate_media(color_scheme=scheme)
        page.tab.goto(link)
        ratios = page.tab.evaluate(CONTRASTS)
        assert len(ratios) >= 6
        # WCAG 2.2, success criterion 1.4.3.
        assert {} == {words: ratio for words, ratio in ratios.items() if ratio < 4.5}
    page.go("mail")
    page.sees("Please confirm: e-mails from")
    assert [] == page.complaints


# The contrast of each element's own words with the nearest background that is painted, by the words.
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => parts(colour).slice(0, 3).map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    const [, , , alpha = 1] = parts(getComputedStyle(element).backgroundColor);
    return alpha ? getComputedStyle(element).backgroundColor : behind(element.parentElement);
  };
  const worded = [...document.querySelectorAll('main *')].filter((each) =>
    [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  return Object.fromEntries(worded.map((each) => {
    const [a, b] = [light(getComputedStyle(each).color), light(behind(each))];
    return [each.textContent, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
  }));
}"""
