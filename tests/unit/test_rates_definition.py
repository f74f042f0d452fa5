"""The text of exchange rates: what a table may say, and where it is wrong."""

from decimal import Decimal

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.rates import load_rates

HEAD = "id: rates\nbase: EUR\n"


def faults(text):
    with pytest.raises(DefinitionRefused) as refused:
        load_rates(text)
    return [(each.line, each.column, each.message, each.suggestion) for each in refused.value.faults]


def test_a_table_holds_rates_for_always_and_from_days_on():
    said = load_rates(f"{HEAD}rates:\n  USD: 0.92\n  GBP:\n    - {{since: 2026-01-01, rate: 1.17}}\n")
    dated = [{"since": "2026-01-01", "rate": Decimal("1.17")}]
    assert {"id": "rates", "base": "EUR", "rates": {"USD": Decimal("0.92"), "GBP": dated}} == said


def test_json_is_read_as_well_and_no_rates_are_a_table():
    assert {} == load_rates('{"id": "rates", "base": "EUR", "rates": {}}')["rates"]


@pytest.mark.parametrize(
    ("table", "line", "column", "message", "suggestion"),
    [
        ("rates:\n  USX: 0.92\n", 4, 8, "'USX' is not the code of a currency", "USD"),
        ("rates:\n  usd: 0.92\n", 4, 8, "'usd' is not the code of a currency", "USD"),
        ("rates:\n  EUR: 1\n", 4, 8, "EUR is the base", None),
        ("rates:\n  USD: 0\n", 4, 8, "0 is not above zero", None),
        ("rates:\n  USD: -0.92\n", 4, 8, "-0.92 is not above zero", None),
        ("rates:\n  USD: 1000000000\n", 4, 8, "1000000000 is beyond every rate there is", None),
        ("rates:\n  USD: 0.000000001\n", 4, 8, "is beyond every rate there is", None),
        ("rates:\n  USD: 0.1234567890123\n", 4, 8, "a rate has at most 12 decimals", "0.123456789012"),
        ('rates:\n  USD: "0.92"\n', 4, 8, "'0.92' is not a rate", "0.92"),
        ("rates:\n  USD: 0,92\n", 4, 8, "'0,92' is not a rate", "0.92"),
        ("rates:\n  USD: true\n", 4, 8, "True is not a rate", None),
        ("rates:\n  USD: []\n", 4, 8, "dated rates are a list of 1 to 1000", "[{since: 2026-01-01, rate: 0.92}]"),
        ("rates:\n  USD:\n    - 0.92\n", 5, 7, "a dated rate says since when", "{since: 2026-01-01, rate: 0.92}"),
        ("rates:\n  USD:\n    - {since: soon, rate: 1}\n", 5, 15, "'soon' is not a day", "2026-01-01"),
        ("rates:\n  USD:\n    - {since: 2026-02-30, rate: 1}\n", 5, 15, "'2026-02-30' is not a day", "2026-01-01"),
        ("rates:\n  USD:\n    - {from: 2026-01-01, rate: 1}\n", 5, 14, "'from' is not part of a dated rate", None),
        ("rates: 0.92\n", 3, 8, "rates say what one unit of each currency is worth", "rates: {USD: 0.92}"),
        ("rate: {USD: 1}\nrates: {}\n", 3, 7, "'rate' is not part of rates", "rates"),
    ],
)
def test_a_fault_names_its_place_and_what_would_be_right(table, line, column, message, suggestion):
    found = faults(HEAD + table)[0]
    assert (line, column, suggestion) == (*found[:2], found[3])
    assert message in found[2]


def test_days_stand_in_their_order_each_once():
    days = ("2026-03-01", "2026-01-01", "2026-02-01", "2026-02-01")
    steps = "".join(f"    - {{since: {day}, rate: 1}}\n" for day in days)
    found = faults(f"{HEAD}rates:\n  USD:\n{steps}")
    assert [(6, 15), (8, 15)] == [each[:2] for each in found]
    assert "2026-01-01 does not come after 2026-03-01" in found[0][2]


def test_every_fault_is_named_and_the_base_is_needed():
    said = ("of this id", "base is missing", "0 is not above zero", "'EUX' is not the code")
    found = [each[2] for each in faults("id: prices\nrates:\n  USD: 0\n  EUX: 1\n")]
    assert [True] * 4 == [part in message for part, message in zip(said, found, strict=True)]
