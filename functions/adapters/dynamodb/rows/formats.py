"""The row of the table ``formats``: the greatest number of a format in which anything was stored here.

pk  "stored"
n   the number (functions/core/base/formats.py)

It is a table of its own since it outlives what is restored: with an older row of definitions or of profiles an old
release would take newer rows for its own.
"""

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, integer, number, text

TABLE = "formats"
NUMBER = "n"
KEY: Item = {"pk": text("stored")}

# The number only grows: of a process of the release before and one of this the greater one stands.
_GROWS = f"{ABSENT} OR #{NUMBER} < :n"


def to_item(stored: int) -> Item:
    """Encode the row."""
    return KEY | {NUMBER: number(stored)}


def from_item(item: Item) -> int:
    """Decode the row."""
    return integer(item, NUMBER)


def below(stored: int) -> tuple[str, Item]:
    """The condition, with its values, that what is stored is below this number."""
    return _GROWS, {":n": number(stored)}
