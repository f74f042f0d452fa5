"""Puts and updates of the plain forms, on moto's tables; None leaves a write to moto, which may refuse it."""

import re
from collections.abc import Mapping, Sequence

from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models.dynamo_type import Item

from local.aws.conditions import test_of
from local.aws.item_forms import Params
from local.aws.moto_rows import LARGEST, Row, Value, Wire, copied, weight, wire_of
from local.aws.moto_tables import WRITING, PartitionedTable

_CHANGE = re.compile(r"(#\w+) = (:\w+)")
_NUMBER = re.compile(r"-?\d{1,38}")
# The bytes of a key, of the longer of the two kinds.
_LONGEST_KEY = 1_024


def put(table: PartitionedTable, params: Params) -> bool | None:
    """Write the item if its condition holds; return None to leave it to moto. Raises ConditionalCheckFailed."""
    with WRITING:
        row = _row(table, params["Item"])
        if row is None:
            return None
        current = table.get_item(row.hash_key, row.range_key)
        if not _holds(params, current):
            returns_item = current is not None and params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise (
                ConditionalCheckFailed(item=current.to_json()["Attributes"]) if returns_item else ConditionalCheckFailed
            )
        table.keep(row, current)
    return True


def update(table: PartitionedTable, params: Params) -> bool | None:
    """Set the attributes if the condition holds; return None to leave it to moto. Raises ConditionalCheckFailed."""
    names, values = params["ExpressionAttributeNames"], params["ExpressionAttributeValues"]
    with WRITING:
        current = table.get_item(*table.key_of(params["Key"]))
        if not _holds(params, current):
            raise ConditionalCheckFailed
        changed = {names[name]: values[value] for name, value in _CHANGE.findall(params["UpdateExpression"])}
        row = _row(table, {**params["Key"], **(wire_of(current) if current else {}), **changed})
        if row is not None:
            table.keep(row, current)
    return None if row is None else True


def put_together(tables: Mapping[str, PartitionedTable], puts: Sequence[Params]) -> bool | None:
    """Write all items if every condition holds; return None to leave them to moto.

    moto would first copy the whole table, to be able to roll back.
    """
    with WRITING:
        rows = [(tables[put["TableName"]], put, _row(tables[put["TableName"]], put["Item"])) for put in puts]
        whole = [(table, put, row, table.get_item(row.hash_key, row.range_key)) for table, put, row in rows if row]
        places = {(table.name, row.hash_key, row.range_key) for table, _, row, _ in whole}
        if len(places) < len(puts) or not all(_holds(put, current) for _, put, _, current in whole):
            return None
        for table, _, row, current in whole:
            table.keep(row, current)
    return True


def _holds(params: Params, current: Item | None) -> bool:
    """True if the condition holds for the stored item."""
    condition, values = params.get("ConditionExpression"), params.get("ExpressionAttributeValues")
    if condition is None:
        return True
    if (test := test_of(condition)) is not None:
        return test(wire_of(current) if current else {}, values or {})
    return bool(get_filter_expression(condition, params.get("ExpressionAttributeNames"), values).expr(current))


def _row(table: PartitionedTable, wire: Wire) -> Row | None:
    """The new row; None if moto may refuse it, with an error text of its own."""
    numbers = (value["N"] for value in wire.values() if "N" in value)
    fine = all(_is_key(wire.get(name), needed) for name, needed in table.keys.items()) and weight(wire) <= LARGEST
    return Row(*table.key_of(wire), copied(wire)) if fine and all(map(_NUMBER.fullmatch, numbers)) else None


def _is_key(value: Value | None, needed: bool) -> bool:
    if value is None:
        return not needed
    return "N" in value or 0 < len(value.get("S", "").encode()) <= _LONGEST_KEY
