"""Entries of a flow with a key: each value of the key, and again after each time that the goal closed it.

An order closes the cart. What begins the flow by the same value later is another entry, which is named by the value and
the instant at which the one before was closed: ``1f00aa-1790000000``. So an entry is a function of the events, in
whatever order they come.
"""

from collections.abc import Iterable

# What comes so soon (seconds) after an order is still about it: storefronts tell of an ordered cart again, also minutes
# later, and nobody may be reminded of what they have bought.
SETTLING = 3_600


def key_of_entry(entry: str) -> str:
    """The part of the entry that names the key's value."""
    return entry.partition("-")[0]


def opened(entry: str) -> int:
    """After which instant the entry began: when the one before was closed; 0 for the first of its key."""
    return int(entry.partition("-")[2] or 0)


def entry_of(key: str, time: int, closings: Iterable[int]) -> str:
    """The entry of a start event of the key at ``time``, the goal having been reached for it at the ``closings``."""
    last = max((closing for closing in closings if closing + SETTLING <= time), default=0)
    return f"{key}-{last}" if last else key
