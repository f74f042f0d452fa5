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
from local.aws.moto_rows import Wire, copied, wire_of
from local.aws.moto_tables import PartitionedTable

Tables = Mapping[str, PartitionedTable]
Found = dict[str, Any]

# A page of moto's ends at a megabyte: a partition with more rows than these is read by moto.
_FEW = 200


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
    items = (
        _indexed(table, params, condition, values) if "IndexName" in params else _partition(table, condition, values)
    )
    return None if items is None else {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def _partition(table: PartitionedTable, condition: re.Match[str], values: Wire) -> list[Wire] | None:
    rows = table.items.get(DynamoType(values[condition["value"]]), {})
    if not table.has_range_key or len(rows) > _FEW or condition["sign"] == "<":
        return None
    least = values[condition["bound"]]["S"] if condition["bound"] else ""
    prefix = values[condition["prefix"]]["S"] if condition["prefix"] else ""
    selected = ((key.value, item) for key, item in rows.items() if key.value >= least and key.value.startswith(prefix))
    return [copied(wire_of(item)) for _, item in sorted(selected, key=lambda row: row[0].encode())]


def _indexed(table: PartitionedTable, params: Params, condition: re.Match[str], values: Wire) -> list[Wire] | None:
    rows = table.rows.get(params["IndexName"])
    if rows is None or (condition["hash"], condition["range"], condition["sign"]) != (rows.hash, rows.range, "<"):
        return None
    shard, bound = values[condition["value"]].get("S"), values[condition["bound"]].get("N")
    if shard is None or bound is None or _projection(table, params["IndexName"]) != "KEYS_ONLY":
        return None
    key_names = (table.hash_key_attr, table.range_key_attr, rows.hash, rows.range)
    whole = (copied(wire_of(table.get_item(*key))) for key in rows.upto(shard, int(bound) - 1))
    return [{name: item[name] for name in key_names if name in item} for item in whole]


def _projection(table: PartitionedTable, index: str) -> str:
    return next(str(each.projection["ProjectionType"]) for each in table.all_indexes() if each.name == index)
