"""DynamoDB's item operations in the plain forms that our adapters write, straight on moto's tables.

The first call of a form goes through moto's own action, which checks what is written; from then on the form is
known, and the same rows are read and written without reading it again. Every other form is moto's, each time.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.utilities import dynamo_to_dict

from local.moto_tables import WRITING, PartitionedTable

Params = Mapping[str, Any]
Form = tuple[Any, ...]
Found = dict[str, Any]

_TERMS = {"ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
_TAKEN: Mapping[str, set[str]] = {
    "GetItem": {"TableName", "Key", "ConsistentRead"},
    "PutItem": {"TableName", "Item", "ReturnValuesOnConditionCheckFailure", *_TERMS},
    "UpdateItem": {"TableName", "Key", "UpdateExpression", *_TERMS},
    "Query": {"TableName", "IndexName", "KeyConditionExpression", "ConsistentRead", *_TERMS},
}
_SET = re.compile(r"SET (#\w+ = :\w+(?:, #\w+ = :\w+)*)")
_KEYS = re.compile(
    r"#(?P<hash>\w+) = (?P<value>:\w+)"
    r"(?: AND (?:#(?P<range>\w+) (?P<sign>>=|<) (?P<bound>:\w+)|begins_with\(#\w+, (?P<prefix>:\w+)\)))?"
)
# A page of moto's ends at a megabyte: a partition with more rows than these is read by moto.
_FEW = 200
_BATCH = 100


def form_of(operation: str, params: Params) -> Form | None:
    """What the call has in common with others of its kind; None when it is not one of ours."""
    if operation == "BatchGetItem":
        return _batch_form(params)
    if operation == "TransactWriteItems":
        return _together_form(params)
    if operation not in _TAKEN or not params.keys() <= _TAKEN[operation]:
        return None
    if operation == "UpdateItem" and not _SET.fullmatch(params.get("UpdateExpression", "")):
        return None
    if operation == "Query" and not _KEYS.fullmatch(params["KeyConditionExpression"]):
        return None
    texts = (value for name, value in sorted(params.items()) if isinstance(value, str))
    return operation, *sorted(params), *texts, *sorted(params.get("ExpressionAttributeNames", ()))


def act(operation: str, tables: Mapping[str, PartitionedTable], params: Params) -> Found | None:
    """The answer of a known form; None leaves the call to moto. Raises ConditionalCheckFailed."""
    if operation == "BatchGetItem":
        return _batch(tables, params)
    if operation == "TransactWriteItems":
        return _together(tables, [each["Put"] for each in params["TransactItems"]])
    return _ACTS[operation](tables[params["TableName"]], params)


def _batch_form(params: Params) -> Form | None:
    asked = params["RequestItems"]
    plainly = all(request.keys() <= {"Keys", "ConsistentRead"} for request in asked.values())
    few = 0 < sum(len(request["Keys"]) for request in asked.values()) <= _BATCH
    return ("BatchGetItem", *sorted(asked)) if plainly and few and params.keys() == {"RequestItems"} else None


def _batch(tables: Mapping[str, PartitionedTable], params: Params) -> Found | None:
    found: Found = {}
    for name, request in params["RequestItems"].items():
        keys = [_key(tables[name], key) for key in request["Keys"]]
        if len({*keys}) < len(keys):
            return None
        found[name] = [plain(item) for key in keys if (item := tables[name].get_item(*key))]
    return {"Responses": found, "UnprocessedKeys": {}}


def _together_form(params: Params) -> Form | None:
    writes = params["TransactItems"]
    if params.keys() != {"TransactItems"} or any(each.keys() != {"Put"} for each in writes):
        return None
    forms = [form_of("PutItem", each["Put"]) for each in writes]
    return None if None in forms else ("TransactWriteItems", *forms)


def _together(tables: Mapping[str, PartitionedTable], puts: list[Params]) -> Found | None:
    """All of the puts, if every condition holds; moto would copy the whole table first, to have what to go back to."""
    with WRITING:
        places = [(put["TableName"], *_key(tables[put["TableName"]], put["Item"])) for put in puts]
        if len({*places}) < len(puts) or not all(_holds(tables[put["TableName"]], put) for put in puts):
            return None
        for put in puts:
            tables[put["TableName"]].put_item(put["Item"], overwrite=True)
    return {}


def _holds(table: PartitionedTable, put: Params) -> bool:
    names, values = put.get("ExpressionAttributeNames"), put.get("ExpressionAttributeValues")
    current = table.get_item(*_key(table, put["Item"]))
    return bool(get_filter_expression(put.get("ConditionExpression"), names, values).expr(current))


def _get(table: PartitionedTable, params: Params) -> Found:
    item = table.get_item(*_key(table, params["Key"]))
    return {"Item": plain(item)} if item else {}


def _put(table: PartitionedTable, params: Params) -> Found:
    when = params.get("ConditionExpression")
    names, values = params.get("ExpressionAttributeNames"), params.get("ExpressionAttributeValues")
    shown = params.get("ReturnValuesOnConditionCheckFailure")
    table.put_item(params["Item"], None, when, names, values, when is None, shown)
    return {}


def _update(table: PartitionedTable, params: Params) -> Found:
    names, values = params["ExpressionAttributeNames"], params["ExpressionAttributeValues"]
    with WRITING:
        current = table.get_item(*_key(table, params["Key"]))
        if not get_filter_expression(params.get("ConditionExpression"), names, values).expr(current):
            raise ConditionalCheckFailed
        told = re.findall(r"(#\w+) = (:\w+)", params["UpdateExpression"])
        changed = {names[name]: values[value] for name, value in told}
        table.put_item({**params["Key"], **(plain(current) if current else {}), **changed}, overwrite=True)
    return {}


def _query(table: PartitionedTable, params: Params) -> Found | None:
    asked = _KEYS.fullmatch(params["KeyConditionExpression"])
    assert asked is not None
    values = {name: DynamoType(value) for name, value in params["ExpressionAttributeValues"].items()}
    items = _indexed(table, params, asked, values) if "IndexName" in params else _partition(table, asked, values)
    return None if items is None else {"Items": items, "Count": len(items), "ScannedCount": len(items)}


def _partition(table: PartitionedTable, asked: re.Match[str], values: dict[str, DynamoType]) -> list[Found] | None:
    rows = table.items.get(values[asked["value"]], {})
    if not table.has_range_key or len(rows) > _FEW or asked["sign"] == "<":
        return None
    least = values[asked["bound"]].value if asked["bound"] else ""
    prefix = values[asked["prefix"]].value if asked["prefix"] else ""
    wanted = ((key.value, item) for key, item in rows.items() if key.value >= least and key.value.startswith(prefix))
    return [plain(item) for _, item in sorted(wanted, key=lambda row: row[0].encode())]


def _indexed(
    table: PartitionedTable, params: Params, asked: re.Match[str], values: dict[str, DynamoType]
) -> list[Found] | None:
    rows = table.rows.get(params["IndexName"])
    if rows is None or (asked["hash"], asked["range"], asked["sign"]) != (rows.hash, rows.range, "<"):
        return None
    kinds = values[asked["value"]].type, values[asked["bound"]].type
    if kinds != ("S", "N") or _projection(table, params["IndexName"]) != "KEYS_ONLY":
        return None
    keys = rows.upto(values[asked["value"]].value, int(values[asked["bound"]].value) - 1)
    shown = (table.hash_key_attr, table.range_key_attr, rows.hash, rows.range)
    whole = (plain(table.get_item(*key)) for key in keys)
    return [{name: item[name] for name in shown if name in item} for item in whole]


def _projection(table: PartitionedTable, index: str) -> str:
    return next(str(found.projection["ProjectionType"]) for found in table.all_indexes() if found.name == index)


def plain(item: Item) -> Found:
    """The item as botocore shows it."""
    return dict(_plain(item))


def _plain(item: Item) -> Iterator[tuple[str, Found]]:
    for name, value in item.attrs.items():
        scalar = isinstance(value.value, str | bool) and value.type != "B"
        yield name, {value.type: value.value} if scalar else dynamo_to_dict(value)


def _key(table: PartitionedTable, key: Params) -> tuple[DynamoType, DynamoType | None]:
    range_key = DynamoType(key[table.range_key_attr]) if table.has_range_key else None
    return DynamoType(key[table.hash_key_attr]), range_key


_ACTS: Mapping[str, Callable[[PartitionedTable, Params], Found | None]] = {
    "GetItem": _get,
    "PutItem": _put,
    "UpdateItem": _update,
    "Query": _query,
}
