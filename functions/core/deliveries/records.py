"""What is handed over to receivers other than people, and how."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Configuration = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One transition in the form of its receiver. ``kind`` is the receiver's word for what it is, ``body`` is JSON."""

    key: str
    kind: str
    body: str

    @property
    def size(self) -> int:
        """Bytes of kind and body."""
        return len(self.kind.encode()) + len(self.body.encode())


@dataclass(frozen=True, slots=True)
class PutEvents:
    """Entries for one PutEvents call to a bus of the topology; ``source`` is the entry's EventBridge source."""

    bus: str
    source: str
    events: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to a server of somebody else's. ``timeout`` is for all of it, in seconds."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST"
    timeout: float = 5


Request = PutEvents | HttpRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: HTTP's status, headers in lower case and the beginning of the body.

    ``codes`` are the error codes of what was not taken of a batch, by position, where AWS answers with them.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    codes: Mapping[int, str] = field(default_factory=dict)


def json_text(value: Any) -> str:
    """Compact JSON, in the order in which it is given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
