"""Parts of an event that all sources make alike: its log key, its identifiers and its properties."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.core.base import identity, plain_values
from functions.core.base.identity import visitor

# DynamoDB's sort keys have 1,024 bytes at most.
MESSAGE_BYTES = 255

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Events that happen once to an order or a checkout, whoever reports them, and the property with its id.
ONCE = {
    "Order Completed": ("order", "order_id"),
    "Order Paid": ("order", "order_id"),
    "Order Cancelled": ("order", "order_id"),
    "Store Purchase": ("order", "order_id"),
    "Order Refunded": ("refund", "refund_id"),
    "Checkout Started": ("checkout", "checkout_id"),
}
order_id = plain_values.order_id
names = identity.identifiers


def stamp(milliseconds: int | None) -> str:
    """The first half of a log key: ``2026-11-21T19:13:05.114Z``, or a tilde without a time.

    A tilde sorts after every digit, so a read of a partition from any instant on includes undated events.
    """
    if milliseconds is None:
        return "~"
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def digest(*parts: bytes | str) -> str:
    """A short name for content: equal for equal parts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8) + data)
    return whole.hexdigest()[:32]


def message_id(own_id: str | None, *content: bytes | str) -> str:
    """A message's id in the log key: the sender's, its digest if it is too long, else the content's digest."""
    if not own_id:
        return digest(*content)
    return own_id if len(own_id.encode()) <= MESSAGE_BYTES else digest(own_id)


def natural(name: str, properties: Mapping[str, Any]) -> str | None:
    """The key of what happened once, whoever tells of it, by the event's name; None for what may happen again."""
    kind, field = ONCE.get(name, ("", ""))
    value = plain_values.text(properties.get(field)) if kind else None
    return f"{kind}:{value}" if value else None


def visitor_names(devices: tuple[str, ...], account: tuple[str, ...], claims: tuple[str, ...]) -> tuple[str, ...]:
    """The device, with the account that is claimed on it; without a device, whoever makes the same claim."""
    if devices and not account:
        return devices
    return (*devices, visitor((*devices, *claims)[0], next(iter(account), "")))


def compact(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping without empty values."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}
