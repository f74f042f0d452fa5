"""A state that outgrows its row keeps fewer entries of its timelines one by one.

A timeline alone is bounded, and so is their number, by the definitions; yet a few hundred timelines of somebody who
never stops, or is made to look so, take more than a row of DynamoDB has. Then the most entries that any timeline keeps
one by one are halved until the state fits. Older ones count in buckets, or not at all, as beyond the usual limit, and
the explanation says so. The number of halvings is kept with the state: it never becomes smaller, except when all
timelines are computed anew from the log, so that entries are kept by one rule however they come in.
"""

from dataclasses import replace

from functions.core.profiles.state import State, pack
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.segments.engine.evaluation import settle
from functions.core.segments.engine.folding import fitted, missing

# Bytes of a packed state. A row has 400 KB, and its keys and marks take less than one.
MOST_BYTES = 350_000


def fits(packed: bytes) -> bool:
    """True if the packed state has room in its row."""
    return len(packed) <= MOST_BYTES


def thinned(state: State, catalogue: Catalogue, now: int) -> State:
    """The state with so few entries that it fits in its row, its memberships as they follow from these."""
    while not fits(pack(state)) and catalogue.cap >> state.halvings > 1:
        halvings = state.halvings + 1
        # What other definitions keep is theirs to trim.
        fewer = fitted(state.timelines, catalogue.halved(halvings))
        state = replace(state, timelines={**state.timelines, **fewer}, halvings=halvings)
    return state if missing(state, catalogue) else settle(state, catalogue, now, "event")
