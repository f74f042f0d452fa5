"""Requests in quarantine: genuine, but not understood."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A request that was proven genuine but not understood, kept whole for replay."""

    source: str
    id: str
    reason: str
    headers: Mapping[str, str]
    body: str
    received: int


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A quarantined request as it is listed: with the ``size`` of its body in bytes, but without the body.

    The body may hold personal data.
    """

    source: str
    id: str
    reason: str
    received: int
    size: int
