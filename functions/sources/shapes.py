"""Readers of what senders write: every odd value becomes the nearest plain one, or nothing."""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NoReturn

from functions.core.base.errors import Fault, Malformed, Oversize
from functions.core.base.identity import identifier

# DynamoDB nests at most 32 levels and keeps 38 digits of a number, partition keys of 2,048 bytes.
DEPTH = 24
DIGITS = 38
NAME_BYTES = 512

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDER = re.compile(r"(?:gid://shopify/Order/|#)(\w[\w.-]*)(?:\?.*)?")
_GZIP = b"\x1f\x8b"


def inflate(body: bytes, limit: int) -> bytes:
    """The body without its gzip, if it has one; never more than ``limit`` bytes are unpacked."""
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
    """The JSON value, with exact numbers and text that can be stored; raises Malformed with the place."""
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_float=Decimal, parse_constant=_not_a_number)
    except UnicodeDecodeError as error:
        raise Malformed(Fault(f"not UTF-8 at byte {error.start}", "body")) from None
    except json.JSONDecodeError as error:
        fault = Fault(f"not JSON: {error.msg}", "body", error.lineno, error.colno)
        raise Malformed(fault) from None
    except RecursionError:
        raise _too_deep() from None
    except (ValueError, ArithmeticError):
        raise Malformed(Fault("a number has too many digits", "body")) from None
    _check_depth(value)
    return _healed(value) if "\\ud" in text or "\\uD" in text else value


def _not_a_number(name: str) -> NoReturn:
    raise Malformed(Fault(f"{name} is not a JSON value", "body", suggestion="null"))


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


def _healed(value: Any) -> Any:
    """Half a surrogate pair (an emoji that JavaScript cut in two) has no UTF-8 and would fail at the table."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_healed(key): _healed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_healed(inner) for inner in value]
    return value


def write_json(value: Any) -> bytes:
    """The value as compact JSON, its decimals digit for digit."""
    return _written(value).encode()


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def unstorable(value: Any, where: str) -> Iterator[str]:
    """The places of numbers that the log cannot keep exactly."""
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


def mapping(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one where something else stands (``[]`` for "none" is usual in PHP and Ruby)."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, without what else may stand in it."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: Any, limit: int = 255) -> str | None:
    """The text, or the digits of a whole number, cut to ``limit``; None for nothing and for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:limit] or None


def order_id(value: str | int) -> str:
    """One text for all the ways to write an order's number: ``gid://shopify/Order/1003`` and ``#1003`` are 1003."""
    told = str(value).strip()
    known = _ORDER.fullmatch(told)
    return known[1] if known else told


def whole(value: Any) -> int | None:
    """A whole number of ordinary size."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 53:
        return None
    return value


def compact(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}


def instant(value: Any) -> int | None:
    """Milliseconds UTC of an RFC 3339 text (without a zone it is UTC); None for anything else or before 1970."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return milliseconds if milliseconds >= 0 else None


def stamp(milliseconds: int | None) -> str:
    """The first half of a log key: ``2026-11-21T19:13:05.114Z``.

    Without a time it is a tilde, which sorts behind every digit: whoever reads a partition since some instant gets
    what is undated as well.
    """
    if milliseconds is None:
        return "~"
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def names(*pairs: tuple[str, Any]) -> tuple[str, ...]:
    """The identifiers of (namespace, value) pairs, each once, without those that name nobody."""
    found = (identifier(namespace, value) for namespace, value in pairs if _is_short(value))
    return tuple(dict.fromkeys(name for name in found if name))


def _is_short(value: Any) -> bool:
    return not isinstance(value, str) or len(value.encode()) <= NAME_BYTES
