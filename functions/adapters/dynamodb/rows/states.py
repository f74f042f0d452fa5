"""Rows of the table ``profiles``, part ``state``: the computed state of a profile.

pk          profile
part        "state"
v           version
s           timelines and memberships, packed (functions/core/profiles/state.py)
m           profile that it was merged into
shard, due  keys of the index ``due``, while something is due
n           true if flows or the event bus ask about the last write: the stream's filter lets it through
e           the day (since 1970) whose events were counted last, how many, and 1 once there were too many
q           correlation id of that write
"""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.adapters.dynamodb.due_index import DUE, due_keys, shard_of
from functions.adapters.dynamodb.values import (
    Item,
    binary,
    integer,
    integer_or_none,
    number,
    raw,
    string,
    string_or_none,
    text,
)
from functions.adapters.dynamodb.versioned import VERSION
from functions.core.profiles.daily import Day
from functions.core.profiles.records import StoredState

TABLE = "profiles"
PROFILE, PART, PACKED, MERGED_INTO, NOTIFY, CORRELATION = "pk", "part", "s", "m", "n", "q"
TODAY = "e"
STATE = "state"

# The filter of a scan: states of profiles that were not merged into another.
LIVE = f"#{PART} = :part AND attribute_not_exists(#{MERGED_INTO})"
LIVE_VALUES: Item = {":part": text(STATE)}
# The same, and the attributes of visitors who have no profile yet (rows/attributes.py).
LIVE_OR_HELD = f"{LIVE} OR attribute_exists(#h)"


def key(profile: str) -> Item:
    """The key of a profile's state."""
    return key_of_row(profile, STATE)


def key_of_row(profile: str, part: str) -> Item:
    """The key of any row of the table."""
    return {PROFILE: text(profile), PART: text(part)}


def place(item: Item) -> list[str]:
    """The key of a row as JSON text, from which a scan can go on."""
    return [string(item, PROFILE), string(item, PART)]


def is_state(item: Item) -> bool:
    """True if a row of the table is the part ``state``."""
    return string(item, PART) == STATE


def to_item(stored_state: StoredState, shards: int, correlation: str) -> Item:
    """Encode the row without its version, which the writer adds; ``correlation`` may be empty."""
    item = key(stored_state.profile) | {PACKED: binary(stored_state.packed)}
    if stored_state.notify:
        item[NOTIFY] = {"BOOL": True}
    if stored_state.today != Day():
        item[TODAY] = {"L": [number(int(each)) for each in stored_state.today]}
    if stored_state.notify and correlation:
        item[CORRELATION] = text(correlation)
    if stored_state.merged_into is not None:
        item[MERGED_INTO] = text(stored_state.merged_into)
    elif stored_state.due is not None:
        item |= due_keys(shard_of(stored_state.profile, shards), stored_state.due)
    return item


def from_item(item: Mapping[str, Any]) -> StoredState:
    """Decode the state of a row, from the table or from its stream; ``notify`` is not read back."""
    return StoredState(
        profile=string(item, PROFILE),
        packed=raw(item[PACKED]),
        due=integer_or_none(item, DUE),
        merged_into=string_or_none(item, MERGED_INTO),
        version=integer(item, VERSION),
        today=_today(item[TODAY]["L"]) if TODAY in item else Day(),
    )


def _today(stored: Sequence[Mapping[str, str]]) -> Day:
    day, events, over = (int(each["N"]) for each in stored)
    return Day(day, events, bool(over))
