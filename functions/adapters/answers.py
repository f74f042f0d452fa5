"""Reads the answers of DynamoDB as botocore does, with a short way for rows.

Of ten thousand rows botocore spends most of a second on asking of each value which of its ten kinds it is, though all
but bytes are JSON already. ``tests/unit/test_aws_answers.py`` holds this way
against botocore's own.
"""

from base64 import b64decode
from typing import Any

import boto3
import botocore.session
from botocore.parsers import JSONParser, ResponseParserFactory

_AS_THEY_ARE = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})


class RowParser(JSONParser):
    """botocore's parser of JSON, which reads a row without its description."""

    def _handle_map(self, shape: Any, value: Any) -> Any:
        if shape.value.name != "AttributeValue":
            return super()._handle_map(shape, value)  # type: ignore[misc]  # what the stubs leave out
        return _row(value)


def _row(values: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, inner),) = value.items()
    if kind in _AS_THEY_ARE:
        return value
    if kind == "B":
        return {kind: b64decode(inner)}
    if kind == "BS":
        return {kind: list(map(b64decode, inner))}
    return {kind: _row(inner) if kind == "M" else list(map(_value, inner))}


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> Any:
        """The parser of a protocol's answers, made as botocore makes it."""
        if protocol_name != "json":
            return super().create_parser(protocol_name)
        return RowParser(**self._defaults)  # type: ignore[attr-defined]  # what the stubs leave out


def session() -> boto3.Session:
    """A session whose clients read rows in the short way."""
    core = botocore.session.get_session()
    core.register_component("response_parser_factory", _Parsers())
    return boto3.Session(botocore_session=core)
