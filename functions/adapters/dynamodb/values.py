"""Attribute values, as DynamoDB has them on the wire: ``{"S": "ann"}``, ``{"N": "12"}``, ``{"B": b"…"}``."""

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Value = AttributeValueTypeDef
else:
    # Stubs are not deployed.
    Value = dict

Item = dict[str, Value]


def text(value: str) -> Value:
    """A string attribute."""
    return {"S": value}


def number(value: int) -> Value:
    """A number attribute."""
    return {"N": str(value)}


def binary(value: bytes) -> Value:
    """A binary attribute."""
    return {"B": value}


def integer(item: Mapping[str, Value], name: str, default: int = 0) -> int:
    """A number attribute's value."""
    return int(item[name]["N"]) if name in item else default


def integer_or_none(item: Mapping[str, Value], name: str) -> int | None:
    """A number attribute's value; None without it."""
    return int(item[name]["N"]) if name in item else None


def string(item: Mapping[str, Value], name: str, default: str = "") -> str:
    """A string attribute's value."""
    return item[name]["S"] if name in item else default


def string_or_none(item: Mapping[str, Value], name: str) -> str | None:
    """A string attribute's value; None without it."""
    return item[name]["S"] if name in item else None


def raw(value: Value) -> bytes:
    """A binary attribute's bytes, whether a client decoded it or a Lambda event carries it as base64."""
    content: bytes | str = value["B"]
    return base64.b64decode(content) if isinstance(content, str) else bytes(content)
