"""Names are known of the events, people and senders that they came with: of properties, traits and tokens."""

from dataclasses import replace

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions import token_names
from functions.core.definitions.checks import check
from functions.core.definitions.document import read
from functions.core.definitions.vocabulary.check import judge, vocabulary
from functions.core.definitions.vocabulary.seen import SORTS, names_of
from functions.core.segments.language import parser
from tests.console import ANN, BUYERS, HOUR, event, order
from tests.unit.test_vocabulary import FLOW, NOTE, NOTHING, current, judged

BOUGHT = current("events", "bought", "id: bought\nany of: [Order Completed, Store Purchase]\n")


def told(name, source="shopify", **properties):
    traits = properties.pop("traits", {})
    return replace(event(name, ANN, properties=properties, traits=traits), source=source)


def warned(text, *events, others=()):
    """Message and suggestion of each warning about a condition."""
    body, names = {"when": parser.parse(text)}, names_of(events) if events else NOTHING
    _, found = judge(body, read(f"when: {text}"), vocabulary(others, names))
    return [(each.message, each.suggestion) for each in found]


def test_a_property_of_another_event_is_no_property_of_this_one_once_both_were_seen():
    events = told("Boots Fitted", leather=True), told("Webinar Joined", topic="x")
    assert [] == warned('did "Boots Fitted" where leather = true', *events)
    ((message, suggestion),) = warned('did "Webinar Joined" where topik = "x" or leather = true', *events[1:])[:1]
    assert "'Webinar Joined' came with a property 'topik'" in message and suggestion == "topic"
    ((message, _),) = warned('did "Webinar Joined" where leather = true', *events)
    assert "'Webinar Joined' came with a property 'leather'" in message


def test_of_an_event_that_was_never_seen_any_known_property_may_be_asked():
    assert [] == warned('did "Webinar Joined" where leather = true', told("Boots Fitted", leather=True))[1:]


def test_what_any_of_several_events_has_is_known_and_named_events_are_those_that_they_list():
    events = told("Order Completed", gift=True), told("Store Purchase", till=3)
    for text in ('did any of ("Order Completed", "Store Purchase") where gift = true', "did bought where till = 3"):
        assert [] == warned(text, *events, others=[BOUGHT])
    ((message, _),) = warned("sum of tilt over bought > 3", *events, others=[BOUGHT])
    assert "no 'bought' came with a property 'tilt'" in message


def test_each_step_of_a_sequence_has_properties_of_its_own_and_a_key_is_of_any():
    events = told("Boots Fitted", leather=True, visit=1), told("Webinar Joined", topic="x")
    text = 'did "Boots Fitted" where topic = "x" then "Webinar Joined" where topic = "x" by visit'
    ((message, _),) = warned(text, *events)
    assert "'Boots Fitted' came with a property 'topic'" in message


def test_a_trait_that_nobody_has_is_warned_of_with_the_nearest():
    assert [] == warned("trait first_name exists and trait birthday within the next 7 days")
    ((message, suggestion),) = warned("trait frist_name exists")
    assert "no trait 'frist_name' is known" in message and "first_name" == suggestion
    people = [told("Identified", traits={"shoe": {"size": 44}})]
    assert [] == warned("trait shoe.size > 40", *people)
    assert ["size"] == [hint for _, hint in warned("trait shoe.sizes > 40", *people)]


def test_a_trait_is_refused_where_a_definition_is_strict():
    text = "id: a\nwhen: trait frist_name exists\nstrict: true\n"
    assert ([(2, 13, "first_name")], []) == judged("segments", text)


def test_a_typo_that_a_browser_sent_once_stays_a_typo():
    browser = [told("Order Complete", source="segment", totl=5, traits={"frist_name": "A"})]
    ((message, suggestion),) = warned('did "Order Complete"', *browser)
    assert "was seen under the write key only" in message and "Order Completed" == suggestion
    ((message, _),) = warned("trait frist_name exists", *browser)
    assert "was seen under the write key only" in message
    assert [] == warned('did "Order Complete"', told("Order Complete"))


