"""Exchange rates: what amounts of other currencies count as, and what follows when the rates are edited."""

from decimal import Decimal
from typing import Any

import pytest

from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.definitions.vocabulary.seen import SORTS
from functions.core.segments.language import parser
from functions.core.timelines.exchange import Counting, RateTable
from tests.console import DAY, NOW, event
from tests.fakes.definitions import FakeDefinitions
from tests.publishing import catalogue_after

RATES = "id: rates\nbase: EUR\nrates:\n  USD: 0.92\n"
SPENDERS = 'id: spenders\nannounce: true\nwhen: sum of total over "Order Completed" > 100\n'
DOLLARS = 'id: dollars\nwhen: sum of total in USD over "Order Completed" > 100\n'


def order(who, amount, currency="USD", ago=DAY, number=0):
    """An order of so many minor units."""
    return event("Order Completed", who, ago=ago, number=number, properties={"total": amount, "currency": currency})


def counting(currency, base="EUR", **rates):
    return Counting(currency, base, RateTable({name: Decimal(rate) for name, rate in rates.items()}))


@pytest.mark.parametrize(
    ("amount", "currency", "into", "counts_as"),
    [
        ("10.00", "USD", "EUR", "9.20"),
        ("0.01", "USD", "EUR", "0.01"),
        ("1000", "JPY", "EUR", "6.13"),
        ("1.234", "KWD", "EUR", "3.70"),
        ("10.00", "EUR", "JPY", "1631"),
        ("10.00", "USD", "KWD", "3.067"),
        ("-10.05", "USD", "EUR", "-9.25"),
        ("10.00", "EUR", "EUR", "10.00"),
        ("10.00", "GBP", "EUR", None),
        ("10.00", "USD", "GBP", None),
    ],
)
def test_an_amount_counts_in_the_smallest_unit_of_the_currency_it_counts_in(amount, currency, into, counts_as):
    found = counting(into, USD="0.92", JPY="0.00613", KWD="3").convert(Decimal(amount), currency, NOW)
    assert counts_as == (None if found is None else str(found))


def test_an_amount_is_converted_by_the_rate_of_its_own_day_in_the_shops_time_zone():
    steps = [{"since": "2026-01-01", "rate": 2}, {"since": "2026-01-02", "rate": 3}]
    berlin, midnight = Counting("EUR", "EUR", RateTable({"USD": steps}, "Europe/Berlin")), 1_767_222_000
    found = [berlin.convert(Decimal(1), "USD", midnight + later) for later in (-1, 0, DAY - 1, DAY)]
    assert [None, 2, 2, 3] == found


def test_what_a_table_is_known_by_is_what_it_says_and_nothing_else():
    one = RateTable({"USD": Decimal("0.920"), "GBP": 1})
    assert one.digest == RateTable({"GBP": Decimal("1.0"), "USD": 0.92}).digest
    assert one.digest != RateTable({"GBP": 1, "USD": Decimal("0.921")}).digest


def test_orders_in_other_currencies_count_once_their_rate_is_published(world):
    world.save(SPENDERS)
    world.tell(order("user_id:ann", 20_000), order("user_id:bob", 20_000, "GBP", number=1))
    assert [] == world.members("spenders")
    world.save(RATES, "rates")
    world.run_backfills()
    ann = world.ask("GET", "/api/profiles", identifier="user_id:ann")
    assert [ann["id"]] == world.members("spenders")
    assert ["spenders"] == [each["id"] for each in ann["segments"]]
    assert [ann["id"]] == world.ask("POST", "/api/preview", {"when": SPENDERS.partition("when: ")[2]})["sample"]


def test_a_condition_that_says_its_currency_counts_the_others_in_it(world):
    world.save(DOLLARS)
    world.tell(order("user_id:ann", 9_300, "EUR"))
    assert [] == world.members("dollars")
    world.save(RATES, "rates")
    assert 1 == len(world.members("dollars"))


