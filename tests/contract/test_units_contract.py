"""The meter's write units against those that MiniStack answers, which are AWS's."""

import pytest

from bench.units import item_write_units
from functions.topology import TABLES
from tests.aws import Aws

PROFILES = next(table for table in TABLES if table.name == "profiles")


def state(size: int, due: int | None = None) -> dict:
    index = {} if due is None else {"shard": {"S": "1"}, "due": {"N": str(due)}}
    return {"pk": {"S": "p1"}, "part": {"S": "state"}, "s": {"B": b"x" * size}, **index}


# Names and key make 16 bytes; the last is the first size above a kilobyte.
STEPS = [state(10), state(2000), state(10), state(10, 5), state(20, 5), state(20, 4), state(20), state(1024 - 16)]
STEPS += [state(1025 - 16)]


def test_writes_cost_what_the_emulator_says(place: Aws, environment: dict[str, str]) -> None:
    if place.name != "ministack":
        pytest.skip("moto does not compute consumed capacity")
    client = place.clients.get("dynamodb")
    before = None
    for after in STEPS:
        answer = client.put_item(TableName=environment["TABLE_PROFILES"], Item=after, ReturnConsumedCapacity="INDEXES")
        assert item_write_units(PROFILES, before, after) == answer["ConsumedCapacity"]["CapacityUnits"]
        before = after