def test_a_goal_that_only_a_browser_sent_and_that_is_nearly_another_is_refused():
    names = names_of([told("Order Complete", source="segment")])
    text = FLOW.replace("Order Completed", "Order Complete")
    assert ([(3, 7, "Order Completed")], []) == judged("flows", text, names)
    assert ([], [(3, 7, "Order Completed")]) == judged("flows", text + "strict: false\n", names)


def test_a_name_of_their_own_that_browsers_send_is_known():
    assert [] == warned('did "Boots Fitted" where leather = true', told("Boots Fitted", source="segment", leather=True))


def test_who_has_the_write_key_takes_no_place_of_names_that_others_send():
    found = names_of([told("A", source="segment"), told("B")])
    assert {"B"} == found["events"]
    assert {"A"} == found["browser events"]
    assert {"events", "browser events"} <= set(SORTS)


def template(text):
    return NOTE.replace("Hi</mj-text>", f"{text}</mj-text>")


def tokens(text, *events, flows=(), strict=""):
    document = read(template(text) + strict)
    refused, found = token_names.judge("note", document, vocabulary(flows, names_of(events)), flows)
    return [(each.line, each.suggestion) for each in refused], [(each.line, each.suggestion) for each in found]


def test_a_token_of_an_event_or_a_trait_that_nobody_knows_is_warned_of_and_refused_where_strict():
    text = "{{ event.order_idd }} {{ traits.frist_name }} {{ event.order_id }} {{ traits.first_name }}"
    wrong = [(5, "event.order_id"), (5, "traits.first_name")]
    assert ([], wrong) == tokens(text)
    assert (wrong, []) == tokens(text, strict="strict: true\n")


def test_a_token_is_held_against_the_events_that_start_the_flows_which_send_it():
    events = told("Boots Fitted", leather=True), told("Webinar Joined", topic="x")
    flow = current("flows", "f", "id: f\nstart: {event: Webinar Joined}\nsteps:\n  - send: note\n")
    assert ([], []) == tokens("{{ event.leather }}", *events)
    assert ([], []) == tokens("{{ event.topic }}", *events, flows=[flow])
    assert ([], [(5, None)]) == tokens("{{ event.leather }}", *events, flows=[flow])


def test_a_strict_template_with_an_unknown_token_is_not_published(world):
    text = template("{{ event.order_idd | default: 1 }}")
    saved = world.save(text, "templates")
    assert ["event.order_id"] == [each["suggestion"] for each in saved["warnings"]]
    refused = world.save(text + "strict: true\n", "templates", status=422)
    assert ["event.order_id"] == [each["suggestion"] for each in refused["faults"]]


def test_an_impact_tells_the_warnings_of_the_publication_and_refuses_what_it_would(world):
    world.tell(order(ANN, HOUR))
    told = world.ask("POST", "/api/segments/buyers/impact", BUYERS, content="application/yaml")
    assert "warnings" not in told
    wrong = BUYERS.replace("Order Completed", "Order Complted")
    told = world.ask("POST", "/api/segments/buyers/impact", wrong, content="application/yaml")
    assert ["Order Completed"] == [each["suggestion"] for each in told["warnings"]]
    strict = f"{wrong}strict: true\n"
    world.ask("POST", "/api/segments/buyers/impact", strict, content="application/yaml", status=422)


def test_the_impact_of_a_flow_tells_warnings_and_refuses_a_goal_that_nobody_knows(world):
    flow = "id: try\nstart: {event: Product Viewd}\nsteps:\n  - wait: 1 hour\n"
    told = world.ask("POST", "/api/flows/try/impact", flow, content="application/yaml")
    assert ["Product Viewed"] == [each["suggestion"] for each in told["warnings"]]
    world.ask("POST", "/api/flows/try/impact", f"{flow}goal: Ordr\n", content="application/yaml", status=422)


def test_a_preview_holds_properties_against_what_was_folded(world):
    world.ports.names.note(names_of([event("Boots Fitted", ANN, HOUR, properties={"leather": True})]))
    found = world.ask("POST", "/api/preview", {"when": 'did "Boots Fitted" where lether = true'})
    assert ["leather"] == [each["suggestion"] for each in found["warnings"]]


def test_check_takes_the_names_that_it_is_given():
    with pytest.raises(DefinitionRefused):
        check("segments", "a", "when: trait frist_name exists\nstrict: true\n", [], None, vocabulary([], NOTHING))
