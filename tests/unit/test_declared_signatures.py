"""How senders of declared sources prove themselves, scheme by scheme, with vectors."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from functions.core.base.errors import BadSignature
from functions.core.base.translation import Request
from functions.sources.declared.verify import verify
from tests.declared import SECRET
from tests.requests import NOW

DELIVERY = b'{"id": 1}'


def digest(content: bytes, key: bytes = SECRET.encode()) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def standard(made: int = NOW, key: bytes = SECRET.encode(), delivery: str = "msg_1") -> dict[str, str]:
    content = f"{delivery}.{made}.".encode() + DELIVERY
    sent = f"v1,bm90IG1pbmU= v1a,x v1,{base64.b64encode(digest(content, key)).decode()}"
    return {"webhook-id": delivery, "webhook-timestamp": str(made), "webhook-signature": sent}


def timestamped(made: int = NOW, secret: str = SECRET) -> dict[str, str]:
    content = digest(f"{made}.".encode() + DELIVERY, secret.encode()).hex()
    return {"x-sig": f"t={made},v0=0,v1=00,v1={content}"}


HEX = {"scheme": "hmac-sha256", "header": "X-Sig"}
BASE64 = {"scheme": "hmac-sha256", "header": "X-Sig", "encoding": "base64"}
PREFIXED = {"scheme": "hmac-sha256", "header": "X-Sig", "prefix": "sha256="}
STANDARD = {"scheme": "standard-webhooks"}
TIMESTAMPED = {"scheme": "timestamped", "header": "X-Sig"}
TOKEN = {"scheme": "token", "header": "X-Sig", "prefix": "Bearer "}
BASIC = {"scheme": "basic"}
HEXED = digest(DELIVERY).hex()
BASICALLY = base64.b64encode(SECRET.encode()).decode()

RIGHT: list[tuple[dict[str, Any], dict[str, str]]] = [
    (HEX, {"x-sig": HEXED}),
    (HEX, {"x-sig": HEXED.upper()}),
    (BASE64, {"x-sig": base64.b64encode(digest(DELIVERY)).decode()}),
    (PREFIXED, {"x-sig": f"sha256={HEXED}"}),
    (STANDARD, standard()),
    (STANDARD, standard(NOW - 300)),
    (TIMESTAMPED, timestamped()),
    (TIMESTAMPED | {"tolerance": 3600}, timestamped(NOW - 3600)),
    (TOKEN, {"x-sig": f"Bearer {SECRET}"}),
    (BASIC, {"authorization": f"Basic {BASICALLY}"}),
    (BASIC, {"authorization": f"basic {BASICALLY}"}),
]
WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    *((scheme, {}) for scheme in (HEX, BASE64, PREFIXED, STANDARD, TIMESTAMPED, TOKEN, BASIC)),
    (HEX, {"x-sig": ""}),
    (HEX, {"x-sig": digest(DELIVERY, b"another secret of somebody").hex()}),
    (HEX, {"x-sig": base64.b64encode(digest(DELIVERY)).decode()}),
    (HEX, {"x-sig": f"{HEXED}é"}),
    (BASE64, {"x-sig": HEXED}),
    (PREFIXED, {"x-sig": HEXED}),
    (STANDARD, standard(NOW - 301)),
    (STANDARD, standard(NOW + 301)),
    (STANDARD, standard() | {"webhook-id": "msg_2"}),
    (STANDARD, standard() | {"webhook-timestamp": str(NOW + 1)}),
    (STANDARD, standard() | {"webhook-timestamp": "9" * 400}),
    (STANDARD, standard(delivery="")),
    (TIMESTAMPED, timestamped(NOW - 301)),
    (TIMESTAMPED, timestamped(secret="another secret of somebody")),
    (TIMESTAMPED, {"x-sig": f"t=,v1={HEXED}"}),
    (TOKEN, {"x-sig": SECRET}),
    (TOKEN, {"x-sig": "Bearer "}),
    (BASIC, {"authorization": f"Bearer {BASICALLY}"}),
    (BASIC, {"authorization": "Basic "}),
]


def check(signature: dict[str, Any], headers: dict[str, str], *values: str) -> None:
    verify("till", signature, Request(DELIVERY, headers, received=NOW), values or (json.dumps({"till": SECRET}),))


@pytest.mark.parametrize(("signature", "headers"), RIGHT)
def test_a_signature_is_taken_as_its_scheme_makes_it(signature: dict[str, Any], headers: dict[str, str]) -> None:
    check(signature, headers)
    check(signature, headers, '{"till": "the secret before this one"}', json.dumps({"till": ["x", SECRET]}))


@pytest.mark.parametrize(("signature", "headers"), WRONG)
def test_anything_else_is_refused(signature: dict[str, Any], headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        check(signature, headers)


@pytest.mark.parametrize("value", ["", "{}", "no json", "[]", '{"till": ""}', '{"till": []}', '{"till": "short"}',
    '{"till": null}', '{"till": {"x": 1}}', '{"other": "a secret of the till"}', SECRET])  # fmt: skip
@pytest.mark.parametrize(("signature", "headers"), RIGHT)
def test_without_a_secret_nobody_is_believed(value: str, signature: dict[str, Any], headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        check(signature, headers, value)


@pytest.mark.parametrize(
    "secret", ["whsec_" + base64.b64encode(b"k" * 24).decode(), base64.b64encode(b"k" * 24).decode()]
)
def test_a_secret_of_standard_webhooks_is_what_its_base64_says(secret: str) -> None:
    """The first vector of the specification's own libraries."""
    check(STANDARD, standard(key=b"k" * 24), json.dumps({"till": secret}))


def test_the_vector_of_the_standard_webhooks_libraries() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    verify("till", STANDARD, Request(body, headers, received=1_614_265_330), (json.dumps({"till": secret}),))
