"""What DynamoDB bills: item sizes, read and write units, and a meter that counts them call by call.

Emulators compute consumed capacity wrongly or not at all, so the meter applies the published rules to the items
themselves, which it reads from the emulator before and after each write.
"""

import base64
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Any

from functions.topology import TABLES
from functions.topology_rows import Index, Table

Item = Mapping[str, Mapping[str, Any]]

_READ_BLOCK = 4096
_WRITE_BLOCK = 1024
_EXACT = Context(prec=38)


def item_size(item: Item) -> int:
    """Bytes of an item: the UTF-8 of its names, and its values."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Bytes of an attribute value; a list or map has three of its own and one for each element."""
    ((kind, content),) = value.items()
    return int(_SIZES[kind](content))


def number_size(text: str) -> int:
    """Two digits a byte, an odd digit before the point alone in its own, one byte more, and one for a minus."""
    sign, digits, exponent = Decimal(text).normalize(_EXACT).as_tuple()
    if not isinstance(exponent, int):
        raise ValueError("not a number that DynamoDB stores")
    if not any(digits):
        return 1
    # Digits are kept in pairs that are aligned at the decimal point.
    length = len(digits) + exponent % 2
    return (length + length % 2) // 2 + 1 + sign


def read_units(size: int, *, consistent: bool) -> float:
    """Units of reading one item, or one page of a query, of this size; nothing at all costs as the least."""
    return max(1, -(-size // _READ_BLOCK)) * (1.0 if consistent else 0.5)


def write_units(size: int) -> float:
    """Units of writing an item whose larger form, before or after, has this size."""
    return float(max(1, -(-size // _WRITE_BLOCK)))


def item_write_units(table: Table, before: Item | None, after: Item | None) -> float:
    """Units of changing one item, the table's indexes included."""
    base = write_units(max(item_size(before or {}), item_size(after or {})))
    keys = [key for key in (table.hash, table.range) if key]
    return base + sum(_index_units(keys, index, before, after) for index in table.indexes)


def _project(item: Item | None, keys: Sequence[str], index: Index) -> Item | None:
    """The item's row in an index; None if it lacks one of the index's keys."""
    needed = (*keys, index.hash, index.range)
    if not item or not all(name in item for name in needed):
        return None
    return {name: item[name] for name in (*needed, *index.include) if name in item}


def _index_units(keys: Sequence[str], index: Index, before: Item | None, after: Item | None) -> float:
    """An unchanged row costs nothing; a changed key is a deletion and an insertion."""
    was, becomes = _project(before, keys, index), _project(after, keys, index)
    if was == becomes:
        return 0.0
    if was and becomes and all(was[name] == becomes[name] for name in (index.hash, index.range)):
        return write_units(max(item_size(was), item_size(becomes)))
    return sum(write_units(item_size(row)) for row in (was, becomes) if row)


def _text(content: str) -> int:
    return len(content.encode())


def _bytes(content: Any) -> int:
    return len(base64.b64decode(content) if isinstance(content, str) else content)


_SIZES: dict[str, Any] = {
    "S": _text,
    "N": number_size,
    "B": _bytes,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "SS": lambda several: sum(map(_text, several)),
    "NS": lambda several: sum(map(number_size, several)),
    "BS": lambda several: sum(map(_bytes, several)),
    "L": lambda several: 3 + sum(1 + value_size(value) for value in several),
    "M": lambda content: 3 + sum(1 + len(name.encode()) + value_size(value) for name, value in content.items()),
}


@dataclass
class Meter:
    """Counts the round trips of every service and the units of DynamoDB, by operation and table.

    ``session`` is the boto3 session whose clients are metered, before it makes them; ``looking`` is a client
    of the same DynamoDB from another session. Rows that a filter hides count as large as the mean of those shown,
    and rows that are shown in part count for that part only.
    """

    session: Any
    looking: Any
    prefix: str = "segue"
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    reads: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    writes: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self.session.events.register("before-parameter-build.dynamodb", self._before)
        self.session.events.register("after-call", self._after)

    def clear(self) -> None:
        """Start from nothing."""
        self.calls.clear()
        self.reads.clear()
        self.writes.clear()

    @property
    def round_trips(self) -> int:
        """Calls of every service, repetitions included."""
        return sum(self.calls.values())

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        keys = list(_written(model.name, params, self._table))
        context["metered"] = params, [(table, key, self._look(table, key)) for table, key in keys]

    def _after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        tries = 1 + parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
        self.calls[model.service_model.service_name, model.name] += tries
        if "metered" not in context:
            return
        params, before = context["metered"]
        for table, key, item in before:
            self.writes[table.name] += item_write_units(table, item, self._look(table, key))
        for name, units in _read(model.name, params, parsed):
            self.reads[self._table(name).name] += units

    def _table(self, name: str) -> Table:
        return next(table for table in TABLES if f"{self.prefix}-{table.name}" == name)

    def _look(self, table: Table, key: Item) -> Item | None:
        name = f"{self.prefix}-{table.name}"
        item: Item | None = self.looking.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item")
        return item


def _written(operation: str, params: Mapping[str, Any], table: Any) -> Iterable[tuple[Table, dict[str, Any]]]:
    if operation in ("UpdateItem", "DeleteItem"):
        yield table(params["TableName"]), params["Key"]
    if operation == "PutItem":
        yield _keyed(table(params["TableName"]), params["Item"])
    if operation == "BatchWriteItem":
        for name, requests in params["RequestItems"].items():
            for request in requests:
                item = request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"]
                yield _keyed(table(name), item)


def _keyed(table: Table, item: Item) -> tuple[Table, dict[str, Any]]:
    return table, {key: item[key] for key in (table.hash, table.range) if key}


def _read(operation: str, params: Mapping[str, Any], parsed: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    consistent = params.get("ConsistentRead", False)
    if operation == "GetItem":
        yield params["TableName"], read_units(item_size(parsed.get("Item", {})), consistent=consistent)
    if operation in ("Query", "Scan"):
        items = parsed.get("Items", [])
        mean = sum(map(item_size, items)) / len(items) if items else 0
        size = int(mean * parsed.get("ScannedCount", len(items)))
        yield params["TableName"], read_units(size, consistent=consistent)
    if operation == "BatchGetItem":
        for name, request in params["RequestItems"].items():
            strong = request.get("ConsistentRead", False)
            sizes = [item_size(item) for item in parsed.get("Responses", {}).get(name, [])]
            missing = len(request["Keys"]) - len(sizes)
            yield name, sum(read_units(size, consistent=strong) for size in [*sizes, *[0] * missing])
