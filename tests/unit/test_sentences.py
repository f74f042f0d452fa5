"""A sentence says what a marketer would, and is read back as the condition that it came from."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.vocabulary import standard
from functions.core.segments.language import describe, parser
from functions.core.segments.language.event_labels import SHIPPED, Style, style_of
from functions.core.segments.language.event_labels import label_words as words_of
from functions.core.segments.operators.let import expanded
from functions.core.segments.registry import operators
from tests.unit.strategies import conditions, thorough
from tests.unit.strategies.values import NAMES
from tests.unit.test_segments_shipped import BODIES, EVENTS

GOLDEN = Path(__file__).parent.parent / "golden" / "segments"
OWN = {
    "bought": {"any of": ["Order Completed", "Store Purchase"], "label": {"past": "bought", "negative": "did not buy"}},
    "joined": {"any of": ["Webinar Joined"], "label": {"past": "joined a webinar", "negative": "joined no webinar"}},
}


def texts():
    yield from (text for operator in operators().values() for text in operator.examples)
    for name in ("meanings", "texts"):
        yield from (case.get("when") or case["text"] for case in json.loads((GOLDEN / f"{name}.json").read_text()))


def without_names(node):
    """The condition as sentences say it: given names are spelled out."""
    if isinstance(node, list):
        return [without_names(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("op") == "let":
        return plain(expanded(node))
    return {key: without_names(each) for key, each in node.items()}


def plain(value):
    """What an expanded condition is where its names stood."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("op") == "name":
        return plain(value["of"])
    return {key: plain(each) for key, each in value.items()}


@pytest.mark.parametrize("text", dict.fromkeys(texts()))
def test_the_sentence_of_every_example_and_golden_condition_can_be_typed_back(text):
    node = parser.parse(text)
    for sign in ("", "€"):
        assert without_names(node) == parser.parse(parser.sentence(node, Style(sign=sign)))


@pytest.mark.parametrize("name", BODIES)
def test_the_sentence_of_every_shipped_segment_can_be_typed_back(name):
    node = BODIES[name]["when"]
    assert without_names(node) == parser.parse(parser.sentence(node, Style(sign="€")))


SENTENCES = json.loads((GOLDEN / "sentences.json").read_text())
SHOP = style_of(EVENTS, "EUR")


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case.get("text") or case["segment"])
def test_a_shop_reads_and_types_what_the_shipped_definitions_and_labels_say(case):
    node = parser.parse(case["text"]) if "text" in case else BODIES[case["segment"]]["when"]
    assert case["sentence"] == parser.sentence(node, SHOP)
    assert (without_names(node), []) == parser.read(case["sentence"], None, None, EVENTS)


def test_the_sentence_of_every_shipped_segment_is_written_down():
    assert set(BODIES) == {case["segment"] for case in SENTENCES if "segment" in case}


@thorough
@given(conditions({"s0"}))
def test_a_sentence_means_the_condition_that_it_came_from(node):
    assert without_names(node) == parser.parse(parser.sentence(node, Style(sign="£")))
    assert without_names(node) == parser.read(parser.sentence(node, SHOP), words=SHOP.known)[0]
    assert node == parser.parse(parser.text(node))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'sum of total over "Order Completed" within 180 days > 5000',
            "People who spent more than €5,000 in the last 180 days",
        ),
        ('last "Order Completed" more than 90 days ago', "People who last ordered more than 90 days ago"),
        (
            'did "Product Added" within 7 days then not "Order Completed" for 1 hour by cart_id',
            "People who added to a cart in the last 7 days and then did not order for an hour with the same cart_id",
        ),
        (
            'all of the last 5 "Email Sent" followed by "Email Opened" by message_id',
            "People who opened each of their last 5 sent e-mails with the same message_id",
        ),
        ("trait age >= 18", "People whose age is 18 or more"),
        (
            'did any of ("A", "B") then not "Order Completed" for 1 hour by cart_id if given unless emptied',
            "People who did any of (“A”, “B”) and then did not order for an hour with the same cart_id or without one"
            " unless it was emptied",
        ),
        ('did "Webinar Joined"', "People who did Webinar Joined"),
        ('not did "Order Completed" within 1 day', "People who did not order in the last day"),
        (
            'did "Product Viewed" where price >= 49.9 at least 3 times',
            "People who viewed a product at least 3 times where price is at least €49.90",
        ),
        (
            '(did "A b" or trait vip = true) and not trait plan = "free"',
            "People who (did “A b” or whose vip is true) and are not among those whose plan is “free”",
        ),
        ("rfm recency >= 4", "People who are in the best two fifths of customers by recency"),
    ],
)
def test_a_sentence_is_what_a_marketer_says(text, told):
    assert told == describe.people(parser.parse(text), Style(sign="€"))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("spent more than 5,000 in the last 180 days", 'sum of total over "Order Completed" within 180 days > 5000'),
        ("trait age is 18 or more and trait plan is not “free”", 'trait age >= 18 and trait plan != "free"'),
        ("age is 18 or more", "trait age >= 18"),
        ('trait plan = "pro" and age is 18 or more', 'trait plan = "pro" and trait age >= 18'),
        ('in segment "a" or consent is subscribed', 'in segment "a" or consent is subscribed'),
        ("ordered where total is 5 and whose age is 18", 'did "Order Completed" where total = 5 and trait age = 18'),
        ('did "Order Completed" in the last day', 'did "Order Completed" within 1 day'),
        (
            "sum of total over Order Completed is more than 5",
            'sum of total over "Order Completed" > 5',
        ),
        ("ORDERED at least 2 times In The Last 30 days", 'did "Order Completed" at least 2 times within 30 days'),
        ("ordered and did not view a product", 'did "Order Completed" and not did "Product Viewed"'),
    ],
)
def test_what_is_said_in_words_is_understood(typed, text):
    assert text == parser.text(parser.parse(typed))


