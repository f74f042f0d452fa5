"""Rows in moto's tables kept as they were written, in the wire format of botocore.

moto makes an object of each value when a row is put, and a mapping of each object when it is read. A row whose
attributes moto itself does not read is spared both.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.utilities import dynamo_to_dict

Value = dict[str, Any]
Wire = dict[str, Value]

# moto's limit: AWS documents 400 KB and accepts a little more.
LARGEST = 405_000


class Row(Item):  # type: ignore[misc]  # moto is untyped
    """An item of moto that builds moto's own attributes when moto asks for them, and may then be changed by it."""

    wire: Wire | None = None
    _attrs: Any = None

    def __init__(self, hash_key: DynamoType, range_key: DynamoType | None, wire: Wire) -> None:
        self.hash_key, self.range_key, self.wire = hash_key, range_key, wire

    @property
    def attrs(self) -> Any:
        if self.wire is not None:
            self._attrs, self.wire = Item(self.hash_key, self.range_key, self.wire).attrs, None
        return self._attrs

    @attrs.setter
    def attrs(self, attrs: Any) -> None:
        self._attrs, self.wire = attrs, None


def wire_of(item: Item) -> Wire:
    """The item's attributes in wire format, read-only: use ``copied`` to change them or to return them."""
    wire = item.wire if isinstance(item, Row) else None
    return wire if wire is not None else dict(_plain(item))


def copied(wire: Wire) -> Wire:
    """A deep copy of the attributes."""
    return {name: _copied(value) for name, value in wire.items()}


def _copied(value: Value) -> Value:
    if "M" in value:
        return {"M": copied(value["M"])}
    if "L" in value:
        return {"L": [_copied(inner) for inner in value["L"]]}
    return {kind: list(inner) if isinstance(inner, list) else inner for kind, inner in value.items()}


def weight(wire: Mapping[str, Value]) -> int:
    """The row's approximate size in bytes, of DynamoDB's 400 KB: names and values."""
    taken = 0
    # A loop, since each row is weighed when it is written and when it is read from the stream.
    for name, value in wire.items():
        ((kind, inner),) = value.items()
        taken += len(name.encode()) + (len(inner.encode()) if kind == "S" else _weight(kind, inner))
    return taken


def _weight(kind: str, inner: Any) -> int:
    if kind == "M":
        return weight(inner)
    if kind == "L":
        return sum(_weight(*pair) for each in inner for pair in each.items())
    return len(inner.encode() if isinstance(inner, str) else inner) if isinstance(inner, str | bytes | list) else 1


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of a row in the table's stream; images are None where the stream has none."""

    kind: str
    number: int
    at: int
    view: str
    keys: Wire
    new: Wire
    old: Wire | None

    def record(self, arn: str, region: str) -> dict[str, Any]:
        """The stream record as Lambda delivers it: bytes are base64."""
        change: dict[str, Any] = {
            "ApproximateCreationDateTime": self.at,
            "SequenceNumber": str(self.number),
            "SizeBytes": weight(self.new),
            "StreamViewType": self.view,
            "Keys": self.keys,
            "NewImage": _image(self.new),
        }
        if self.old is not None and self.view == "NEW_AND_OLD_IMAGES":
            change["OldImage"] = _image(self.old)
        return {
            "eventID": uuid4().hex,
            "eventName": self.kind,
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "eventSourceARN": arn,
            "awsRegion": region,
            "dynamodb": change,
        }


def _image(wire: Wire) -> Wire:
    return {name: _printable(value) for name, value in wire.items()}


def _printable(value: Value) -> Value:
    if "B" in value:
        return {"B": base64.b64encode(value["B"]).decode()}
    if "M" in value:
        return {"M": _image(value["M"])}
    return {"L": [_printable(inner) for inner in value["L"]]} if "L" in value else value


def _plain(item: Item) -> Iterator[tuple[str, Value]]:
    for name, value in item.attrs.items():
        scalar = isinstance(value.value, str | bool) and value.type != "B"
        yield name, {value.type: value.value} if scalar else dynamo_to_dict(value)
