"""Bearer tokens, judged by the time that is passed in, and instants of the API."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace

import jwt
import pytest

from functions.core.base import rfc3339
from functions.core.base.errors import BadCredential, Forbidden, Malformed
from functions.core.base.tokens import ApiToken, mint, permit, verify

SECRET = "current-" + "s" * 32
BEFORE = "before-" + "s" * 32
OTHER = "other-" + "s" * 32
HERE = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:signing-key-AbCdEf"
NOW = 1_795_000_000
YEAR = 366 * 86_400
ANN = ApiToken("t1", "ann", "publish", NOW, NOW + 60)
CLAIMS = {"aud": HERE, "sub": "ann", "role": "publish", "jti": "t1", "iat": NOW, "exp": NOW + 60}


def verified(token, now=NOW, secrets=(SECRET,)):
    return verify(secrets, HERE, token, now, YEAR)


def refusal(token, now=NOW):
    with pytest.raises(BadCredential) as refused:
        verified(token, now)
    return str(refused.value)


def signed(secret=SECRET, algorithm="HS256", headers=None, **claims):
    kept = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return jwt.api_jws.encode(json.dumps(kept).encode(), secret, algorithm, headers)


def raw(header, payload="{}", secret=SECRET):
    """A token with a genuine signature over a header of any text."""
    parts = ".".join(base64.urlsafe_b64encode(each.encode()).rstrip(b"=").decode() for each in (header, payload))
    mac = hmac.new(secret.encode(), parts.encode(), hashlib.sha256).digest()
    return f"{parts}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_a_token_says_who_asks_and_what_they_may_until_it_expires():
    token = mint(SECRET, HERE, ANN)
    assert ANN == verified(token, NOW + 59)
    assert "expired" in refusal(token, NOW + 60)
    assert "expired" in refusal(token, NOW + 10**9)


def test_the_previous_secret_is_good_during_a_rotation_and_no_longer():
    token = mint(BEFORE, HERE, ANN)
    assert ANN == verified(token, secrets=(SECRET, BEFORE))
    with pytest.raises(BadCredential):
        verified(token, secrets=(OTHER, SECRET))


def test_an_empty_secret_signs_nothing():
    with pytest.raises(BadCredential):
        verified(raw('{"alg":"HS256"}', json.dumps(CLAIMS), secret=""), secrets=("", ""))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "é.é.é",
        signed(OTHER),
        signed("", "none"),
        signed(SECRET * 2, "HS512"),
        signed() + "A" * 2_000,
        "A" * 10**6,
        mint(SECRET, HERE, ANN)[:-2],
        raw('{"alg":"none"}'),
        raw('{"alg":"HS256","crit":["exp"]}'),
        raw('{"alg":"HS256","b64":false}'),
        raw('{"alg":["HS256"]}'),
        raw("[]"),
        raw("[" * 1_200),
        raw('{"alg":"HS256"}', "[" * 1_200),
        raw('{"alg":"HS256"}', "5"),
        raw('{"alg":"HS256"}', '{"exp":' + "9" * 1_000 + "}", OTHER),
    ],
)
def test_a_token_that_was_not_signed_here_is_refused_without_saying_why(token):
    assert "a valid token is needed: Authorization: Bearer <token>" in refusal(token)


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"aud": "segue"}, "for another deployment"),
        ({"aud": [HERE]}, "for another deployment"),
        ({"aud": None}, "for another deployment"),
        ({"exp": None}, "of an older kind"),
        ({"exp": True}, "of an older kind"),
        ({"exp": NOW + 60.5}, "of an older kind"),
        ({"iat": None}, "of an older kind"),
        ({"iat": str(NOW)}, "of an older kind"),
        ({"jti": None}, "of an older kind"),
        ({"jti": "x" * 201}, "of an older kind"),
        ({"sub": ""}, "of an older kind"),
        ({"sub": 5}, "of an older kind"),
        ({"jti": 5}, "of an older kind"),
        ({"sub": "ann\n"}, "of an older kind"),
        ({"sub": "\ud83d"}, "of an older kind"),
        ({"role": None}, "of an older kind"),
        ({"role": "admin"}, "of an older kind"),
        ({"role": ["publish"]}, "of an older kind"),
        ({"nbf": "now"}, "of an older kind"),
        ({"nbf": NOW + 61}, "begins in the future"),
        ({"iat": NOW + 61, "exp": NOW + 120}, "begins in the future"),
        ({"exp": NOW + YEAR + 1}, "longer than 366 days"),
        ({"exp": 10**300}, "longer than 366 days"),
        ({"iat": -(10**300)}, "longer than 366 days"),
    ],
    ids=str,
)
def test_whoever_holds_a_token_of_ours_is_told_what_is_wrong_with_it(claims, says):
    assert says in refusal(signed(**claims))


def test_a_token_of_a_machine_whose_clock_is_a_minute_ahead_is_good():
    assert ANN.id == verified(signed(iat=NOW + 60, exp=NOW + 120)).id


def test_a_role_may_what_it_says_and_no_more():
    permit(ANN, "read")
    permit(ANN, "publish")
    reader = replace(ANN, role="read")
    permit(reader, "read")
    with pytest.raises(Forbidden, match="needs a token with the role publish; this one has the role read"):
        permit(reader, "publish")


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
