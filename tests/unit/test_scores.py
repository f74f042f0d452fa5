"""Scores as definitions: their text, what is refused and where, what they show of a person."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from functions.core.answers import explanation
from functions.core.base.errors import DefinitionRefused
from functions.core.definitions import examples, score
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.scores import language, rule_text
from functions.core.scores.rules import worths
from functions.core.segments import engine
from functions.core.segments.language.named import resolve

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "scores"
SHIPPED = sorted((ROOT / "definitions" / "scores").glob("*.yaml"))
ENGAGEMENT = (ROOT / "definitions" / "scores" / "engagement.yaml").read_text()
BOUGHT_TEXT = (ROOT / "definitions" / "events" / "bought.yaml").read_text()
BOUGHT = Definition("events", "bought", 1, BOUGHT_TEXT, check("events", "bought", BOUGHT_TEXT, []), "test", 1)


def cases(name):
    found = json.loads((GOLDEN / f"{name}.json").read_text())
    return [pytest.param(case, id=case["case"]) for case in found]


def current(*texts):
    """Definitions as they would be published, each among those before it."""
    found = [BOUGHT]
    for kind, text in texts:
        name = text.split("\n")[0].partition(": ")[2]
        found.append(Definition(kind, name, 1, text, check(kind, name, text, found), "test", 1))
    return found


def faults(kind, text, among=()):
    among = [BOUGHT, *among]
    name = text.split("\n")[0].partition(": ")[2]
    with pytest.raises(DefinitionRefused) as refused:
        check(kind, name, text, among)
    return refused.value.faults


@pytest.mark.parametrize("case", cases("texts"))
def test_a_rule_becomes_json_canonical_text_and_english(case):
    rule = language.parse(case["text"])
    assert case["json"] == rule
    assert case["canonical"] == rule_text.text(rule)
    assert case["sentence"] == rule_text.sentence(rule)
    assert rule == language.parse(case["canonical"])


@pytest.mark.parametrize("case", cases("refused"))
def test_a_rule_is_refused_where_it_is_wrong(case):
    rule = case["rule"] if isinstance(case["rule"], str) else json.dumps(case["rule"])
    (fault,) = faults("scores", f"id: e\nrules:\n  - {rule}\n")
    assert (case["line"], case["column"], case.get("suggestion")) == (fault.line, fault.column, fault.suggestion)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"points": 5, "per": {"events": ["A"]}, "at most": None}, "at most: must be text, a number, true or false"),
        ({"points": 5, "per": {"events": ["A"]}, "at most": -2}, "points go up to 1,000,000 and are not 0"),
        ({"per": {"events": ["A"]}}, "a rule needs points such as +10"),
        ({"points": None, "per": {"events": ["A"]}}, "a rule needs points such as +10"),
        ({"points": 5, "per": ["A"]}, 'must be {"events": […], "where": …}'),
        ({"points": 5, "per": {"events": ["A"], "wher": {}}}, "'wher' is not part of it"),
        ({"points": 5, "when": "did A"}, "must be one condition"),
        ({"points": 5, "per full": "1 week"}, "without which events?"),
        ({"points": 5, "per": {"events": ["A"]}, "fading over": "36 hours"}, "points fade by whole days"),
    ],
)
def test_what_is_wrong_with_the_json_of_a_rule_is_said(rule, message):
    (fault,) = faults("scores", f"id: e\nrules:\n  - {json.dumps(rule)}\n")
    assert message in fault.message


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_score_comes_to_what_its_examples_say(path):
    body = check("scores", path.stem, path.read_text(), [BOUGHT])
    assert body["examples"]
    for rule in body["rules"]:
        assert rule == language.parse(rule_text.text(rule))


def test_the_json_of_a_score_is_its_definition_too():
    body = score.load_score(ENGAGEMENT)
    again = score.load_score(json.dumps(body, default=float))
    assert [rule_text.text(rule) for rule in body["rules"]] == [rule_text.text(rule) for rule in again["rules"]]
    assert [] == score.run(resolve(again, {"bought": BOUGHT.body}))


def test_points_halve_exactly_and_end_when_they_round_to_nothing():
    assert [400, 200, 100, 50, 25, 13, 6, 3, 2, 1] == worths({"points": 4, "halving every": "1 day"})
    assert [400, 283, 200] == worths({"points": 4, "halving every": "2 days"})[:3]
    assert [-100, -67, -33] == worths({"points": -1, "fading over": "3 days"})


HEAD = 'id: e\nrules:\n  - +1 per "A"\nexamples:\n'


@pytest.mark.parametrize(
    ("text", "place", "suggestion"),
    [
        ("id: e\nrules: []\n", (2, 8), '- +10 when did "Order Completed" within 30 days'),
        ("id: e\nrules:\n  - +1 per \"A\"\ntiers:\n  Hot: 5\n", (5, 8), None),
        ("id: e\nrules:\n  - +1 per \"A\"\ntiers:\n  hot: much\n", (5, 8), "25"),
        ("id: e\nrules:\n  - +1 per \"A\"\ntiers:\n  hot: 0.005\n", (5, 8), None),
        ("id: e\nrule:\n  - +1 per \"A\"\nrules:\n  - +1 per \"A\"\n", (3, 3), "rules"),
        (HEAD + "  - {events: [], expect: hot}\n", (5, 26), "10"),
        (HEAD + "  - {events: [{at: x, event: A}], expect: 0}\n", (5, 20), "1 hour"),
        (HEAD + "  - {events: [{at: -1h, event: A}], expect: 2}\n", (5, 45), "1"),
    ],
)  # fmt: skip
def test_a_score_is_refused_where_it_is_wrong(text, place, suggestion):
    (fault,) = faults("scores", text)
    assert (*place, suggestion) == (fault.line, fault.column, fault.suggestion)


def test_two_tiers_may_not_begin_at_the_same_points():
    found = faults("scores", 'id: e\nrules:\n  - +1 per "A"\ntiers: {warm: 5, hot: 5}\n')
    assert {"two tiers begin at the same points"} == {fault.message for fault in found}


def test_a_segment_names_scores_and_tiers_that_exist():
    known = current(("scores", ENGAGEMENT))
    (fault,) = faults("segments", "id: x\nwhen: score engagemen >= 25\n", known)
    assert (2, 13, "engagement") == (fault.line, fault.column, fault.suggestion)
    (fault,) = faults("segments", 'id: x\nwhen: tier of engagement is "hto"\n', known)
    assert (2, 29, "hot") == (fault.line, fault.column, fault.suggestion)
    (fault,) = faults("segments", 'id: engagement-hot\nwhen: did "A"\n', known)
    assert "a tier of a score is the segment of this id" == fault.message


def test_a_flow_may_start_with_a_tier_and_check_a_score():
    letter = next((ROOT / "definitions" / "templates").glob("post-purchase-thanks.yaml")).read_text()
    steps = "  - check: score engagement > 30\n  - send: post-purchase-thanks\n"
    flow = f"id: f\nstart: {{segment: engagement-hot}}\nsteps:\n{steps}"
    known = current(("scores", ENGAGEMENT), ("templates", letter), ("flows", flow))
    ruleset = load(known)
    assert {"engagement-hot"} == set(ruleset.catalogue.active)
    (fault,) = faults("flows", flow.replace("score engagement", "score engage"), known)
    assert (4, 18) == (fault.line, fault.column)


def test_a_score_may_not_drop_what_others_use():
    known = current(("scores", ENGAGEMENT), ("segments", 'id: x\nwhen: in segment "engagement-hot"\n'))
    (fault,) = faults("scores", ENGAGEMENT.replace("hot", "boiling"), known)
    assert "this would break segment 'x': there is no segment 'engagement-hot'" == fault.message
    known = current(("scores", ENGAGEMENT), ("segments", 'id: x\nwhen: tier of engagement is "hot"\n'))
    (fault,) = faults("scores", ENGAGEMENT.replace("hot", "boiling"), known)
    assert "this would break segment 'x': score 'engagement' has no tier 'hot'" == fault.message


def test_a_score_may_not_break_the_examples_of_segments():
    text = (
        "id: x\nwhen: score engagement >= 10\n"
        "examples:\n  - {events: [{at: -1d, event: Order Completed, total: 1}], expect: in}\n"
    )
    known = current(("scores", ENGAGEMENT), ("segments", text))
    changed = ENGAGEMENT.split("tiers:")[0].replace("+10 when", "+9 when")
    (fault,) = faults("scores", changed, known)
    assert "this would break segment 'x': example 1 is out" == fault.message


def test_a_segment_may_not_take_the_id_of_a_tier_first():
    (fault,) = faults("scores", ENGAGEMENT, current(("segments", 'id: engagement-hot\nwhen: did "A"\n')))
    assert "there is a segment 'engagement-hot' already" == fault.message
    assert "hot" in ENGAGEMENT.split("\n")[fault.line - 1]


def test_explain_shows_what_each_rule_gave():
    known = current(("scores", ENGAGEMENT), ("segments", "id: x\nwhen: score engagement >= 10\n"))
    catalogue, now = load(known).catalogue, examples.NOW
    told = [
        examples.event_of({"at": "-31d", "event": "Order Completed", "order_id": "1", "total": 5}, 0),
        examples.event_of({"at": "-8d", "event": "Product Viewed"}, 1),
    ]
    explained = explanation.explain(engine.rebuild(told, catalogue, now), catalogue, "x", now)
    facts = explained["tree"]["facts"]
    assert ("-2.57", None, False) == (facts["score"], facts["tier"], explained["holds"])
    assert ["0", "0", "0.43", "-3"] == [rule["points"] for rule in facts["rules"]]
    assert facts["rules"][0]["rule"] == "+10 when did bought within 30 days"


def test_an_edited_score_is_another_segment_and_another_timeline():
    known = current(("scores", ENGAGEMENT), ("segments", "id: x\nwhen: score engagement >= 10\n"))
    before = load(known).catalogue
    edited = current(("scores", ENGAGEMENT.replace("cold: 0", "cold: 1")), ("segments", known[2].text))
    after = load(edited).catalogue
    assert (True, False) == (before.timelines_digest == after.timelines_digest, before.built == after.built)


def test_a_score_that_is_not_there_gives_nobody_a_place():
    node = {"op": "score", "score": "none", "compare": "<", "value": Decimal(5)}
    catalogue = engine.compile_catalogue({"s": node})
    assert {"s": -(1 << 62)} == engine.evaluate(engine.fresh(catalogue), catalogue, 5)
