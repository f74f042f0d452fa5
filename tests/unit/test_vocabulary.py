"""Names that nobody knows: warned of with the nearest, refused where a definition is strict, learned from events."""

import re
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.base.events import Event
from functions.core.base.trust import Trust
from functions.core.definitions.checks import check
from functions.core.definitions.document import read
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.vocabulary import standard
from functions.core.definitions.vocabulary.check import judge, vocabulary, warnings_of
from functions.core.definitions.vocabulary.seen import SORTS, Names, names_of
from functions.core.segments.language.event_labels import SHIPPED
from functions.usecases.collect import STOREFRONTS
from functions.usecases.note_names import note_names
from tests.console import ANN, HOUR, event
from tests.fakes import FakePorts
from tests.notes import note

NOTHING: Names = dict.fromkeys(SORTS, frozenset())
NOTE = note(words="Hi")
FLOW = "id: try\nstart: {event: Product Viewed}\ngoal: Order Completed\nsteps:\n  - wait: 1 hour\n"
FOLDER = Path(__file__).parents[2] / "definitions"


def current(kind, name, text):
    return Definition(kind, name, 1, text, kind_of(kind).load(text, None, SHIPPED), "ann", 0)


def judged(kind, text, seen=NOTHING, others=()):
    """What is refused and what is warned of: line, column and suggestion of each."""
    body = kind_of(kind).load(text, None, SHIPPED)
    found = judge(body, read(text), vocabulary(others, seen))
    return tuple([(each.line, each.column, each.suggestion) for each in faults] for faults in found)


@pytest.mark.parametrize(
    ("written", "meant"), [("Order Complete", "Order Completed"), ("order completed", "Order Completed")]
)
def test_a_typo_in_a_goal_is_refused_with_the_nearest_name(written, meant):
    assert ([(3, 7, meant)], []) == judged("flows", FLOW.replace("Order Completed", written))


def test_the_message_says_why_a_goal_is_refused_and_how_to_insist():
    with pytest.raises(DefinitionRefused) as refused:
        check("flows", "try", FLOW.replace("Order Completed", "Subscribed"), [], None, vocabulary([], NOTHING))
    (fault,) = refused.value.faults
    assert "would never stop the mails" in fault.message and "strict: false" in fault.message


def test_a_strict_no_turns_the_refusal_into_a_warning_and_a_strict_yes_refuses_everything():
    text = FLOW.replace("Order Completed", "[Order Completed, Ordr]").replace("Product Viewed", "Product Viewd")
    goal, start = (3, 25, None), (2, 16, "Product Viewed")
    assert ([goal], [start]) == judged("flows", text)
    assert ([], [goal, start]) == judged("flows", text + "strict: false\n")
    assert ([goal, start], []) == judged("flows", text + "strict: true\n")


def test_names_in_conditions_rules_and_definitions_of_events_are_warned_of():
    when = 'id: a\nwhen: did "Product Viewd" where catgory = "x" within 3 days\n'
    assert ([], [(2, 11, "Product Viewed"), (2, 33, "category")]) == judged("segments", when)
    assert ([(2, 11, "Product Viewed"), (2, 33, "category")], []) == judged("segments", when + "strict: true\n")
    rules = 'id: a\nrules:\n  - +1 per "Email Opend" within 9 days\n'
    assert ([], [(3, 12, "Email Opened")]) == judged("scores", rules)
    assert ([], [(2, 10, "Order Completed")]) == judged("events", "id: a\nany of: [Ordr Completed]\n")
    step = FLOW + '  - check: did "Cart Viewed" then not "Order Complted" for 1 day by crt_id\n'
    assert ([], [(6, 39, "Order Completed"), (6, 69, "cart_id")]) == judged("flows", step)


def test_what_a_definition_of_events_lists_is_known_and_what_a_flow_starts_with_is_not():
    text = FLOW.replace("Order Completed", "Boots Fitted")
    assert 1 == len(judged("flows", text)[0])
    starting = current("flows", "other", FLOW.replace("Product Viewed", "Boots Fitted"))
    assert 1 == len(judged("flows", text, others=[starting])[0])
    listed = current("events", "fitted", "id: fitted\nany of: [Boots Fitted]\n")
    assert ([], []) == judged("flows", text, others=[listed])


def test_a_name_that_an_event_used_is_not_warned_of():
    text = 'id: a\nwhen: did "Boots Fitted" where leather = true within 3 days\n'
    assert 2 == len(judged("segments", text)[1])
    told = event("Boots Fitted", ANN, properties={"leather": True})
    assert ([], []) == judged("segments", text, names_of([told]))


def test_categories_are_judged_once_some_were_seen():
    text = 'id: a\nwhen: did "Product Viewed" where category in ("Boots", "Botts") within 3 days\n'
    assert ([], []) == judged("segments", text)
    told = event("Product Viewed", ANN, properties={"products": [{"category": "Boots"}]})
    assert ([], [(2, 56, "Boots")]) == judged("segments", text, names_of([told]))


