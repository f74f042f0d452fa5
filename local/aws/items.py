"""DynamoDB's item operations in the plain forms that the adapters use, done directly on moto's tables.

The first call of a form goes through moto's own action, which checks what is written. Later calls of that form read and
write the same rows without that action. Calls of other forms always go through moto.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType

from local.aws import item_writes
from local.aws.item_forms import KEYS, Params
from local.aws.moto_rows import Wire, copied, weight, wire_of
from local.aws.moto_tables import PartitionedTable

Tables = Mapping[str, PartitionedTable]
Found = dict[str, Any]

# A page ends before the row that would make it larger (bytes), as moto's does.
_PAGE = 1_000_000
# No number of DynamoDB is larger.
_LARGEST = 10**126


def act(operation: str, tables: Tables, params: Params) -> Found | None:
    """Answer a call of a known form; None leaves it to moto. Raises ConditionalCheckFailed."""
    if operation == "BatchGetItem":
        return _batch(tables, params)
    if operation == "TransactWriteItems":
        return {} if item_writes.put_together(tables, [each["Put"] for each in params["TransactItems"]]) else None
    table = tables[params["TableName"]]
    if operation in _WRITES:
        return {} if _WRITES[operation](table, params) else None
    return _get(table, params) if operation == "GetItem" else _query(table, params)


_WRITES: Mapping[str, Callable[[PartitionedTable, Params], bool | None]] = {
    "PutItem": item_writes.put,
    "UpdateItem": item_writes.update,
}


def _batch(tables: Tables, params: Params) -> Found | None:
    answers: Found = {}
    for name, request in params["RequestItems"].items():
        table = tables[name]
        keys = [table.key_of(key) for key in request["Keys"]]
        if len({*keys}) < len(keys):
            return None
        answers[name] = [copied(wire_of(item)) for key in keys if (item := table.get_item(*key))]
    return {"Responses": answers, "UnprocessedKeys": {}}


def _get(table: PartitionedTable, params: Params) -> Found:
    item = table.get_item(*table.key_of(params["Key"]))
    return {"Item": copied(wire_of(item))} if item else {}


def _query(table: PartitionedTable, params: Params) -> Found | None:
    condition = KEYS.fullmatch(params["KeyConditionExpression"])
    assert condition is not None
    values: Wire = params["ExpressionAttributeValues"]
    if "IndexName" not in params:
        return _partition(table, params, condition, values)
    return None if "ExclusiveStartKey" in params else _indexed(table, params, condition, values)


def _found(items: list[Wire]) -> Found:
    return {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def _partition(table: PartitionedTable, params: Params, condition: re.Match[str], values: Wire) -> Found | None:
    """A page of the partition, with the key of its last row if there are more."""
    rows = table.items.get(DynamoType(values[condition["value"]]), {})
    if not table.has_range_key or condition["sign"] == "<" or condition["between"] or "Limit" in params:
        return None
    least = values[condition["bound"]]["S"] if condition["bound"] else ""
    prefix = values[condition["prefix"]]["S"] if condition["prefix"] else ""
    start: Wire | None = params.get("ExclusiveStartKey")
    after = start[table.range_key_attr]["S"].encode() if start else None
    selected = ((key.value, item) for key, item in rows.items() if key.value >= least and key.value.startswith(prefix))
    in_order = sorted(((key.encode(), item) for key, item in selected), key=lambda row: row[0])
    wires = [wire_of(item) for key, item in in_order if after is None or key > after]
    count = _fitting(wires)
    found = _found([copied(wire) for wire in wires[:count]])
    if count < len(wires):
        found["LastEvaluatedKey"] = {name: wires[count - 1][name] for name in table.keys if table.keys[name]}
    return found


def _fitting(wires: list[Wire]) -> int:
    """How many of the rows one page holds."""
    size = 0
    for count, wire in enumerate(wires):
        size += weight(wire)
        if size > _PAGE:
            return count
    return len(wires)


def _indexed(table: PartitionedTable, params: Params, condition: re.Match[str], values: Wire) -> Found | None:
    rows = table.rows.get(params["IndexName"])
    bounds = _bounds(condition, values) if values[condition["value"]].get("S") is not None else None
    if rows is None or bounds is None or _projection(table, params["IndexName"]) != "KEYS_ONLY":
        return None
    if (condition["hash"], condition["range"] or condition["between"]) != (rows.hash, rows.range):
        return None
    key_names = (table.hash_key_attr, table.range_key_attr, rows.hash, rows.range)
    keys = list(rows.between(values[condition["value"]]["S"], *bounds))
    count = min(params.get("Limit", len(keys)), len(keys))
    whole = (copied(wire_of(table.get_item(*key))) for key in keys[:count])
    found = _found([{name: item[name] for name in key_names if name in item} for item in whole])
    if count < len(keys):
        found["LastEvaluatedKey"] = found["Items"][-1]
    return found


def _bounds(condition: re.Match[str], values: Wire) -> tuple[int, int] | None:
    """The smallest and the largest range key that the condition lets through; None if it is of another form."""
    if condition["between"]:
        least, most = (values[condition[name]].get("N") for name in ("least", "most"))
        return None if least is None or most is None else (int(least), int(most))
    if condition["sign"] != "<" or (bound := values[condition["bound"]].get("N")) is None:
        return None
    return -_LARGEST, int(bound) - 1


def _projection(table: PartitionedTable, index: str) -> str:
    return next(str(each.projection["ProjectionType"]) for each in table.all_indexes() if each.name == index)
