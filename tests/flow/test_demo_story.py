"""The story that ``make demo`` tells: who gets which e-mails on the two days, and who does not."""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from unittest import mock

import pytest

from local.demo.__main__ import tell
from local.demo.http_client import OverHttp
from local.http.serve import serving
from local.runtime.clock import rfc3339

OPENING = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def causes() -> Iterator[dict[str, list[str]]]:
    """The flows that wrote to each person, by first name, oldest first."""
    with mock.patch.dict(os.environ, {"SEGUE_NOW": rfc3339(OPENING.timestamp()), "PORT": "0"}), serving() as server:
        tell(server, OPENING)
        found: dict[str, list[str]] = defaultdict(list)
        for mail in OverHttp(server.host.url).get("/_local/mailbox?brief=1"):
            found[mail["to"].partition("@")[0]].append(mail["cause"].partition("_")[0])
        yield found


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("hana", ["cart-recovery", "cart-recovery"]),
        ("ann", ["cart-recovery", "post-purchase-thanks"]),
        ("dan", ["cart-recovery"]),
        ("finn", ["cart-recovery"]),
        ("eve", ["post-purchase-thanks"]),
        # Bought at the till, with a cart on the web.
        ("iris", ["post-purchase-thanks"]),
    ],
)
def test_who_left_a_cart_or_bought_gets_the_e_mails_of_that(
    causes: dict[str, list[str]], person: str, expected: list[str]
) -> None:
    assert expected == causes[person]


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("ben", "bought within the hour and was refunded before the thanks"),
        ("cara", "said no"),
        ("gus", "was never asked"),
        ("jon", "emptied the cart"),
    ],
)
def test_who_was_refunded_emptied_the_cart_or_said_no_gets_nothing(
    causes: dict[str, list[str]], person: str, why: str
) -> None:
    assert [] == causes[person], why
