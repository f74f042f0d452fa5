"""Rows of the table ``backfills``: a backfill, in one partition with all others in order of their revisions.

pk  "backfill"
sk  revision, ten digits; those of its lanes follow (``backfill_lanes.py``)
c   cause    t  when it began
o   how many lanes    a  how many profiles, about
"""

from collections.abc import Iterable

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.core.definitions.records import Backfill, Lane

TABLE = "backfills"
PARTITION, SORT, CAUSE, BEGAN, LANES, ABOUT = "pk", "sk", "c", "t", "o", "a"
# A key cannot be renamed in place: from the first release on, every release has to find what the others wrote.
BACKFILLS = "backfill"
ALL = f"#{PARTITION} = :pk"
ALL_VALUES: Item = {":pk": text(BACKFILLS)}

# Asked for again, after an answer that was lost, a backfill goes on where it is: its first record stays.
NEW = ABSENT


def key(revision: int) -> Item:
    """The key of a backfill's row."""
    return {PARTITION: text(BACKFILLS), SORT: text(f"{revision:010d}")}


def revision_of(item: Item) -> int:
    """The revision in the key of a backfill's or a lane's row."""
    return int(string(item, SORT).partition("#")[0])


def is_backfill(item: Item) -> bool:
    """True if the row is a backfill's own, False if it is a lane's."""
    return CAUSE in item


def to_item(backfill: Backfill) -> Item:
    """Encode the row, without the lanes."""
    return key(backfill.revision) | {
        CAUSE: text(backfill.cause),
        BEGAN: number(backfill.began),
        LANES: number(backfill.of),
        ABOUT: number(backfill.about),
    }


def from_item(item: Item, lanes: Iterable[Lane] = ()) -> Backfill:
    """Decode a backfill from its row and its lanes' rows."""
    return Backfill(
        revision=revision_of(item),
        cause=string(item, CAUSE),
        began=integer(item, BEGAN),
        of=integer(item, LANES),
        about=integer(item, ABOUT),
        lanes=tuple(sorted(lanes, key=lambda lane: lane.number)),
    )
