"""Records of deliveries to other systems: an EventBridge bus or an HTTP server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Configuration = Mapping[str, str]


class Item(NamedTuple):
    """One transition in its receiver's format; ``kind`` is the receiver's name for the type, ``body`` is JSON text."""

    key: str
    kind: str
    body: str

    @property
    def size(self) -> int:
        """The size of kind and body in bytes (UTF-8)."""
        return len(self.kind.encode()) + len(self.body.encode())


class PutEvents(NamedTuple):
    """Entries for one PutEvents call to a bus of the topology; ``source`` is the entry's EventBridge source."""

    bus: str
    source: str
    events: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to a third party's server; ``timeout`` (seconds) covers the whole exchange."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST"
    timeout: float = 5


Request = PutEvents | HttpRequest


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """The response to a request: HTTP status, headers with lower-case names, and the beginning of the body.

    ``codes`` holds, by position, the error codes of batch entries that AWS refused.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    codes: Mapping[int, str] = field(default_factory=dict)


def json_text(value: Any) -> str:
    """Compact JSON text; keys keep their order. Raises ValueError for NaN and infinity."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
