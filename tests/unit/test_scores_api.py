"""What the API says of scores: on a person, as segments, and when a condition names one that is not there."""

from tests.console import ANN, BOB, DAY, HOUR, event, order

LOYALTY = """id: loyalty
name: Loyalty
rules:
  - +10 per "Order Completed" within 30 days
  - -2 per full week without "Order Completed"
tiers: {low: 0, high: 8}
"""


def test_a_person_has_scores_with_their_tier_and_the_instant_until_which_they_stay(world):
    world.save(LOYALTY, "scores")
    world.tell(order(ANN, 8 * DAY))
    assert {"loyalty": {"value": 8, "tier": "high", "until": "2026-11-27T12:00:00Z"}} == world.ask(
        "GET", "/api/profiles", identifier=ANN
    )["scores"]
    world.tell(event("Product Viewed", BOB, HOUR))
    found = world.ask("GET", "/api/profiles", identifier=BOB)["scores"]
    assert {"loyalty": {"value": 0, "tier": "low", "until": None}} == found


def test_a_tier_is_a_segment(world):
    world.save(LOYALTY, "scores")
    world.save('id: fans\nname: Fans\nwhen: in segment "loyalty-high"\n')
    world.tell(order(ANN, 8 * DAY), event("Product Viewed", BOB, HOUR))
    ann = world.ask("GET", "/api/profiles", identifier=ANN)
    assert [ann["id"]] == world.members("loyalty-high") == world.members("fans")
    assert [] == world.members("loyalty-high", at="2026-11-27T12:00:00Z")
    listed = {each["id"]: each["count"] for each in world.ask("GET", "/api/segments", count="true")["segments"]}
    assert {"fans": 1, "loyalty-high": 1, "loyalty-low": 1} == listed
    assert world.ask("GET", f"/api/profiles/{ann['id']}/explain/loyalty-high")["holds"]


def test_a_preview_may_ask_for_scores_that_exist(world):
    world.save(LOYALTY, "scores")
    world.tell(order(ANN, 8 * DAY))
    assert 1 == world.ask("POST", "/api/preview", {"when": "score loyalty = 8"})["count"]
    for wrong in ("score loyalti > 3", 'tier of loyalty is "hihg"'):
        (fault,) = world.ask("POST", "/api/preview", {"when": wrong}, status=422)["faults"]
        assert fault["suggestion"] in ("loyalty", "high")


def test_a_score_says_in_english_what_it_is(world):
    world.save(LOYALTY, "scores")
    (listed,) = world.ask("GET", "/api/definitions/scores")["definitions"]
    assert "+10 points each time they ordered in the last 30 days" == listed["sentence"].split(";")[0]
