"""What storefronts share that sign the raw body and name its topic in a header."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from functions.core.base.errors import BadSignature, Fault, Malformed
from functions.sources.secrecy import is_one_of


def check_signature(sent: str, body: bytes, keys: Iterable[str]) -> None:
    """Compare the Base64 HMAC-SHA-256 of the body with that of every key in constant time; raises BadSignature."""
    digests = (hmac.new(key.encode(), body, hashlib.sha256).digest() for key in keys)
    if not is_one_of(sent, (base64.b64encode(each).decode() for each in digests)):
        raise BadSignature


def check_topic(topic: str, name: str, example: str) -> None:
    """Refuse a request without a topic, which has the header ``name``; raises Malformed, which suggests the example.

    The storefront always sends one, so a proxy has dropped it or another sender signs with the secret.
    """
    if not topic:
        raise Malformed(Fault("the header is missing; it says what the body is about", name, suggestion=example))
