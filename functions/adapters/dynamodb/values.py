"""Attribute values, as DynamoDB has them on the wire: ``{"S": "ann"}``, ``{"N": "12"}``, ``{"B": b"…"}``."""

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Value = AttributeValueTypeDef
else:
    # Stubs are not deployed.
    Value = dict

Item = dict[str, Value]


def text(value: str) -> Value:
    """Encode a string attribute."""
    return {"S": value}


def number(value: int) -> Value:
    """Encode a number attribute."""
    return {"N": str(value)}


def binary(value: bytes) -> Value:
    """Encode a binary attribute."""
    return {"B": value}


def size(item: Mapping[str, Any]) -> int:
    """The bytes of an item as DynamoDB counts them at most: UTF-8 of names and texts, and marks.

    A number takes one byte for two digits and two more, each value in a list or map one. (Amazon DynamoDB Developer
    Guide, "DynamoDB item sizes and formats".)
    """
    taken = 0
    # A loop, since this is asked of every row that is written.
    for name, value in item.items():
        ((kind, content),) = value.items()
        taken += len(name.encode()) + (len(content) if kind == "B" else _size(kind, content))
    return taken


def _size(kind: str, content: Any) -> int:
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return (len(content) + 1) // 2 + 2
        case "B":
            return len(content)
        case "SS":
            return sum(len(each.encode()) + 1 for each in content)
        case "L":
            return 3 + sum(1 + _size(*pair) for each in content for pair in each.items())
        case "M":
            return 3 + len(content) + size(content)
    return 1


def integer(item: Mapping[str, Value], name: str, default: int = 0) -> int:
    """Decode a number attribute as int."""
    return int(item[name]["N"]) if name in item else default


def integer_or_none(item: Mapping[str, Value], name: str) -> int | None:
    """Decode a number attribute as int; None if it is absent."""
    return int(item[name]["N"]) if name in item else None


def string(item: Mapping[str, Value], name: str, default: str = "") -> str:
    """Decode a string attribute."""
    return item[name]["S"] if name in item else default


def string_or_none(item: Mapping[str, Value], name: str) -> str | None:
    """Decode a string attribute; None if it is absent."""
    return item[name]["S"] if name in item else None


def raw(value: Value) -> bytes:
    """Decode a binary attribute: bytes from a client, base64 text from a Lambda event."""
    content: bytes | str = value["B"]
    return base64.b64decode(content) if isinstance(content, str) else bytes(content)
