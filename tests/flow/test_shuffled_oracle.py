"""What shuffled streams are held against sees what is obvious."""

from tests.flow.shuffled import DAY, HOUR, Told, expected


def test_the_oracle_sees_what_is_obvious() -> None:
    left = Told("checkouts/create", 1, "c", 1000, 1000, "a", {})
    late = Told("checkouts/update", 1, "c", 2000, 9000, "b", {})
    bought = Told("orders/create", 1, "c", 3000, 3000, "c", {})
    nobody = Told("carts/create", 1, "c", 1000, 1000, "d", {})
    assert [1000 + HOUR, 1000 + HOUR + DAY] == expected([left], "c", 10 * DAY)
    assert [1000 + HOUR] == expected([left], "c", DAY)
    assert [] == expected([left, bought], "c", 10 * DAY)
    assert [] == expected([nobody], "c", 10 * DAY)
    assert [1000 + HOUR, 1000 + HOUR + DAY] == expected([left, late], "c", 10 * DAY)
    assert [9000, 2000 + HOUR + DAY] == expected([nobody, late], "c", 10 * DAY)
