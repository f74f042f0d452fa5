"""Rows of the table ``erasures`` for erased people: one row an identifier.

pk  salted hash of the identifier   t  when it was erased   n  true if an address had said no   s  its suppression
ttl  when DynamoDB drops it
"""

from typing import cast

from functions.adapters.dynamodb.values import Item, integer, number, string, string_or_none, text
from functions.core.base.erased import Mark
from functions.core.base.events import Suppression

TABLE = "erasures"
KEY, AT, SAID_NO, SUPPRESSION, EXPIRES = "pk", "t", "n", "s", "ttl"

# An erasure is repeated, and repetitions overtake each other: the latest instant stays. A repetition finds nothing of
# the person any more, so what an earlier one found out about a refusal is left as it is.
CHANGE = f"SET #{AT} = :at, #{EXPIRES} = :ttl"
NOT_LATER = f"attribute_not_exists(#{AT}) OR #{AT} <= :at"


def key(mark: str) -> Item:
    """The key of a mark's row."""
    return {KEY: text(mark)}


def change(mark: Mark, kept: int) -> tuple[str, Item]:
    """The update expression that writes a mark, which is kept for so many seconds, and its values."""
    values: Item = {":at": number(mark.at), ":ttl": number(mark.at + kept)}
    refusal: Item = {}
    if mark.said_no:
        refusal[SAID_NO] = {"BOOL": True}
    if mark.suppression:
        refusal[SUPPRESSION] = text(mark.suppression)
    sets = "".join(f", #{name} = :{name}" for name in refusal)
    return CHANGE + sets, values | {f":{name}": value for name, value in refusal.items()}


def from_item(item: Item) -> Mark:
    """Decode the mark of a row."""
    return Mark(
        key=string(item, KEY),
        at=integer(item, AT),
        said_no=SAID_NO in item,
        suppression=cast(Suppression | None, string_or_none(item, SUPPRESSION)),
    )
