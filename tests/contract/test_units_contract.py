"""The meter's write units against those that MiniStack answers, which are AWS's."""

import pytest

from bench.units import item_write_units
from functions.topology import TABLES
from tests.aws import Aws

BY_NAME = {table.name: table for table in TABLES}


def state(size: int, due: int | None = None) -> dict:
    index = {} if due is None else {"shard": {"S": "1"}, "due": {"N": str(due)}}
    return {"pk": {"S": "p1"}, "part": {"S": "state"}, "s": {"B": b"x" * size}, **index}


# Names and key make 16 bytes; the last is the first size above a kilobyte.
STEPS = [state(10), state(2000), state(10), state(10, 5), state(20, 5), state(20, 4), state(20), state(1024 - 16)]
STEPS += [state(1025 - 16)]


def message(state: str, at: int, opens: int = 0) -> dict:
    listed = {"group_shard": {"S": f"{state}#1"}, "time_key": {"S": f"{at:012d}#0123456789abcdef"}}
    return {"pk": {"S": "p1"}, "sk": {"S": "f_e_1"}, "opens": {"N": str(opens)}, **listed}


def request(reason: str) -> dict:
    listed = {"group_shard": {"S": "shopify#1"}, "time_key": {"S": "000000000100#0123456789abcdef"}}
    return {"pk": {"S": "shopify"}, "sk": {"S": "w1"}, "reason": {"S": reason}, "bytes": {"N": "9"}, **listed}


# What is listed moves in its index when its key changes, and is written once when only what goes with it does.
CASES = {
    "profiles": STEPS,
    "messages": [message("claimed", 1), message("sent", 2), message("sent", 2, 1), message("sent", 2, 2)],
    "quarantine": [request("a"), request("a"), request("b" * 1500), request("c")],
}


@pytest.mark.parametrize("name", CASES)
def test_writes_cost_what_the_emulator_says(name: str, place: Aws, environment: dict[str, str]) -> None:
    if place.name != "ministack":
        pytest.skip("moto does not compute consumed capacity")
    client, before = place.clients.get("dynamodb"), None
    for after in CASES[name]:
        answer = client.put_item(TableName=f"segue-{name}", Item=after, ReturnConsumedCapacity="INDEXES")
        assert item_write_units(BY_NAME[name], before, after) == answer["ConsumedCapacity"]["CapacityUnits"]
        before = after
