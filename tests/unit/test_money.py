from decimal import Decimal

import pytest

from functions.core.base.money import normalise, number, to_minor


def test_an_amount_becomes_minor_units_by_the_exponent_of_its_currency():
    assert [35997, 36000, 360000, None, None] == [
        to_minor("359.97", "USD"),
        to_minor("36000", "JPY"),
        to_minor("360", "KWD"),
        to_minor("free", "EUR"),
        to_minor("NaN", "EUR"),
    ]


def test_amounts_inside_products_take_the_currency_of_the_event():
    event = normalise({"currency": "jpy", "total": 500, "products": [{"price": "250", "name": "x"}]}, "EUR")
    assert {"currency": "JPY", "total": 500, "products": [{"price": 250, "name": "x"}]} == event


def test_a_number_is_read_back_in_major_units_exactly():
    event = normalise({"total": Decimal("0.1"), "quantity": 3, "note": "7"}, "EUR")
    assert Decimal("0.10") == number(event, "total", event["total"])
    assert Decimal(3) == number(event, "quantity", event["quantity"])
    assert number(event, "note", event["note"]) is None


@pytest.mark.parametrize(
    "value",
    [
        "1E+1000000",
        "0E+1000000",
        "1E+999999999999999999",
        "1E-1000000",
        Decimal("1E+1000000"),
        Decimal("-1E+1000000"),
        10**24,
        "9" * 5000,
        *("NaN", "Infinity", "1_000", "１２", "١٢٣", "0x10", "1,000.00", "", " ", Decimal("NaN"), Decimal("Infinity")),
    ],
    ids=ascii,
)
def test_what_is_no_amount_is_told_before_anything_is_computed_with_it(value):
    assert to_minor(value, "EUR") is None


@pytest.mark.parametrize("value", ["0E+999", "-0", " 0 ", Decimal("0E+1000000"), Decimal("0E-1000000")])
def test_nothing_is_nothing_whatever_its_exponent(value):
    assert 0 == to_minor(value, "EUR")


def test_an_amount_is_rounded_once_from_all_its_digits():
    # Rounded to 28 digits on the way, the first is 10**28 and the others lie half way.
    assert 9999999999999999999999999999 == to_minor("999999999999999999999999.99994", "CLF")
    assert 0 == to_minor("0.004" + "9" * 60, "EUR")
    assert 1 == to_minor(" 0.005 ", "EUR")
    assert Decimal("999999999999999999999999.9999") == number(
        {"currency": "CLF", "total": 10**28 - 1}, "total", 10**28 - 1
    )


def test_a_number_that_is_no_amount_is_no_amount_in_minor_units_either():
    event = normalise({"total": 10**24, "price": [10**25]}, "EUR")
    assert {"total": Decimal(10**24), "price": [Decimal(10**25)], "currency": "EUR"} == event
    assert number(event, "total", event["total"]) is None
    assert number(event, "total", 10**29) is None


def test_only_three_latin_letters_are_a_currency():
    told = [
        normalise({"currency": code, "total": 1}, "EUR")["currency"] for code in ("usd", "ßßß", "€€€", "U1D", "İİİ")
    ]
    assert ["USD", "EUR", "EUR", "EUR", "EUR"] == told