def test_the_history_says_that_the_rates_were_edited_and_uses_those_of_the_time(world):
    world.save(SPENDERS)
    world.tell(order("user_id:ann", 12_000))
    world.clock.shift(DAY)
    world.save(RATES, "rates")
    world.run_backfills()
    world.clock.shift(DAY)
    world.save(RATES.replace("0.92", "0.5"), "rates")
    world.run_backfills()
    assert [] == world.members("spenders")
    ann = world.ask("GET", "/api/profiles", identifier="user_id:ann")["id"]
    (stay,) = world.ask("GET", f"/api/profiles/{ann}/explain/spenders")["history"]
    assert ("definition", "definition") == (stay["cause"], stay["left_by"])
    assert [{"kind": "rates", "id": "rates", "version": 1}] == stay["edits"]
    assert [{"kind": "rates", "id": "rates", "version": 2}] == stay["left_edits"]


def test_rates_are_withdrawn_once_nothing_counts_by_them(world):
    world.save(SPENDERS)
    world.save(RATES, "rates")
    answer = world.ask("DELETE", "/api/definitions/rates/rates", status=409)
    (fault,) = answer["faults"]
    assert ("segments/spenders: when", 3, 7) == tuple(fault[name] for name in ("where", "line", "column"))
    assert "segment 'spenders' counts amounts by it" == fault["message"] and "rates: {}" in fault["suggestion"]
    assert [{"kind": "segments", "id": "spenders"}] == [
        {name: each[name] for name in ("kind", "id")} for each in answer["referrers"]
    ]
    world.ask("DELETE", "/api/definitions/segments/spenders")
    world.ask("DELETE", "/api/definitions/rates/rates")
    world.tell(order("user_id:ann", 20_000))
    world.save(SPENDERS)
    assert [] == world.members("spenders")
    ann = world.ask("GET", "/api/profiles", identifier="user_id:ann")["id"]
    assert world.ask("GET", f"/api/profiles/{ann}/explain/spenders")["holds"] is False


def test_a_table_without_rates_counts_the_shops_currency_alone_again(world):
    world.save(SPENDERS)
    world.tell(order("user_id:ann", 20_000))
    world.save(RATES, "rates")
    world.run_backfills()
    world.save("id: rates\nbase: EUR\nrates: {}\n", "rates")
    world.run_backfills()
    assert [] == world.members("spenders")
    assert [{}] == [dict(state.memberships) for state in world.states().values()]


def test_rates_into_another_currency_than_the_shops_are_refused_with_their_place(world):
    (fault,) = world.save(RATES.replace("EUR", "CHF"), "rates", status=422)["faults"]
    assert (2, 7, "EUR") == tuple(fault[name] for name in ("line", "column", "suggestion"))
    texts = [{"kind": "rates", "id": "rates", "text": RATES.replace("EUR", "CHF")}]
    (fault,) = world.ask("POST", "/api/definitions", {"definitions": texts}, status=422)["faults"]
    assert (2, 7, "rates/rates") == tuple(fault[name] for name in ("line", "column", "where"))


def test_what_no_rate_is_known_of_is_warned_of(world):
    world.tell(order("user_id:ann", 20_000), order("user_id:bob", 20_000, "GBP", number=1))
    world.ports.names.note(dict.fromkeys(SORTS, frozenset()) | {"currencies": frozenset({"USD", "GBP"})})
    (warning,) = world.save(RATES, "rates")["warnings"]
    assert "events in GBP were seen" in warning["message"] and 4 == warning["line"]
    (warning,) = world.save(SPENDERS)["warnings"]
    assert "amounts count in EUR, and events in GBP are not counted" == warning["message"]
    (warning,) = world.ask("POST", "/api/preview", {"when": DOLLARS.partition("when: ")[2]})["warnings"]
    assert "amounts count in USD, and events in GBP are not counted" == warning["message"]


def test_places_among_customers_count_what_was_paid_in_the_shops_currency(world):
    world.save(RATES, "rates")
    world.save("id: best\nwhen: rfm monetary >= 1\n")
    world.tell(
        order("user_id:ann", 1_000),
        order("user_id:ann", 500, "EUR", number=1),
        order("user_id:ann", 700, "GBP", number=2),
    )
    ann = world.ask("GET", "/api/profiles", identifier="user_id:ann")["id"]
    facts = world.ask("GET", f"/api/profiles/{ann}/explain/best")["tree"]["facts"]
    assert (3, "14.20", "EUR") == tuple(facts[name] for name in ("orders", "paid", "currency"))


