"""The row of the table ``ticks``: how far ticks have come.

pk  "progress"
v   version
e   where the window of each kind ended
r   when a tick last caught up with what others had missed
n   the largest number of shards that were read
"""

from functions.adapters.dynamodb.values import Item, integer, number, text
from functions.adapters.dynamodb.versioned import VERSION
from functions.core.flows.due_windows import Progress

TABLE = "ticks"
NAME, ENDS, RESUMED, SHARDS = "pk", "e", "r", "n"

KEY: Item = {NAME: text("progress")}


def to_item(progress: Progress) -> Item:
    """Encode the row without its version, which the writer adds."""
    ends: Item = {ENDS: {"L": [number(end) for end in progress.ends]}}
    return KEY | ends | {RESUMED: number(progress.resumed), SHARDS: number(progress.shards)}


def from_item(item: Item) -> Progress:
    """Decode the row."""
    ends = tuple(int(end["N"]) for end in item[ENDS]["L"])
    return Progress(ends, integer(item, RESUMED), integer(item, SHARDS), integer(item, VERSION))
