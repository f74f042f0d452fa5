"""The schemes by which senders prove a body, and what of each a source states."""

from collections.abc import Mapping
from typing import Final, Literal

Scheme = Literal["hmac-sha256", "standard-webhooks", "timestamped", "token", "basic"]
Encoding = Literal["hex", "base64"]
HMAC: Final = "hmac-sha256"
STANDARD: Final = "standard-webhooks"
TIMESTAMPED: Final = "timestamped"
TOKEN: Final = "token"  # noqa: S105 - the name of a scheme
BASIC: Final = "basic"
# What a source may state of each.
SETTINGS: Mapping[Scheme, tuple[str, ...]] = {
    HMAC: ("header", "encoding", "prefix"),
    STANDARD: ("tolerance",),
    TIMESTAMPED: ("header", "tolerance"),
    TOKEN: ("header", "prefix"),
    BASIC: (),
}
# Seconds that a signature may be old.
TOLERANCE = 300
# Bytes of a body.
USUAL_BODY = 256_000
