"""Sorted keys of moto's tables and indexes, so that a query or a scan's page reads only the rows that it returns."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item

from local.aws.moto_rows import wire_of

Key = tuple[DynamoType, DynamoType | None]
Name = tuple[str, str]
Value = int | str
Place = tuple[Value, str, str]


def name_of(hash_key: DynamoType, range_key: DynamoType | None) -> Name:
    """The row's keys as texts."""
    return str(hash_key.value), "" if range_key is None else str(range_key.value)


@dataclass(slots=True)
class KeyOrder:
    """The keys of all rows of a table, sorted by hash key and range key as texts."""

    names: list[Name] = field(default_factory=list)
    keys: dict[Name, Key] = field(default_factory=dict)

    def note(self, item: Item) -> None:
        """Insert the row's keys if they are new."""
        name = name_of(item.hash_key, item.range_key)
        if name not in self.keys:
            self.keys[name] = (item.hash_key, item.range_key)
            insort(self.names, name)

    def drop(self, hash_key: DynamoType, range_key: DynamoType | None) -> None:
        """Remove the row's keys."""
        if self.keys.pop(name := name_of(hash_key, range_key), None) is not None:
            del self.names[bisect_right(self.names, name) - 1]

    def after(self, start: Mapping[str, Any] | None, names: tuple[str, str | None]) -> Iterator[Key]:
        """The keys of the rows after ``start``, whose keys have these names; of all rows without ``start``."""
        place = 0
        if start:
            at = [DynamoType(start[name]) if name is not None else None for name in names]
            place = bisect_right(self.names, name_of(at[0], at[1]))
        return (self.keys[name] for name in self.names[place:])


@dataclass(slots=True)
class IndexRows:
    """The rows of one index, each partition in order of its range key, which is a number or a text."""

    hash: str
    range: str
    partitions: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    places: dict[tuple[str, str], tuple[str, Place, Key]] = field(default_factory=dict)

    def note(self, item: Item) -> None:
        """Insert the item by its index keys, or remove it if it lacks one."""
        self.drop(item.hash_key, item.range_key)
        wire = wire_of(item)
        partition, value = wire.get(self.hash), wire.get(self.range)
        if partition is not None and value is not None:
            name, (shard,) = name_of(item.hash_key, item.range_key), partition.values()
            place = (plain(value), *name)
            self.places[name] = (shard, place, (item.hash_key, item.range_key))
            insort(self.partitions[shard], place)

    def drop(self, hash_key: DynamoType, range_key: DynamoType | None) -> None:
        """Remove the item."""
        if (known := self.places.pop(name_of(hash_key, range_key), None)) is not None:
            partition, place, _ = known
            ordered = self.partitions[partition]
            del ordered[bisect_right(ordered, place) - 1]

    def upto(self, partition: str, bound: Value | None) -> Iterator[Key]:
        """The keys of the partition's rows whose range key is at most ``bound``; all if it is None."""
        ordered = self.partitions.get(partition, [])
        end = len(ordered) if bound is None else bisect_right(ordered, bound, key=_first)
        return (self.places[row[1:]][2] for row in ordered[:end])

    def between(self, partition: str, least: Value, most: Value) -> Iterator[Key]:
        """The keys of the partition's rows whose range key is at least ``least`` and at most ``most``."""
        ordered = self.partitions.get(partition, [])
        begin, end = bisect_left(ordered, least, key=_first), bisect_right(ordered, most, key=_first)
        return (self.places[row[1:]][2] for row in ordered[begin:end])

    @property
    def earliest(self) -> Value | None:
        """The smallest range key in any partition; None if there is none."""
        return min((ordered[0][0] for ordered in self.partitions.values() if ordered), default=None)


def plain(value: Mapping[str, Any]) -> Value:
    """The value by which a key, a number or a text, is sorted."""
    return int(float(value["N"])) if "N" in value else str(next(iter(value.values())))


def _first(place: Place) -> Value:
    return place[0]
