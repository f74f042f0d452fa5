"""Entries of a flow with a key: each value of the key, and again after each time that the goal closed it.

An order closes the cart. What begins the flow by the same value later is another entry, which is named by the value and
the instant at which the one before was closed: ``1f00aa-1790000000``. So an entry is a function of the events, in
whatever order they come.
"""

from collections.abc import Iterable

from functions.core.timelines.cart_lines import holds_more
from functions.core.timelines.entry import Entry

# What comes so soon (seconds) after an order is still about it, unless it names what was not ordered: storefronts tell
# of an ordered cart again, also minutes later, and nobody may be reminded of what they have bought.
ORDER_ECHO = 3_600


def key_of_entry(entry: str) -> str:
    """The part of the entry that names the key's value."""
    return entry.partition("-")[0]


def opened(entry: str) -> int:
    """After which instant the entry began: when the one before was closed; 0 for the first of its key."""
    return int(entry.partition("-")[2] or 0)


def entry_of(key: str, start: Entry, closings: Iterable[Entry]) -> str:
    """The entry of a start event of the key, the goal having been reached for it by the ``closings``."""
    last = max((closing.time for closing in closings if _is_another(start, closing)), default=0)
    return f"{key}-{last}" if last else key


def _is_another(start: Entry, closing: Entry) -> bool:
    """Whether what was begun is no longer about what the goal was reached for."""
    later = start.time - closing.time
    return later >= ORDER_ECHO or (later > 0 and holds_more(start.value, closing.value))
