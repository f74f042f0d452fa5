"""Whatever stands in a body, a source answers with a translation or with an error of ours."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import NotUnderstood, Refused
from functions.core.base.translation import Request, Translation
from functions.sources import SOURCES
from functions.sources.bodies import read_json, write_json
from functions.sources.event_parts import stamp
from functions.sources.fields import instant
from functions.sources.segment import ROUTES
from functions.sources.shopify.topics import TOPICS
from tests.requests import NOW
from tests.unit.strategies import at_most

DATES = st.sampled_from(["2026-11-21T18:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "example"])
WORDS = st.sampled_from(
    re.findall(
        r"\w+",
        """id email token cart_token updated_at created_at completed_at customer line_items price price_set shop_money
        amount currency currency_code total_price quantity email_marketing_consent state consent_updated_at tags
        default_address order_id transactions kind refund_line_items line_item variants image images src shop_domain
        customer_id userId anonymousId previousId groupId messageId event type timestamp sentAt originalTimestamp
        properties traits context consent categoryPreferences marketing batch detail mail eventType destination bounce
        open click bouncedRecipients emailAddress bounceType orders_to_redact handle product_type""",
    )
)
ODD = ["", "[]", "0", "null", "ann@x.org", "subscribed", "track", "Open", "Permanent", "refund", "\ud83d"]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | DATES
    | st.sampled_from(
        ["", "[]", "0", "null", "ann@x.org", "subscribed", "track", "Open", "Permanent", "refund", "\ud83d"]
    )
    | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=8), max_leaves=40
)
EXACT = st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(st.characters(codec="utf-8"))
BODIES = VALUES | st.dictionaries(WORDS, VALUES, max_size=20)


def translate(source: str, body: bytes, route: str = "", **headers: str) -> Translation | None:
    try:
        return SOURCES[source].translate(Request(body, headers, route, NOW, "EUR"))
    except (NotUnderstood, Refused) as error:
        assert str(error)
        return None


def check(translation: Translation | None) -> None:
    """What the ports are given can be stored."""
    for event in translation.events if translation else ():
        assert event.identifiers
        assert 0 <= event.time <= NOW
        assert len(event.id.encode()) <= 1024 + 2048
        assert len(event.sort.encode()) <= 1024
        write_json([dict(event.properties), dict(event.traits)])


@pytest.mark.parametrize("topic", sorted(TOPICS))
@at_most(40)
@given(body=BODIES, sent=DATES)
def test_any_json_in_a_webhook_is_understood_or_kept(topic: str, body: Any, sent: str) -> None:
    told = {"x-shopify-topic": topic, "x-shopify-triggered-at": sent}
    check(translate("shopify", json.dumps(body).encode(), **told))


@pytest.mark.parametrize("route", sorted(route for route in ROUTES if len(route) > 1))
@at_most(60)
@given(body=BODIES)
def test_any_json_from_an_sdk_is_taken_or_refused(route: str, body: Any) -> None:
    check(translate("segment", json.dumps(body).encode(), route))
    check(translate("segment", json.dumps({"batch": [body]}).encode(), "batch"))


@at_most(200)
@given(detail=BODIES)
def test_any_event_of_ses_is_understood_or_kept(detail: Any) -> None:
    check(translate("ses", json.dumps({"detail": detail}).encode()))


@at_most(200)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_refused_or_kept(body: bytes) -> None:
    for source in ("shopify", "segment", "ses"):
        translate(source, body, "track" if source == "segment" else "", **{"x-shopify-topic": "orders/create"})


@at_most(50)
@given(st.recursive(EXACT, st.lists))
def test_json_that_is_written_is_read_again_digit_for_digit(value: Any) -> None:
    again = read_json(write_json([value]))
    assert [value] == again


@given(st.integers(0, 253_402_300_799_999))
def test_a_stamp_reads_back_as_its_instant(milliseconds: int) -> None:
    assert milliseconds == instant(stamp(milliseconds))


def test_numbers_keep_their_digits() -> None:
    assert {"a": Decimal("0.10"), "b": 9007199254740993} == read_json(b'{"a": 0.10, "b": 9007199254740993}')
