"""Definitions on the page of the local host: shown, paused and withdrawn, in a browser."""

from local.demo.http_client import OverHttp
from local.demo.shop import Customer
from tests.browser.page import ANN, Page, leave_a_cart


def test_a_segment_shows_its_sentence_and_its_members_in_a_handful_of_requests(
    page: Page, shop_client: OverHttp
) -> None:
    for number in range(8):
        leave_a_cart(shop_client, Customer(200 + number, f"Guest{number}", "Green", "subscribed"), f"guest{number}")
    shop_client.post("/_local/clock", {"advance": "2h"})
    page.go("segments")
    page.tab.wait_for_selector('a[href="#/held"]')
    page.sees("Left a cart behind")
    page.tab.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.tab.on("request", lambda request: asked.append(request.url))
    page.tab.click('a[href="#/segments/cart-abandoned"]')
    page.sees("Guest7 Green")
    page.sees("2026-11-23 10:00:00")
    assert len(asked) <= 12, asked
    page.tab.click("summary")
    page.sees("when:")


def test_a_tier_is_a_segment_like_others_that_leads_to_its_people(page: Page, shop_client: OverHttp) -> None:
    leave_a_cart(shop_client, ANN, "ann")
    page.go("segments")
    page.tab.click("text=Engagement: cold")
    page.sees("A tier of the score Engagement.")
    page.tab.click("role=link[name='Ann Archer']")
    page.sees("ann@example.org")
    assert [] == page.complaints


def test_a_flow_is_paused_and_resumed(page: Page, shop_client: OverHttp) -> None:
    page.go("flows")
    page.sees(
        "Checkout Started or Checkout Updated or Product Added → wait 1 hour → send “Cart recovery, first reminder”"
    )
    page.tab.click("main >> text=Cart recovery")
    page.tab.click("role=button[name=Pause]")
    page.sees("Nothing starts and nothing is sent.")
    leave_a_cart(shop_client, ANN, "ann")
    shop_client.post("/_local/clock", {"advance": "2h"})
    assert [] == shop_client.get("/_local/mailbox")
    page.tab.click("role=button[name=Resume]")
    page.sees("Starts and sends.")
    assert [] == page.complaints


def test_a_segment_is_withdrawn_unless_something_refers_to_it_which_is_named(page: Page) -> None:
    page.tab.on("dialog", lambda dialog: dialog.accept())
    page.go("segments/lapsed")
    page.withdraw()
    page.sees("The segment “Bought before, but not for 90 days” was not withdrawn, since this refers to it:")
    page.sees("the flow Win back who has not bought for a while in how it starts, line 4")
    page.tab.click("#notice >> text=Win back")
    page.sees("Enters “Bought before, but not for 90 days” → send “Win-back”")
    assert page.tab.is_hidden("#notice")
    page.go("segments/hotel-spa")
    page.sees("Thought of the spa, booked without it, has arrived")
    page.withdraw()
    page.sees("Who is in each of them at this very second")
    page.is_without("segments/hotel-spa")
    assert [] == page.complaints


def test_a_flow_is_withdrawn_after_a_question_and_then_what_it_sent_can_be(page: Page, shop_client: OverHttp) -> None:
    answers = ["dismiss", "accept", "accept", "accept"]
    page.tab.on("dialog", lambda dialog: getattr(dialog, answers.pop(0))())
    page.go("definitions")
    page.tab.click("main >> text=Win-back")
    page.withdraw()
    page.withdraw()
    page.sees("The template “Win-back” was not withdrawn")
    page.sees("the flow Win back who has not bought for a while in step 1, line")
    page.tab.click("#notice >> text=Win back")
    page.sees("Enters “Bought before, but not for 90 days” → send “Win-back”")
    page.withdraw()
    page.sees("What follows when somebody enters a segment")
    page.is_without("flows/win-back")
    page.go("definitions/templates/win-back")
    page.sees("What flows send.")
    page.withdraw()
    page.sees("What is published beside segments and flows")
    page.is_without("definitions/templates/win-back")
    gone = {shop_client.api(f"definitions/{place}") for place in ("flows/win-back", "templates/win-back")}
    assert ({None}, []) == (gone, page.complaints)


def test_scores_and_named_events_are_read_and_withdrawn(page: Page) -> None:
    page.tab.on("dialog", lambda dialog: dialog.accept())
    page.go("definitions")
    page.tab.click("main >> text=Engagement")
    page.sees("Its tiers: Engagement: cold, Engagement: warm, Engagement: hot")
    page.withdraw()
    page.sees("What is published beside segments and flows")
    page.is_without("definitions/scores/engagement")
    page.go("definitions/events/bought")
    page.sees("any of: [Order Completed, Store Purchase]")
    page.withdraw()
    page.sees("The named event “Bought something” was not withdrawn")
    assert [] == page.complaints


PUBLISH_RATES = """async () => {
    const { admin_token } = await (await fetch("/_local/keys")).json();
    const headers = { authorization: `Bearer ${admin_token}`, "content-type": "application/yaml" };
    const body = "name: Monthly averages\\nbase: EUR\\nrates: {USD: 0.92}\\n";
    return (await fetch("/api/definitions/rates/rates", { method: "PUT", headers, body })).status;
}"""


def test_rates_are_read_and_stay_while_amounts_are_counted(page: Page) -> None:
    page.tab.on("dialog", lambda dialog: dialog.accept())
    page.go("segments")
    assert 200 == page.tab.evaluate(PUBLISH_RATES)
    page.go("definitions")
    page.tab.click("main >> text=Monthly averages")
    page.sees("rates: {USD: 0.92}")
    page.withdraw()
    page.sees("The table of rates “Monthly averages” was not withdrawn")
    page.sees("Publish the table with “rates: {}”")
    assert [] == page.complaints
