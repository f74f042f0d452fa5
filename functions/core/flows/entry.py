"""Entries of a flow with a key: one for each value of the key, and another after each time that the goal closed it.

For example, an order closes a cart's entry. A later start event with the same value belongs to a new entry, whose name
is the key in hex and the instant (seconds UTC) at which the previous one was closed: ``1f00aa-1790000000``. So entries
are a function of the events, whatever order they arrive in.
"""

from collections.abc import Iterable

from functions.core.timelines.cart_lines import holds_more
from functions.core.timelines.entry import Entry

# A start event within this time (seconds) after an order is still about that order, unless it has a product that was
# not ordered: storefronts send events of an ordered cart again, also minutes later, and nobody may be reminded of
# products that they have bought.
ORDER_ECHO = 3_600


def key_of_entry(entry: str) -> str:
    """The part of an entry's name that identifies the key's value, in hex."""
    return entry.partition("-")[0]


def opened(entry: str) -> int:
    """The instant (seconds UTC) at which the previous entry of the key was closed; 0 for the first entry."""
    return int(entry.partition("-")[2] or 0)


def entry_of(key: str, start: Entry, closings: Iterable[Entry]) -> str:
    """The name of the entry that a start event belongs to, given the goal's entries ``closings`` for the key."""
    last = max((closing.time for closing in closings if _is_another(start, closing)), default=0)
    return f"{key}-{last}" if last else key


def _is_another(start: Entry, closing: Entry) -> bool:
    """True if the start event is a new occasion: ORDER_ECHO or more after the goal, or later with other products."""
    later = start.time - closing.time
    return later >= ORDER_ECHO or (later > 0 and holds_more(start.value, closing.value))
