"""What publishing several texts together would change: each is weighed as if all of them were current."""

from unittest.mock import patch

import pytest

from functions.core.answers import pages
from functions.core.base.identity import profile_id
from functions.core.flows.records import Run
from tests.console import ANN, BIG, BOB, BUYERS, CALM, DAY, HOUR, order
from tests.unit.test_api_definitions import FLOW, TEMPLATE
from tests.unit.test_api_definitions_together import ALL, publish

SCORE = 'id: worth\nname: Worth\nrules:\n  - +10 per "Order Completed" within 30 days\n'
KEEN = 'id: keen\nname: Keen\nwhen: in segment "buyers"\n'


def impact(world, texts, status=200, **query):
    given = [dict(zip(("kind", "id"), name.split("/"), strict=True)) | {"text": text} for name, text in texts.items()]
    return world.ask("POST", "/api/definitions/impact", {"definitions": given}, status=status, **query)


def of_segments(answer):
    """How many would enter, leave and stay, by segment."""
    return {each["id"]: (each["enter"], each["leave"], each["stay"]) for each in answer["segments"]}


def test_a_new_segment_and_a_flow_that_uses_it_are_both_told_and_nothing_is_saved(world):
    world.tell(order(ANN, HOUR), order(BOB, 60 * DAY))
    answer = impact(world, {"segments/buyers": BUYERS, "flows/hello": FLOW, "templates/hi": TEMPLATE})
    (segment,), (flow,) = answer["segments"], answer["flows"]
    assert ("buyers", 1, 0, 0, [profile_id(ANN)]) == tuple(
        segment[key] for key in ("id", "enter", "leave", "stay", "entering")
    )
    assert (1, "silent") == (segment["messages"], segment["backfilled"])
    assert "With backfilled=send they would be: 1 messages at most." in segment["text"]
    assert ("hello", ["hi"], 0) == (flow["id"], flow["steps"], flow["under_way"])
    assert [] == world.ports.definitions.current()


def test_a_segment_that_refers_to_a_new_one_is_told_with_it(world):
    world.tell(order(ANN, HOUR))
    assert {"buyers": (1, 0, 0), "keen": (1, 0, 0)} == of_segments(
        impact(world, {"segments/keen": KEEN, "segments/buyers": BUYERS})
    )


def test_segments_that_refer_to_a_changed_one_are_told_too_however_far(world):
    for text in (BUYERS, KEEN, KEEN.replace("keen", "keener").replace("buyers", "keen"), CALM, BIG):
        world.save(text)
    world.tell(order(ANN, HOUR), order(BOB, 20 * DAY))
    answer = impact(world, {"segments/buyers": BUYERS.replace("30 days", "7 days")})
    moves = {"buyers": (0, 1, 1), "keen": (0, 1, 1), "keener": (0, 1, 1), "calm": (1, 0, 0)}
    assert moves == of_segments(answer)


def test_a_new_name_of_a_segment_moves_nobody_and_concerns_no_other(world):
    world.save(BUYERS)
    world.save(KEEN)
    world.tell(order(ANN, HOUR))
    assert {"buyers": (0, 0, 1)} == of_segments(impact(world, {"segments/buyers": BUYERS.replace("Buyers", "Bought")}))


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("events", "id: bought\nname: Bought\nany of: [Order Completed]\n", "Checkout Started"),
        ("scores", f"{SCORE}tiers: {{low: 1}}\n", "Checkout Started"),
    ],
)
def test_segments_that_a_changed_score_or_named_event_moves_are_told(world, kind, old, new):
    world.save(old, kind)
    condition = {"events": "did bought", "scores": 'score "worth" >= 10'}[kind]
    world.save(f"id: a\nname: A\nwhen: {condition}\n")
    world.tell(order(ANN, HOUR))
    name = old.partition("\n")[0].removeprefix("id: ")
    told = of_segments(impact(world, {f"{kind}/{name}": old.replace("Order Completed", new)}))
    assert (0, 1, 0) == told["a"]


def test_a_tier_that_a_score_loses_is_left_by_its_members(world):
    score = f"{SCORE}tiers: {{low: 1, gold: 5}}\n"
    world.save(score, "scores")
    world.tell(order(ANN, HOUR))
    told = of_segments(impact(world, {"scores/worth": score.replace(", gold: 5", "")}))
    assert {"worth-gold": (0, 1, 0), "worth-low": (1, 0, 0)} == told


def test_runs_of_a_changed_flow_are_told_where_they_would_go_on(world):
    publish(world, ALL)
    world.ports.runs.start(Run(profile_id(ANN), "hello", "e", 1, 1, step="hi", due=10**10, flow_version=1))
    changed = FLOW.replace("steps:\n", "move: true\nsteps:\n  - wait: 1 hour\n")
    (flow,) = impact(world, {"flows/hello": changed})["flows"]
    assert (1, "1 run at step hi of version 1 would go on at step hi of the new version.") == (
        flow["under_way"],
        flow["text"],
    )


def test_those_who_enter_are_said_to_be_written_to_if_it_is_asked_for(world):
    world.tell(order(ANN, HOUR))
    (told,) = impact(world, {**ALL, "segments/calm": BUYERS.replace("buyers", "calm")}, backfilled="send")["segments"][
        :1
    ]
    assert "send" == told["backfilled"]
    assert "treated as entering now: 1 messages at most" in told["text"]


def test_texts_are_refused_as_when_they_are_published_with_the_definition_of_each_fault(world):
    wrong = {**ALL, "segments/typo": "when: dit X\n", "flows/hello": FLOW.replace("buyers", "byers")}
    faults = impact(world, wrong, status=422)["faults"]
    assert ["flows/hello", "segments/typo"] == sorted({fault["where"] for fault in faults})
    assert "definitions" == impact(world, {}, status=400)["faults"][0]["where"]


def test_warnings_of_a_text_come_with_its_impact(world):
    told = impact(world, {"segments/odd": 'id: odd\nname: Odd\nwhen: did "Ordr Completed"\n'})
    assert "Ordr Completed" in told["segments"][0]["warnings"][0]["message"]


def test_one_text_alone_is_told_as_by_its_own_path(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR), order(BOB, 20 * DAY))
    changed = BUYERS.replace("30 days", "7 days")
    alone = world.ask("POST", "/api/segments/buyers/impact", changed, content="application/yaml")
    assert [{"id": "buyers", **alone}] == impact(world, {"segments/buyers": changed})["segments"]


def test_what_has_no_room_in_one_answer_is_on_the_following_pages_flows_first(world):
    texts = {f"segments/s{n}": BUYERS.replace("buyers", f"s{n}") for n in range(6)}
    texts |= {"flows/hello": FLOW.replace("buyers", "s0"), "templates/hi": TEMPLATE}
    world.tell(order(ANN, HOUR))
    whole, told = impact(world, texts), []
    following: dict[str, str] = {}
    with patch.object(pages, "LARGEST_ANSWER", 900):
        while True:
            page = impact(world, texts, **following)
            assert pages.carried([*page["flows"], *page["segments"]]) < 1_000
            told.append(page)
            if page["next"] is None:
                break
            following = {"next": page["next"]}
    assert 2 < len(told)
    assert whole["next"] is None
    assert ["hello"] == [each["id"] for each in told[0]["flows"]]
    for kind in ("flows", "segments"):
        assert whole[kind] == [each for page in told for each in page[kind]]