def test_a_condition_that_is_tried_out_is_warned_of_at_its_place():
    from functions.core.segments.language import parser

    text = 'did "Cart Viewed"\n and did "Order Complted" within 3 days'
    (fault,) = warnings_of(parser.parse(text), text, vocabulary([], NOTHING))
    assert (2, 10, "Order Completed") == (fault.line, fault.column, fault.suggestion)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_shipped_definitions_are_taken_without_a_warning(path):
    if path.parent.name != "templates":
        assert ([], []) == judged(
            path.parent.name,
            path.read_text(),
            names_of([event("Product Viewed", ANN, properties={"category": "Boots"})]),
        )


def test_what_could_be_about_somebody_is_not_remembered():
    odd = ("ann@x.org", "+49 170 1234567", "order_1234567", "x" * 81, "", "42", "a\nb")
    told = [event(name or "-", ANN, properties={name: {name: 1}, "category": name}) for name in odd]
    found = names_of(told)
    assert {"browser properties": {"category"}} == {sort: set(names) for sort, names in found.items() if names}


def test_our_own_sources_emit_standard_names_alone():
    golden = Path(__file__).parents[1] / "golden/sources"
    texts = [path.read_text() for source in STOREFRONTS for path in golden.glob(f"{source}/*.json")]
    emitted = set(re.findall(r'"name": "([A-Z][a-z]+(?: [A-Z][a-z]+)+)"', "".join(texts)))
    told = {name for name in emitted if name.split()[0] in ("Order", "Cart", "Checkout", "Customer", "Consent", "Data")}
    assert {"Order Completed", "Consent Changed"} <= told <= standard.EVENTS.keys(), told - standard.EVENTS.keys()


def test_folding_does_not_wait_for_names_that_cannot_be_remembered():
    told = [event("A", ANN)]
    ports = FakePorts()
    ports.lose("names")
    assert not note_names(ports.context, told)


def test_the_api_refuses_a_goal_that_nobody_knows_and_warns_of_the_rest(world):
    text = FLOW.replace("Order Completed", "order completd")
    refused = world.save(text, "flows", status=422)
    assert [(3, "Order Completed")] == [(each["line"], each["suggestion"]) for each in refused["faults"]]
    saved = world.save(text + "strict: false\n", "flows")
    assert (1, [(3, "Order Completed")]) == (
        saved["version"],
        [(each["line"], each["suggestion"]) for each in saved["warnings"]],
    )
    assert "warnings" not in world.save(FLOW, "flows")


def test_the_api_knows_what_events_said(world):
    fitted = FLOW.replace("Order Completed", "Boots Fitted")
    world.save(fitted, "flows", status=422)
    note_names(world.context(), [event("Boots Fitted", ANN, HOUR)])
    assert "warnings" not in world.save(fitted, "flows")


def test_a_preview_warns_of_an_event_that_nobody_sent(world):
    asked = {"when": 'did "Order Complete" within 3 days'}
    (warning,) = world.ask("POST", "/api/preview", asked)["warnings"]
    assert (1, 5, "Order Completed") == (warning["line"], warning["column"], warning["suggestion"])


def test_a_template_that_is_taken_is_answered_with_its_warnings(world):
    text = NOTE.replace("Hi</mj-text>", "Hi <img src='https://x.org/a.png'/></mj-text>")
    (warning,) = world.save(text, "templates")["warnings"]
    assert "alt" in warning["message"]


SOURCE = """
signature: {scheme: basic}
events: [{event: Fitting Booked, person: {email: email}, properties: {fitter: fitter}, traits: {shoe_size: size}}]
samples: [{body: {email: a@x.org}, expect: [{event: Fitting Booked}]}]
"""


def test_what_a_source_declares_is_known_before_it_came():
    text = 'id: a\nwhen: did "Fitting Booked" where fitter = "Bo" and trait shoe_size exists\n'
    assert 3 == len(judged("segments", text)[1])
    assert ([], []) == judged("segments", text, others=[current("sources", "x", f"id: x{SOURCE}")])


def test_names_in_what_a_public_source_passes_on_are_kept_apart():
    told: dict[str, Trust] = {"Answered": "signed", "Guessed": "public"}
    events = [
        Event(name, 0, 0, ("email:a@x.org",), "s", "form", {name.lower(): 1}, {name.upper(): 1}, trust=trust)
        for name, trust in told.items()
    ]
    found = names_of(events)
    kept = {sort: sorted(found[sort]) for sort in ("events", "properties", "traits")}
    apart = {sort: sorted(found[f"browser {sort}"]) for sort in kept}
    assert {"events": ["Answered"], "properties": ["answered"], "traits": ["ANSWERED"]} == kept
    assert {"events": ["Guessed"], "properties": ["guessed"], "traits": ["GUESSED"]} == apart
