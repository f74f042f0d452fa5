"""The Segment HTTP API as the SDKs of Segment and RudderStack use it."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from functions.core.base.errors import BadCredential, Fault
from functions.core.base.translation import Request, Translation
from functions.sources.base import Source
from functions.sources.bodies import inflate, read_json
from functions.sources.secrecy import is_one_of

# Each path under /v1, with the kind of its message; None for the paths that take a batch.
ROUTES: Mapping[str, str | None] = {
    **{path: path for path in ("identify", "track", "page", "screen", "group", "alias")},
    **{"i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias"},
    **dict.fromkeys(("batch", "b", "import")),
}
BATCH_BYTES = 500 * 1024


def verify(request: Request, keys: Sequence[str]) -> None:
    """Compare the write key, from Basic authorisation or the body, with every accepted one; raises BadCredential."""
    key = basic_key(request.headers.get("authorization", ""))
    where = "Authorization"
    if key is None:
        body = read_json(inflate(request.body, BATCH_BYTES))
        key, where = body.get("writeKey") if isinstance(body, dict) else None, "writeKey"
    if not isinstance(key, str) or not key:
        how = "no write key: send it as the user name of Basic authorisation or as writeKey in the body"
        raise BadCredential(Fault(how, "writeKey"))
    if not accepted(key, keys):
        raise BadCredential(Fault("not a write key of this shop", where))


def accepted(key_sent: str, keys: Sequence[str]) -> bool:
    """True if the key is one of the accepted ones; compared in constant time."""
    return is_one_of(key_sent, filter(None, keys))


def basic_key(header: str) -> str | None:
    """The write key in a header of Basic authorisation; None in any other. Raises BadCredential."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0] or None
    except (binascii.Error, ValueError):
        how = "not Basic authorisation: base64 of the write key and a colon"
        raise BadCredential(Fault(how, "Authorization")) from None


def emit(request: Request, body: Any) -> Translation:
    """Translate every message of the request; raises Malformed with every fault of every message."""
    # The models are loaded by the first request, so that a function that takes other sources' does without them.
    from functions.sources.segment.batch import translate

    return translate(request, ROUTES[request.route], body)


SOURCE = Source(
    name="segment",
    label="Segment and RudderStack SDKs",
    secret="server-key",
    public_secret="write-key",
    identity_secret="identity-key",
    visit_secret="visit-key",
    verify=verify,
    emit=emit,
    limit=BATCH_BYTES,
    namespaces=(
        "email",
        "user_id",
        "anonymous_id",
        "visitor",
        "shopify_cart",
        "shopify_checkout",
        "shopify_order",
    ),
    routes=frozenset(ROUTES),
    strict=True,
    credentials=frozenset({"writeKey", "user_hash", "segue_token"}),
    reader="functions.sources.segment.batch",
)
