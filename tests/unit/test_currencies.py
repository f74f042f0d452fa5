"""Amounts of several currencies: what counts, where the timelines change, and what is warned of."""

from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.ruleset import load
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.definitions.vocabulary.seen import SORTS
from functions.usecases import warn


def segment(when):
    text = f"id: vip\nwhen: |\n  {when}\n"
    return Definition("segments", "vip", 1, text, kind_of("segments").load(text, None, {}), "ann", 0)


def addresses(when, currency):
    return set(load([segment(when)], currency=currency).catalogue.specs)


def warned(when, *seen):
    names = dict.fromkeys(SORTS, frozenset()) | {"currencies": frozenset(seen)}
    return [fault for fault in warn.of_definition(segment(when), [], names, "EUR") if "not counted" in fault.message]


def test_a_shop_with_one_currency_keeps_the_timelines_it_has():
    plain = 'sum of total over "Order Completed" > 5'
    assert addresses(plain, "") == addresses(plain, "EUR") != addresses(plain.replace("total", "total in USD"), "EUR")


def test_a_definition_keeps_the_timelines_that_are_evaluated():
    for when in ('sum of total in USD over "Order Completed" > 5', 'did "Order Completed" where total > 50'):
        assert set(KeptTimelines([], [segment(when)], currency="EUR").kept(segment(when))) == addresses(when, "EUR")


def test_amounts_that_a_condition_leaves_out_are_warned_of():
    (fault,) = warned('sum of total over "Order Completed" > 5', "EUR", "USD")
    assert "events in USD are not counted" in fault.message and fault.line == 2


def test_nothing_is_warned_of_where_the_currency_is_said_or_no_other_came():
    assert [] == warned('sum of total in USD over "Order Completed" > 5', "EUR", "USD")
    assert [] == warned('sum of total over "Order Completed" where currency = "USD" > 5', "EUR", "USD")
    assert [] == warned('sum of total over "Order Completed" > 5', "EUR")
    assert [] == warned('did "Order Completed"', "EUR", "USD")
