"""Rows with a version, which are written only if the version that was read is still stored.

    read (version 7) ──► decide ──► write version 8 if 7 is still stored ──► else Conflict, and begin again

Two functions that read the same version decide on the same past, and the later write would undo the earlier one. Every
write raises the version by one, and no two writes can follow the same version: DynamoDB checks the condition and writes
in one step, in one order for each row. A deleted row that is written anew begins at 1, and may then have a version that
somebody read of it before: only an erasure deletes, and its second look takes away what such a write leaves.
"""

from typing import NamedTuple

from functions.adapters.dynamodb.calls import ABSENT, Calls
from functions.adapters.dynamodb.values import Item, number

VERSION = "v"

_UNCHANGED = f"#{VERSION} = :{VERSION}"


class ConditionalPut(NamedTuple):
    """An item, the condition of its write, and the values in the condition."""

    item: Item
    condition: str
    values: Item | None


def versioned(item: Item, version: int) -> ConditionalPut:
    """The item as version + 1, and the condition, with values, that ``version`` is stored."""
    following = {**item, VERSION: number(version + 1)}
    if not version:
        return ConditionalPut(following, ABSENT, None)
    return ConditionalPut(following, _UNCHANGED, {f":{VERSION}": number(version)})


def save_version(calls: Calls, table: str, item: Item, version: int) -> None:
    """Write the item as version + 1 if ``version`` is stored, where 0 means no row; raises Conflict."""
    calls.put(table, *versioned(item, version))