def test_labels_of_the_shop_are_said_and_read():
    groups, known = OWN, style_of(OWN, "")
    for text, said in (
        ("did bought within 30 days", "bought in the last 30 days"),
        ('not did "Webinar Joined"', "joined no webinar"),
        ("last bought more than 90 days ago", "last bought more than 90 days ago"),
    ):
        node = parser.parse(text)
        assert said == parser.sentence(node, known)
        assert (node, []) == parser.read(said, None, None, groups)


def test_words_that_a_shop_says_itself_are_taken_from_the_shipped_labels():
    own = {
        "order": {
            "any of": ["Order Completed", "Store Purchase"],
            "label": {"past": "ordered", "negative": "bought nothing"},
        }
    }
    shop, node = style_of(own, ""), parser.parse('did "Order Completed"')
    assert "did Order Completed" == parser.sentence(node, shop)
    assert "ordered" == parser.sentence(parser.parse("did order"), shop)
    assert ({"op": "did", "events": [{"named": "order"}]}, []) == parser.read("ordered", None, None, own)


def test_left_and_not_done_have_to_be_of_the_same_key():
    label = {"past": "paid", "negative": "did not pay", "end": {"bill_id": "pay it"}}
    with pytest.raises(DefinitionRefused) as refused:
        parser.read(
            "left a cart and did not pay it within a day",
            None,
            None,
            {"paid": {"any of": ["Bill Paid"], "label": label}},
        )
    assert "by" in str(refused.value)


def test_a_word_that_is_no_label_is_refused_where_it_stands():
    with pytest.raises(DefinitionRefused) as refused:
        parser.parse("ordered in the last 30 days\nand orderd in the last 7 days")
    (fault,) = refused.value.faults
    assert (2, 5) == (fault.line, fault.column)


def test_every_standard_event_that_a_person_makes_has_a_verb_of_its_own():
    assert set(standard.EVENTS) - {"Identified", "Aliased"} == {name for key in SHIPPED for name in key}
    words = [each for label in SHIPPED.values() for each in words_of(label).values()]
    assert len(set(words)) == len(words)


def test_what_is_clicked_in_an_e_mail_is_the_event_that_comes():
    assert parser.parse("clicked in an e-mail") == parser.parse('did "Email Link Clicked"')


@pytest.mark.parametrize("trait", ["score", "prediction", "last", "sum", "average", "minimum", "distinct", "rfm"])
def test_a_trait_may_be_called_like_a_word_of_the_language(trait):
    node = parser.parse(f'trait {trait} = "x" and trait {trait} exists')
    assert node == parser.parse(parser.sentence(node))


SPOKEN = [
    *("Order Completed", "Product Added", "Checkout Started", "Email Delivered", "Email Opened", "Email Link Clicked"),
    *("Store Purchase", "Webinar Joined", "say “it”", {"named": "bought"}, {"named": "unknown"}),
]
PATHS = {"cart": "cart_id", "n": "total", "t": "cause"}


def spoken(value, names):
    """The condition about events that have labels, by keys and amounts that labels name."""
    if isinstance(value, list):
        return [spoken(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: spoken(each, names) for key, each in value.items()}
    if isinstance(value.get("events"), list):
        found["events"] = [names.get(str(each), each) for each in value["events"]]
    found |= {key: PATHS.get(value[key], value[key]) for key in ("by", "property") if isinstance(value.get(key), str)}
    return found


@thorough
@given(conditions({"s0"}), st.permutations(SPOKEN), st.sampled_from(["", "EUR"]))
def test_a_sentence_in_labels_means_the_condition_that_it_came_from(node, words, currency):
    node, style = spoken(node, dict(zip(NAMES, words, strict=False))), style_of(EVENTS, currency)
    read = parser.parsed(parser.sentence(node, style), style.known).node
    assert without_names(node) == read
    assert node == parser.parsed(parser.text(node), style.known).node
