"""Stored JSON: exact, compact, and readable by every later version."""

from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.packing import dumps, loads, pack, unpack

NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False)
TEXTS = st.text() | st.text(st.characters(categories=["Cs", "Lu"]))
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
)

ORDER = {
    "p": {
        "order_id": "5678901234567",
        "total": 129900,
        "currency": "EUR",
        "products": [
            {"product_id": str(n), "sku": f"W-{n}", "name": "Luxury watch", "price": 64950, "quantity": 1}
            for n in range(2)
        ],
    },
    "k": "order:5678901234567",
}


@given(JSON)
def test_any_json_is_packed_and_unpacked_to_the_same(value: object) -> None:
    assert repr(value) == repr(unpack(pack(value)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.10"), "1.10"),
        (Decimal("5"), "5E0"),
        (Decimal("-0"), "-0E0"),
        ({"a": Decimal("1E+3"), "b": [2**70, True, None]}, '{"a":1E+3,"b":[1180591620717411303424,true,null]}'),
        (MappingProxyType({"é": (1, 2)}), '{"é":[1,2]}'),
    ],
)
def test_numbers_are_written_with_their_own_digits(value: object, text: str) -> None:
    assert text == dumps(value)
    assert dumps(loads(text)) == text


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_what_is_not_a_number_of_json_is_not_written(value: object) -> None:
    with pytest.raises(ValueError):
        dumps({"a": value})


def test_a_typical_order_takes_less_than_half_its_text() -> None:
    assert len(pack(ORDER)) < len(dumps(ORDER)) / 2


def test_what_does_not_shrink_is_stored_as_text() -> None:
    assert b"7" == pack(7)
    assert 7 == unpack(b"7")


def test_what_the_first_version_stored_is_still_read() -> None:
    stored = bytes.fromhex(
        "01832a40f293a999b985a581a191b1099005f42e344c0c8d2c2d0d0c749083061228b8cd3600ca42bc12ae0b62439ded535a"
        "515a54a9509e58022c64e00e3733b134051a8fe4a75a1d34f30c91cc3324c3bcd85ae4fc82eacf5a00"
    )
    assert ORDER == unpack(stored)
