"""Bearer tokens, judged by the time that is passed in, and instants of the API."""

import jwt
import pytest

from functions.core.base import rfc3339
from functions.core.base.errors import BadCredential, Malformed
from functions.core.base.tokens import mint, verify

SECRET = "current-" + "s" * 32
BEFORE = "before-" + "s" * 32
NOW = 1_795_000_000


def test_a_token_says_who_asks_until_it_expires():
    token = mint(SECRET, "ann", NOW, 60)
    assert verify([SECRET], token, NOW + 59) == "ann"
    with pytest.raises(BadCredential):
        verify([SECRET], token, NOW + 60)


def test_the_previous_secret_is_good_during_a_rotation():
    assert verify([SECRET, BEFORE], mint(BEFORE, "ann", NOW, 60), NOW) == "ann"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        mint("other-" + "s" * 32, "ann", NOW, 60),
        mint(SECRET, "", NOW, 60),
        jwt.encode({"sub": "ann", "aud": "segue"}, SECRET, "HS256"),
        jwt.encode({"sub": "ann", "aud": "segue", "exp": True}, SECRET, "HS256"),
        jwt.encode({"sub": "ann", "aud": "another", "exp": NOW + 60}, SECRET, "HS256"),
        jwt.encode({"sub": "ann", "exp": NOW + 60}, SECRET, "HS256"),
        jwt.encode({"aud": "segue", "exp": NOW + 60}, SECRET, "HS256"),
        jwt.encode({"sub": "ann", "aud": "segue", "exp": NOW + 60}, "", "none"),
        jwt.encode({"sub": "ann", "aud": "segue", "exp": NOW + 60}, SECRET * 2, "HS512"),
    ],
    ids=["none", "noise", "foreign", "nobody", "endless", "true", "audience", "no audience", "no one", "alg", "HS512"],
)
def test_any_other_token_is_refused_without_saying_why(token):
    with pytest.raises(BadCredential) as refused:
        verify([SECRET], token, NOW)
    assert "valid token is needed" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("2026-11-21T19:30:00Z", "2026-11-21T19:30:00Z"),
        ("2026-11-21t19:30:00.999z", "2026-11-21T19:30:00Z"),
        ("2026-11-21T19:30:00+02:00", "2026-11-21T17:30:00Z"),
        ("2026-11-21T19:30:00 02:00", "2026-11-21T17:30:00Z"),
        ("2026-11-21 19:30:00-00:30", "2026-11-21T20:00:00Z"),
    ],
)
def test_an_instant_is_read_to_the_second(written, means):
    assert rfc3339.text(rfc3339.parse(written, "at")) == means


@pytest.mark.parametrize(
    "written",
    ["", "now", "2026-11-21", "2026-11-21T19:30:00", "2026-13-01T00:00:00Z", "2026-11-21T19:30:60Z",
     "1969-12-31T00:00:00Z", "0001-01-01T00:00:00+23:00", "2026-11-21T19:30:00Z ", None, 5],
)  # fmt: skip
def test_what_is_no_instant_is_refused_with_an_example(written):
    with pytest.raises(Malformed) as refused:
        rfc3339.parse(written, "at")
    assert refused.value.faults[0].suggestion == "2026-11-21T19:30:00Z"