def test_explain_says_which_amounts_were_converted(world):
    world.save(RATES, "rates")
    world.save(SPENDERS.replace("> 100", "within 30 days > 20"))
    world.tell(
        *(order("user_id:ann", 1_000, number=number) for number in range(3)),
        order("user_id:ann", 500, "EUR", number=3),
        order("user_id:ann", 900_000, ago=40 * DAY, number=4),
    )
    ann = world.ask("GET", "/api/profiles", identifier="user_id:ann")["id"]
    facts = world.ask("GET", f"/api/profiles/{ann}/explain/spenders")["tree"]["facts"]
    assert {"sum": "32.6", "counted": 4, "currency": "EUR", "converted": ["3 × USD 10.00 counted as €27.60"]} == facts
    world.tell(order("user_id:ann", 150, number=5))
    facts = world.ask("GET", f"/api/profiles/{ann}/explain/spenders")["tree"]["facts"]
    assert ["USD 31.50 in 4 amounts counted as €28.98"] == facts["converted"]


def test_rates_that_come_back_are_kept_since_they_came_back():
    stored = FakeDefinitions()
    rates = {"id": "rates", "base": "EUR", "rates": {"USD": Decimal("0.92")}}
    catalogue_after(stored, "rates", "rates", rates)
    asked = {"id": "s", "when": parser.parse('sum of total over "A" > 5')}
    (converted,) = catalogue_after(stored, "segments", "s", asked).since
    catalogue_after(stored, "rates", "rates", rates | {"rates": {"USD": 1}})
    assert {converted: 4} == catalogue_after(stored, "rates", "rates", rates).since, (
        "nobody kept it at the third publication"
    )
    assert {converted: 4} == catalogue_after(stored, "segments", "s", asked | {"name": "Spenders"}).since
    assert {converted: 4} == catalogue_after(stored, "rates", "rates", rates | {"name": "Monthly averages"}).since


def test_named_events_that_come_back_are_kept_since_they_came_back():
    stored = FakeDefinitions()
    bought = {"id": "bought", "any of": ["A"]}
    catalogue_after(stored, "events", "bought", bought)
    (first,) = catalogue_after(stored, "segments", "s", {"id": "s", "when": parser.parse("did bought")}).since
    catalogue_after(stored, "events", "bought", bought | {"any of": ["B"]})
    assert {first: 4} == catalogue_after(stored, "events", "bought", bought).since


def test_what_a_publication_of_rates_leaves_as_it_was_is_kept_as_before():
    stored = FakeDefinitions()
    catalogue_after(stored, "segments", "s", {"id": "s", "when": parser.parse('did "B" and sum of total over "A" > 5')})
    since = catalogue_after(stored, "rates", "rates", {"id": "rates", "base": "EUR", "rates": {"USD": 1}}).since
    assert [1, 2] == sorted(since.values())


def test_whom_new_rates_bring_in_enters_without_news(world):
    world.save(SPENDERS)
    world.tell(order("user_id:ann", 20_000))
    world.save(RATES, "rates")
    world.run_backfills()
    (state,) = world.states().values()
    assert "backfill" == state.memberships["spenders"].cause
    world.tell(order("user_id:bob", 20_000, number=1))
    assert {"backfill", "event"} == {each.memberships["spenders"].cause for each in world.states().values()}


def test_flows_and_scores_look_at_the_timelines_that_segments_do():
    asked = 'sum of total over "Order Completed" > 5'
    bodies: dict[str, dict[str, Any]] = {
        "segments": {"id": "x", "when": parser.parse(asked)},
        "scores": {"id": "x", "name": "x", "rules": [{"points": 1, "when": parser.parse(asked)}], "tiers": {}},
        "flows": {
            "id": "x",
            "start": {"events": ["A"]},
            "goal": [],
            "steps": [{"do": "check", "id": "c", "when": parser.parse(asked)}],
        },
    }
    rates = Definition("rates", "rates", 1, "", {"id": "rates", "base": "EUR", "rates": {"USD": 2}}, "t", 0)
    found = [
        {spec.id for spec in catalogue.specs.values() if spec.money and spec.money.rates}
        for kind, body in bodies.items()
        for catalogue in [load([Definition(kind, "x", 1, "", body, "t", 0), rates], currency="EUR").catalogue]
    ]
    assert [1, 1, 1] == [len(each) for each in found] and found[0] == found[1] == found[2]
