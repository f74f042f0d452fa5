"""Signed instants: the sign is whether something holds, the magnitude until when that answer stays right.

``+t`` is "true, until t at least" and ``-t`` is "false, until t at least", t in seconds since 1970 UTC;
``FOREVER`` and ``-FOREVER`` hold until an event arrives. AND is ``min``, OR is ``max``, NOT is ``-``.
An instant is a lower bound: evaluate again when it fires.
"""

from typing import Final

Instant = int
FOREVER: Final = 1 << 62


def holds(verdict: Instant) -> bool:
    """True if the verdict is true, that is, positive."""
    return verdict > 0


def until(verdict: Instant) -> int | None:
    """The earliest instant at which the verdict may change by time alone (seconds UTC); None if only an event can."""
    return None if abs(verdict) >= FOREVER else abs(verdict)
