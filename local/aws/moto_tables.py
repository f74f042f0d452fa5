"""moto's tables with sorted indexes, so that a query reads matching rows only."""

import copy
import threading
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

from local.aws.moto_order import IndexRows, Key, KeyOrder, Value, plain
from local.aws.moto_rows import LARGEST, Row, RowChange, wire_of
from local.runtime.clock import now

# Collect writes the events of one request side by side, and moto numbers its stream by counting.
WRITING = threading.RLock()


class PartitionedTable(Table):  # type: ignore[misc]  # moto is untyped
    """moto's table that for a query reads one partition, or the beginning of one index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = KeyOrder()
        self.rows = {
            index.name: IndexRows(*(key["AttributeName"] for key in index.schema)) for index in self.all_indexes()
        }
        own = {name for name in (self.hash_key_attr, self.range_key_attr) if name is not None}
        # Key attributes by name: True if every row must have it; an index's are optional.
        self.keys = dict.fromkeys((name for rows in self.rows.values() for name in (rows.hash, rows.range)), False)
        self.keys |= dict.fromkeys(own, True)

    def note(self, item: Item) -> None:
        """Update the order and the indexes for the item."""
        self.order.note(item)
        for rows in self.rows.values():
            rows.note(item)

    def put_item(self, *args: Any, **kwargs: Any) -> Item:
        """Put the item as moto does, and index it."""
        with WRITING:
            item = super().put_item(*args, **kwargs)
            self.note(item)
        return item

    def key_of(self, key: Mapping[str, Any]) -> Key:
        """The row's keys as objects of moto, by which its mappings are keyed."""
        range_key = DynamoType(key[self.range_key_attr]) if self.has_range_key else None
        return DynamoType(key[self.hash_key_attr]), range_key

    def keep(self, row: Row, current: Item | None) -> None:
        """Replace the stored row, and update the stream and the indexes."""
        if row.range_key is None:
            self.items[row.hash_key] = row
        else:
            self.items[row.hash_key][row.range_key] = row
        if self.stream_shard is not None:
            self.stream_shard.items.append(self._change(row, current))
        self.note(row)

    def _change(self, row: Row, current: Item | None) -> RowChange:
        shard, wire = self.stream_shard, wire_of(row)
        return RowChange(
            kind="INSERT" if current is None else "MODIFY",
            number=shard.starting_sequence_number + len(shard.items),
            at=now(),
            view=self.stream_specification["StreamViewType"],
            keys={name: wire[name] for name in (self.hash_key_attr, self.range_key_attr) if name is not None},
            new=wire,
            old=None if current is None else wire_of(current),
        )

    def delete_item(self, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
        """Delete the item as moto does, and remove it from the indexes."""
        with WRITING:
            self.order.drop(hash_key, range_key)
            for rows in self.rows.values():
                rows.drop(hash_key, range_key)
            return super().delete_item(hash_key, range_key)

    def query(
        self,
        hash_key: DynamoType | None,
        range_comparison: str | None,
        range_objs: list[DynamoType],
        limit: int,
        exclusive_start_key: dict[str, Any],
        scan_index_forward: bool,
        projection_expressions: list[list[str]] | None,
        index_name: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Query as moto does, over the rows that can match."""
        shadow = copy.copy(self)
        if index_name is not None and index_name in self.rows:
            bound = _upper(range_comparison, range_objs)
            shadow.items = self._head(index_name, "" if hash_key is None else hash_key.value, bound)
        else:
            shadow.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
        return Table.query(
            shadow,
            hash_key,
            range_comparison,
            range_objs,
            limit,
            exclusive_start_key,
            scan_index_forward,
            projection_expressions,
            index_name,
            *args,
            **kwargs,
        )

    def scan(
        self,
        filters: dict[str, Any],
        limit: int,
        exclusive_start_key: dict[str, Any],
        filter_expression: Any = None,
        index_name: str | None = None,
        *args: Any,
        segments: tuple[Any, Any] = (None, None),
        **kwargs: Any,
    ) -> Any:
        """Scan as moto does, over the page and one more row, which shows moto that there are more."""
        shadow = self
        if index_name is None and limit and limit > 0:
            keys = self.order.after(exclusive_start_key, (self.hash_key_attr, self.range_key_attr))
            page = (key for key in keys if self.get_item(*key).is_within_segment(segments))
            shadow = copy.copy(self)
            shadow.items = self._of(islice(page, limit + 1))
        return Table.scan(
            shadow,
            filters,
            limit,
            exclusive_start_key,
            filter_expression,
            index_name,
            *args,
            segments=segments,
            **kwargs,
        )

    def _head(self, index: str, partition: str, bound: Value | None) -> dict[Any, Any]:
        return self._of(self.rows[index].upto(partition, bound))

    def _of(self, keys: Iterable[Key]) -> dict[Any, Any]:
        """The rows with these keys as moto stores them."""
        queried: dict[Any, Any] = {}
        for hash_key, range_key in keys:
            if range_key is None:
                queried[hash_key] = self.items[hash_key]
            else:
                queried.setdefault(hash_key, {})[range_key] = self.items[hash_key][range_key]
        return queried


def update_item(original: Any) -> Any:
    """``DynamoDBBackend.update_item`` that also updates the indexes."""

    def update_item(self: Any, table_name: str, *args: Any, **kwargs: Any) -> Item:
        with WRITING:
            item: Item = original(self, table_name, *args, **kwargs)
            self.get_table(table_name).note(item)
        return item

    return update_item


def weighed_once(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    """``Item.__init__`` that computes the size once, for the whole item; moto's does so after every attribute."""
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    for name, value in attrs.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    if item.size() > LARGEST:
        raise ItemSizeTooLarge


def _upper(comparison: Any, bounds: Any) -> Value | None:
    if str(comparison).upper() not in ("<", "<=", "=", "LT", "LE", "EQ", "BETWEEN") or not bounds:
        return None
    return max(plain({bound.type: bound.value}) for bound in bounds)
