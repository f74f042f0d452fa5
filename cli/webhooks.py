"""Signed webhooks for trying things out: small samples of our own, and the headers that their sender would send.

A sample is JSON with ``$now`` (RFC 3339), ``$gmt`` (the same without its zone, as WooCommerce writes it), ``$seconds``
(the same as Stripe writes it), ``$id`` (a number), ``$token`` (a word), ``$email`` and ``$customer`` (a number that the
address always has) in it.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from string import Template
from uuid import uuid4

from cli.errors import CliError

SAMPLES = Path(__file__).parent / "samples"
Headers = dict[str, str]


def _shopify(topic: str, body: bytes, secret: str, _now: str) -> Headers:
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": _sha256(body, secret),
        "X-Shopify-Event-Id": str(uuid4()),
    }


def _woocommerce(topic: str, body: bytes, secret: str, _now: str) -> Headers:
    resource, _, event = topic.partition(".")
    return {
        "Content-Type": "application/json",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": _sha256(body, secret),
        "X-WC-Webhook-ID": "1",
        "X-WC-Webhook-Delivery-ID": uuid4().hex,
    }


def _stripe(_type: str, body: bytes, secret: str, now: str) -> Headers:
    made = str(seconds(now))
    signature = hmac.new(secret.encode(), f"{made}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "Stripe-Signature": f"t={made},v1={signature}"}


def seconds(now: str) -> int:
    """The seconds UTC of an RFC 3339 text."""
    return int(datetime.fromisoformat(now).timestamp())


def _sha256(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


SENDERS: Mapping[str, Callable[[str, bytes, str, str], Headers]] = {
    "shopify": _shopify,
    "woocommerce": _woocommerce,
    "stripe": _stripe,
}


def must_be_known(source: str) -> None:
    """Raise CliError for a source of which we do not know how it signs."""
    if source not in SENDERS:
        raise CliError(
            f"no webhooks of {source!r} are known{_nearest(source, SENDERS)}; there are {', '.join(SENDERS)}"
        )


def sign(source: str, topic: str, body: bytes, secret: str, now: str) -> Headers:
    """The headers of a genuine delivery; raises CliError for a source of which we do not know how it signs.

    ``now`` (RFC 3339) is when it is signed, by the clock of the host that takes it.
    """
    must_be_known(source)
    return SENDERS[source](topic, body, secret, now)


def topics(source: str) -> list[str]:
    """The topics of the source that there are samples of; a sample lies in samples/<source>/<topic>.json."""
    folder = SAMPLES / source
    return sorted(str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.json"))


def sample(source: str, topic: str, email: str, cart: str, now: str) -> bytes:
    """A body about this person; the same cart gives the same checkout, order and refund."""
    names = topics(source)
    if topic not in names:
        raise CliError(
            f"there is no sample of {source} {topic}{_nearest(topic, names)}; give --file, or one of {', '.join(names)}"
        )
    text = (SAMPLES / source / f"{topic}.json").read_text(encoding="utf-8")
    words = {"now": now, "gmt": now.removesuffix("Z"), "seconds": str(seconds(now)), "token": cart, "email": email}
    values = {name: json.dumps(word, ensure_ascii=False)[1:-1] for name, word in words.items()}
    numbers = {"id": 5_000_000 + zlib.crc32(cart.encode()), "customer": 1_000 + zlib.crc32(email.encode())}
    return Template(text).substitute(values, **{name: str(number) for name, number in numbers.items()}).encode()


def _nearest(word: str, among: Mapping[str, object] | list[str]) -> str:
    near = get_close_matches(word, among, 1)
    return f" (did you mean {near[0]}?)" if near else ""
