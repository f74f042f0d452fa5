from decimal import Decimal

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
