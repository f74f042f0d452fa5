"""Rows of the table ``runs``: one person's way through one flow.

pk          profile
sk          flow#entry
v           version
a           since when         t  started
n           id of its step     o  outcome
f           version of the flow
j           instant of the step at which it joined another run
e           since when the person had been in the segment that was left
shard, due  keys of the index ``due``, while due
w           when the step fell due, of a run that waits while its flow is paused

Such a run has a group of its flow's own for a shard, which no tick reads, with ``due`` beyond every instant.
"""

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.due_index import DUE, due_keys, shard_of
from functions.adapters.dynamodb.values import (
    Item,
    Value,
    integer,
    integer_or_none,
    number,
    string,
    string_or_none,
    text,
)
from functions.adapters.dynamodb.versioned import VERSION
from functions.core.base.instants import FOREVER
from functions.core.flows.records import Run

TABLE = "runs"
PROFILE, ID, SINCE, STARTED, STEP, OUTCOME = "pk", "sk", "a", "t", "n", "o"
FLOW_VERSION, JOINED_AT, ENTERED, FELL_DUE = "f", "j", "e", "w"

# What begins a run may be seen twice: by a stream that repeats, or by two transitions at once. The key is what began
# it, so both write the same row, and only the first begins it. A run that has ended keeps its row, so it is not begun
# again either.
NEW = ABSENT

# The runs of a profile, of one flow if a text is given for it to begin with.
OF_PROFILE = f"#{PROFILE} = :pk"
# Runs that have not ended.
UNDER_WAY = f"attribute_exists(#{DUE})"
OF_FLOW = f"{OF_PROFILE} AND begins_with(#{ID}, :flow)"


def key(profile: str, run_id: str) -> Item:
    """The key of a run's row."""
    return {PROFILE: text(profile), ID: text(run_id)}


def place(item: Item) -> tuple[str, str]:
    """The profile and run id of a row, also of one that an index returned."""
    return string(item, PROFILE), string(item, ID)


def of_profile(profile: str, flow: str | None) -> tuple[str, Item]:
    """The key condition of a profile's runs, of one flow if named, with its values."""
    values = {":pk": text(profile)}
    return (OF_PROFILE, values) if flow is None else (OF_FLOW, values | {":flow": text(f"{flow}#")})


def waiting(flow: str) -> str:
    """The index group of a flow's runs that wait while it is paused."""
    return f"paused#{flow}"


def to_item(run: Run, shards: int) -> Item:
    """Encode the row without its version, which the writer adds."""
    item = key(run.profile, run.id) | {
        SINCE: number(run.since),
        STARTED: number(run.started),
        STEP: text(run.step),
        FLOW_VERSION: number(run.flow_version),
    }
    if run.outcome is not None:
        item[OUTCOME] = text(run.outcome)
    instants = ((JOINED_AT, run.waiting), (ENTERED, run.entered))
    return item | {name: number(at) for name, at in instants if at is not None} | _due(run, shards)


def from_item(item: Item) -> Run:
    """Decode the run of a row."""
    profile, run_id = place(item)
    flow, _, entry = run_id.partition("#")
    return Run(
        profile=profile,
        flow=flow,
        entry=entry,
        since=integer(item, SINCE),
        started=integer(item, STARTED),
        step=_step(item[STEP]),
        flow_version=integer(item, FLOW_VERSION),
        due=integer_or_none(item, FELL_DUE if FELL_DUE in item else DUE),
        outcome=string_or_none(item, OUTCOME),
        version=integer(item, VERSION),
        paused=FELL_DUE in item,
        waiting=integer_or_none(item, JOINED_AT),
        entered=integer_or_none(item, ENTERED),
    )


def _due(run: Run, shards: int) -> Item:
    if run.due is None:
        return {}
    if run.paused:
        return due_keys(waiting(run.flow), FOREVER) | {FELL_DUE: number(run.due)}
    return due_keys(shard_of(run.profile, shards), run.due)


def _step(value: Value) -> str:
    """Decode the id of a step; rows from before steps had ids hold its number, which is kept as text."""
    return str(value["N"] if "N" in value else value["S"])
