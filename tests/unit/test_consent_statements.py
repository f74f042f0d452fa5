"""Statements of consent: as the timeline keeps them, of many addresses as one, and who is not asked any more."""

import pytest

from functions.core.base.events import Event
from functions.core.timelines import consents
from functions.core.timelines.consents import EVERY_ADDRESS, EVERYTHING_ELSE, NOTHING, Statements
from functions.core.timelines.entry import Entry

ANN, BOB, DEVICE = "email:ann@x.org", "email:bob@x.org", "anonymous_id:z"
YES, NO = Statements(subscribed=5), Statements(unsubscribed=5, refused=5)


@pytest.mark.parametrize(
    ("names", "consent", "undated", "entry"),
    [
        ((ANN, "user_id:1"), "subscribed", False, Entry(5, 0, 73559567214701, "eef41a15d15f")),
        ((ANN, "user_id:1"), "pending", False, Entry(5, 1, 72457115639167, "eef41a15d15f")),
        ((ANN, "user_id:1"), "unsubscribed", False, Entry(5, 2, 259473712967982, "eef41a15d15f")),
        ((ANN, "user_id:1"), "subscribed", True, Entry(5, 3, 146656176560366, "eef41a15d15f")),
        (("user_id:1", DEVICE), "unsubscribed", False, Entry(5, 2, 97074814563966, "")),
    ],
)
def test_the_entry_of_a_statement_is_stored_as_it_always_was(names, consent, undated, entry):
    event = Event("Consent Changed", 5, 5, names, "5", "shopify", consent=consent, undated=undated)
    assert consents.entries(event) == [entry]


def test_a_no_without_an_address_counts_for_each_address_that_something_was_said_of():
    def said(consent, time, *names):
        return consents.entries(Event("Consent Changed", time, time, names, f"{time}", "shopify", consent=consent))

    no_of_the_account = said("unsubscribed", 5, "user_id:1")
    assert consents.answer_of_entries([*no_of_the_account, *said("subscribed", 4, ANN)]) == "unsubscribed"
    assert consents.answer_of_entries([*no_of_the_account, *said("subscribed", 6, ANN)]) == "subscribed"


def test_a_yes_without_a_time_is_older_than_whatever_else_was_said():
    def said(consent, undated=False):
        return consents.entries(
            Event("Consent Changed", 5, 5, (ANN,), "5", "shopify", consent=consent, undated=undated)
        )

    undated = said("subscribed", undated=True)
    assert consents.answer_of_entries(undated) == "subscribed"
    assert consents.answer_of_entries([*undated, *said("pending")]) == "pending"
    assert consents.answer_of_entries([*undated, *said("unsubscribed")]) == "unsubscribed"
    assert consents.answer_of_entries([]) is None


def test_the_statements_of_many_addresses_become_one_and_those_of_anything_else_another():
    device_said = Statements(pending=7)
    both = consents.together({ANN: YES, BOB: Statements(unsubscribed=3), DEVICE: device_said, "user_id:1": NO})
    assert both == {
        EVERY_ADDRESS: Statements(subscribed=5, unsubscribed=3),
        EVERYTHING_ELSE: Statements(pending=7, unsubscribed=5, refused=5),
    }
    assert consents.together({DEVICE: NO}) == {EVERY_ADDRESS: NOTHING, EVERYTHING_ELSE: NO}
    assert consents.together({ANN: YES}) == {EVERY_ADDRESS: YES}
    assert consents.together(both) == both


@pytest.mark.parametrize(
    ("consent", "together"),
    [
        ({EVERY_ADDRESS: YES}, True),
        ({EVERY_ADDRESS: YES, EVERYTHING_ELSE: NO}, True),
        ({EVERY_ADDRESS: YES, ANN: NO}, False),
        ({ANN: YES}, False),
    ],
)
def test_statements_are_together_if_none_is_kept_by_its_own_address(consent, together):
    assert consents.is_together(consent) is together


@pytest.mark.parametrize(
    ("consent", "refused"),
    [
        ({}, False),
        ({ANN: YES}, False),
        ({ANN: NO}, True),
        ({ANN: Statements(unsubscribed=5)}, False),
        ({ANN: Statements(subscribed=6, unsubscribed=5, refused=5)}, False),
        ({ANN: Statements(subscribed=5, unsubscribed=5, refused=5)}, True),
        ({ANN: YES, BOB: NO}, True),
        ({DEVICE: NO}, True),
        ({DEVICE: NO, ANN: Statements(subscribed=4)}, True),
        ({DEVICE: NO, ANN: Statements(subscribed=6)}, False),
        # Of many addresses nobody knows whether the yes was for the one that had said no.
        ({EVERY_ADDRESS: Statements(subscribed=6, unsubscribed=5, refused=5)}, True),
    ],
)
def test_whoever_said_no_themselves_is_not_asked_for_a_confirmation(consent, refused):
    assert consents.is_refused(consent) is refused


@pytest.mark.parametrize(("trust", "refused"), [("signed", 5), ("public", consents.NEVER)])
def test_a_no_is_a_refusal_if_somebody_trusted_said_it(trust, refused):
    event = Event("Consent Changed", 5, 5, (ANN,), "5", "shopify", consent="unsubscribed", trust=trust)
    assert consents.statements(event) == {ANN: Statements(unsubscribed=5, refused=refused)}


@pytest.mark.parametrize(
    ("consent", "answer"),
    [
        ({ANN: Statements(pending=5), BOB: Statements(subscribed=5)}, "pending"),
        ({ANN: Statements(subscribed=9), DEVICE: NO}, "subscribed"),
        ({EVERY_ADDRESS: Statements(subscribed=9, unsubscribed=5)}, "unsubscribed"),
        ({EVERY_ADDRESS: Statements(subscribed=9, pending=5)}, "pending"),
        ({EVERY_ADDRESS: YES}, "subscribed"),
    ],
)
def test_the_strictest_answer_of_any_address_counts(consent, answer):
    assert answer == consents.answer(consent) == consents.answer(dict(reversed(consent.items())))


def test_in_the_timeline_the_yes_of_one_address_takes_back_no_no_of_another():
    def entry(name, consent, time):
        return consents.entries(Event("Consent Changed", time, time, (name,), "5", "shopify", consent=consent))

    assert "unsubscribed" == consents.answer_of_entries(
        [*entry(BOB, "unsubscribed", 5), *entry(ANN, "subscribed", 9), *entry(DEVICE, "subscribed", 3)]
    )
    assert "subscribed" == consents.answer_of_entries([*entry(BOB, "unsubscribed", 5), *entry(BOB, "subscribed", 9)])
