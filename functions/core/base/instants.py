"""Signed instants: one number says whether something holds and how long the answer stays right.

``+t`` is "true, until t at least" and ``-t`` is "false, until t at least", t in seconds since 1970 UTC;
``FOREVER`` and ``-FOREVER`` hold until an event arrives. AND is ``min``, OR is ``max``, NOT is ``-``.
An instant is a lower bound: evaluate again when it fires.
"""

from typing import Final

Instant = int
FOREVER: Final = 1 << 62


def holds(verdict: Instant) -> bool:
    """Whether the verdict is true."""
    return verdict > 0


def until(verdict: Instant) -> int | None:
    """When the verdict may change by time alone (seconds UTC); None if only an event can change it."""
    return None if abs(verdict) >= FOREVER else abs(verdict)
