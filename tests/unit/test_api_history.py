"""The membership history over the API: each stay under the definitions that were in force at the time."""

from unittest import mock

from functions import wiring
from functions.adapters.dynamodb.rows import current_versions
from functions.core.answers import pages
from functions.core.base.identity import profile_id
from functions.core.definitions.records import Definition
from tests.console import ANN, BOB, BUYERS, CALM, DAY, HOUR, NOW, order

SCORE = 'id: loyalty\nrules:\n  - +10 per "Order Completed" within 30 days\ntiers:\n  high: 10\n'
RANKED = "id: often\nwhen: rfm frequency = 5\n"


def why(world, segment, who=ANN, **query):
    return world.ask("GET", f"/api/profiles/{profile_id(who)}/explain/{segment}", **query)


def told(answer):
    """Hours after NOW, causes and versions of every stay."""
    return [
        (
            stay["entered"][5:16],
            stay["cause"],
            stay["version"],
            *((stay["left"][5:16], stay["left_by"], stay["left_version"]) if stay["left"] else ()),
        )
        for stay in answer["history"]
    ]


def test_who_an_edit_moves_leaves_and_enters_at_its_instant_by_the_definition(world):
    world.save(BUYERS)
    world.tell(order(ANN, 10 * DAY), order(BOB, HOUR))
    world.clock.move_to(NOW + HOUR)
    world.save(BUYERS.replace("30 days", "7 days"))
    world.clock.move_to(NOW + DAY)
    world.save(BUYERS.replace("30 days", "14 days"))
    answer = why(world, "buyers")
    assert [
        ("11-11T12:00", "Order Completed", 1, "11-21T13:00", "definition", 2),
        ("11-22T12:00", "definition", 3),
    ] == told(answer)
    first, second = answer["history"]
    assert [{"kind": "segments", "id": "buyers", "version": 2}] == first["left_edits"]
    assert [{"kind": "segments", "id": "buyers", "version": 3}] == second["edits"]
    assert (3, "2026-11-22T12:00:00Z", True) == (answer["version"], answer["since"], answer["holds"])
    assert [("11-21T11:00", "Order Completed", 1)] == told(why(world, "buyers", BOB))


def test_an_instant_is_explained_by_the_version_that_was_in_force_then(world):
    world.save(BUYERS)
    world.tell(order(ANN, 10 * DAY))
    world.clock.move_to(NOW + HOUR)
    world.save(BUYERS.replace("30 days", "7 days"))
    before = why(world, "buyers", at="2026-11-21T12:59:59Z")
    assert (True, 1, 'did "Order Completed" within 30 days') == (
        before["holds"],
        before["version"],
        before["tree"]["text"],
    )
    after = why(world, "buyers", at="2026-11-21T13:00:00Z")
    assert (False, 2, None) == (after["holds"], after["version"], after["since"])
    assert (True, 1) == tuple(why(world, "buyers", at="2026-11-15T00:00:00Z")[name] for name in ("holds", "version"))


def test_an_edit_of_another_segment_of_a_score_or_of_the_borders_is_told_as_what_it_is(world):
    world.save(BUYERS)
    world.save(CALM)
    world.save(SCORE, "scores")
    world.save(RANKED)
    world.tell(order(ANN, 10 * DAY))
    world.clock.move_to(NOW + HOUR)
    world.save(BUYERS.replace("30 days", "7 days"))
    world.save(SCORE.replace("high: 10", "high: 20"), "scores")
    borders = {"id": "rfm", "recency": [1, 2, 3, 4], "frequency": [0, 0, 0, 1], "monetary": [1, 2, 3, 4]}
    world.ports.definitions.publish(Definition("borders", "rfm", 1, "", borders, "refresh", NOW + HOUR))
    world.clock.move_to(NOW + DAY)
    for segment, edit, entered in (
        ("calm", {"kind": "segments", "id": "buyers", "version": 2}, True),
        ("loyalty-high", {"kind": "scores", "id": "loyalty", "version": 2}, False),
        ("often", {"kind": "borders", "id": "rfm", "version": 1}, True),
    ):
        last = why(world, segment)["history"][-1]
        at, cause, edits = (
            ("entered", "cause", "edits") if entered else ("left", "left_by", "left_edits")
        )  # fmt: skip
        assert ("2026-11-21T13:00:00Z", "definition", [edit]) == (last[at], last[cause], last[edits]), segment
    assert 2 == why(world, "loyalty-high")["version"]


def test_an_edit_that_moves_nobody_leaves_a_stay_whole_and_one_of_the_name_alone_too(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR))
    world.clock.move_to(NOW + HOUR)
    world.save(BUYERS.replace("Buyers", "Who buys"))
    world.clock.move_to(NOW + DAY)
    world.save(BUYERS.replace("30 days", "2 days"))
    world.clock.move_to(NOW + 3 * DAY)
    assert [("11-21T11:00", "Order Completed", 1, "11-23T11:00", "time", 3)] == told(why(world, "buyers"))


def test_what_happens_at_the_very_second_of_an_edit_is_not_its_doing(world):
    world.save(BUYERS)
    world.tell(order(ANN, -HOUR, number=1))
    world.clock.move_to(NOW + HOUR)
    world.save(BUYERS.replace("30 days", "7 days"))
    world.clock.move_to(NOW + 2 * HOUR)
    assert [("11-21T13:00", "Order Completed", 2)] == told(why(world, "buyers"))


def _is_catalogue(item):
    return item.items() >= current_versions.KEY.items()


def test_a_publication_that_broke_off_was_never_in_force(world):
    world.save(BUYERS)
    world.tell(order(ANN, 10 * DAY))
    stored = wiring.ports().definitions
    lost = Definition("segments", "buyers", 2, "", {"id": "buyers", "when": {"op": "did", "events": ["X"]}}, "ann", NOW)
    put = stored._calls.put
    with mock.patch.object(stored._calls, "put", lambda *row: None if _is_catalogue(row[1]) else put(*row)):
        stored.publish(lost)
    world.clock.move_to(NOW + HOUR)
    assert 3 == world.save(BUYERS.replace("30 days", "20 days"))["version"]
    assert [("11-11T12:00", "Order Completed", 1)] == told(why(world, "buyers"))


def test_the_profile_shows_the_entry_that_the_history_tells(world):
    world.save(BUYERS)
    world.tell(order(ANN, 40 * DAY, number=1))
    world.tell(order(ANN, HOUR, number=2))
    (shown,) = world.ask("GET", "/api/profiles", identifier=ANN)["segments"]
    assert shown["since"] == why(world, "buyers")["since"]


def test_a_history_that_one_answer_does_not_hold_comes_in_pages(world, monkeypatch):
    world.save(BUYERS)
    world.tell(*(order(ANN, hours * DAY) for hours in range(400, 0, -40)))
    whole = why(world, "buyers")
    assert (10, None) == (len(whole["history"]), whole["next"])
    monkeypatch.setattr(pages, "LARGEST_ANSWER", 900)
    stays: list[dict] = []
    following = None
    while (page := why(world, "buyers", **({"next": following} if following else {})))["next"]:
        assert 1 <= len(page["history"]) < 10
        assert (whole["holds"], whole["since"], whole["tree"]) == (page["holds"], page["since"], page["tree"])
        stays, following = stays + page["history"], page["next"]
    assert whole["history"] == stays + page["history"]


def test_a_place_that_no_page_named_is_refused(world):
    world.save(BUYERS)
    world.tell(order(ANN, DAY))
    path = f"/api/profiles/{profile_id(ANN)}/explain/buyers"
    assert "next" in str(world.ask("GET", path, status=400, next="yesterday"))
