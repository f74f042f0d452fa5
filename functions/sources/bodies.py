"""Request bodies: decompressed within a limit, decoded as exact JSON, and encoded digit for digit."""

import json
import zlib
from collections.abc import Collection, Iterator
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

from functions.core.base import json_text, texts
from functions.core.base.errors import Fault, Malformed, Oversize

# DynamoDB nests at most 32 levels and keeps 38 digits of a number.
DEPTH = 24
DIGITS = 38

_GZIP = b"\x1f\x8b"


def inflate(body: bytes, limit: int) -> bytes:
    """Decompress a gzipped body, return any other as it is; raises Oversize above ``limit`` bytes, or Malformed."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise Malformed(Fault("the gzip data is damaged", "body")) from None
    if len(plain) > limit:
        raise Oversize(Fault(f"more than {limit} bytes after unpacking", "body"))
    if not unpacker.eof:
        raise Malformed(Fault("the gzip data ends too early", "body"))
    return plain


def read_json(body: bytes) -> Any:
    """Decode JSON with exact numbers and text that can be stored; raises Malformed with the place."""
    try:
        text = body.decode("utf-8-sig")
        value = json_text.read(text, where="body")
    except UnicodeDecodeError as error:
        raise Malformed(Fault(f"not UTF-8 at byte {error.start}", "body")) from None
    _check_depth(value)
    # Only an escape can name half a surrogate pair; the two halves of a pair are one character already.
    return texts.healed(value) if "\\ud" in text or "\\uD" in text else value


def _too_deep() -> Malformed:
    return Malformed(Fault(f"nested deeper than {DEPTH} levels", "body"))


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise _too_deep()
        level = [inner for outer in level for inner in _inside(outer)]


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def write_json(value: Any) -> bytes:
    """Encode as compact JSON; decimals keep their digits."""
    return _written(value).encode()


def _written(value: Any) -> str:
    # What `json.dumps` does with a text, without the encoder that it makes for each call.
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{encode_basestring_ascii(key)}:{_written(value[key])}" for key in value]) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)


def without(value: Any, names: Collection[str]) -> Any:
    """The value without the fields of these names, wherever they are in it."""
    if isinstance(value, dict):
        return {name: without(inner, names) for name, inner in value.items() if name not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value


def unstorable(value: Any, where: str) -> Iterator[str]:
    """The paths, below ``where``, of numbers that the log cannot keep exactly."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from unstorable(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from unstorable(inner, f"{where}[{position}]")
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and not _fits(value):
        yield where


def _fits(value: int | Decimal) -> bool:
    if isinstance(value, int) and abs(value) < 1 << 63:
        return True
    number = Decimal(value)
    return len(number.as_tuple().digits) <= DIGITS and abs(number.adjusted()) <= 120
