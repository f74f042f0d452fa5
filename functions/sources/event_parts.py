"""The parts of an event that every source makes in one way: its key in the log, its identifiers, its properties."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.core.base.identity import identifier

# DynamoDB's partition keys have 2,048 bytes at most, its sort keys 1,024.
NAME_BYTES = 512
MESSAGE_BYTES = 255

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER = re.compile(r"(?:gid://shopify/Order/|#)(\w[\w.-]*)(?:\?.*)?")


def stamp(milliseconds: int | None) -> str:
    """The first half of a log key: ``2026-11-21T19:13:05.114Z``.

    Without a time it is a tilde, which sorts behind every digit: whoever reads a partition since some instant gets
    what is undated as well.
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


def message_id(sent: str | None, *content: bytes | str) -> str:
    """A message's id for the log's key: the sender's, its digest if too long, the content's digest without one."""
    if not sent:
        return digest(*content)
    return sent if len(sent.encode()) <= MESSAGE_BYTES else digest(sent)


def names(*pairs: tuple[str, Any]) -> tuple[str, ...]:
    """The identifiers of (namespace, value) pairs, each once, without those that name nobody."""
    identifiers = (identifier(namespace, value) for namespace, value in pairs if _is_short(value))
    return tuple(dict.fromkeys(name for name in identifiers if name))


def _is_short(value: Any) -> bool:
    return not isinstance(value, str) or len(value.encode()) <= NAME_BYTES


def order_id(value: str | int) -> str:
    """One text for all the ways to write an order's number: ``gid://shopify/Order/1003`` and ``#1003`` are 1003."""
    written = str(value).strip()
    match = _ORDER.fullmatch(written)
    return match[1] if match else written


def compact(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}
