"""Rows of the table ``backfills``: the progress of one lane of a backfill.

pk  "backfill"
sk  revision#lane, ten and four digits
n   pages      s  profiles seen
p   place to go on from     f  when it finished

A row is written whole, with counts from the lane's beginning: whoever does a page again, or side by side with another,
counts nobody twice.
"""

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.rows import backfills
from functions.adapters.dynamodb.values import Item, integer, integer_or_none, number, string, string_or_none, text
from functions.core.definitions.records import Lane

TABLE = backfills.TABLE
PAGES, SEEN, PLACE, FINISHED = "n", "s", "p", "f"

# A message that comes twice has two invocations on one lane. A page done twice changes no profile, but the slower of
# the two must not set the lane back. Pages are passed in one order, so their number tells who is further; who is not
# goes on from what is stored. Of two with the same page the first is recorded: both have seen the same.
BEHIND = f"{ABSENT} OR #{PAGES} < :n"


def key(revision: int, lane: int) -> Item:
    """The key of a lane's row."""
    sort = backfills.key(revision)[backfills.SORT]["S"]
    return backfills.key(revision) | {backfills.SORT: text(f"{sort}#{lane:04d}")}


def pages(lane: Lane) -> Item:
    """The placeholder values of the condition ``BEHIND``."""
    return {":n": number(lane.pages)}


def to_item(revision: int, lane: Lane) -> Item:
    """Encode the row of a lane."""
    item = key(revision, lane.number) | {PAGES: number(lane.pages), SEEN: number(lane.seen)}
    if lane.place is not None:
        item[PLACE] = text(lane.place)
    if lane.finished is not None:
        item[FINISHED] = number(lane.finished)
    return item


def from_item(item: Item) -> Lane:
    """Decode the lane of a row."""
    return Lane(
        number=int(string(item, backfills.SORT).partition("#")[2]),
        pages=integer(item, PAGES),
        seen=integer(item, SEEN),
        place=string_or_none(item, PLACE),
        finished=integer_or_none(item, FINISHED),
    )
