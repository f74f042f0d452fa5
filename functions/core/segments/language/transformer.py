"""The JSON for the common rules of the grammar: names, numbers, spans, counts and filters."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lark import Token

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.spans import UNITS
from functions.core.segments.language.positions import place_of
from functions.core.segments.operator import merged
from functions.core.timelines.filters import NEAR

Build = Callable[[Sequence[Any]], Any]

_THOUSANDS = re.compile(r"\D?\d{1,3}\.\d\d0")
_SIGNS = {"==": "=", "≥": ">=", "≤": "<=", "≠": "!="}


def unquoted(token: Token) -> Token:
    """A string token with the text between its quotes, escapes resolved; any other token unchanged."""
    if token.type != "STRING":
        return token
    if token[0] in "“„«":
        return Token.new_borrow_pos("TEXT", str(token)[1:-1], token)
    try:
        return Token.new_borrow_pos("TEXT", json.loads(str(token), strict=False), token)
    except ValueError:
        return Token.new_borrow_pos("TEXT", str(token)[1:-1].replace("\\", ""), token)


def number(parts: Sequence[Any]) -> int | float:
    """The number, without currency sign and thousands commas; raises DefinitionRefused for an ambiguous ``5.000``."""
    if _THOUSANDS.fullmatch(str(parts[0])):
        plain = str(parts[0]).replace(".", "")
        message = f"{parts[0]} is one number to some and another to others: thousands are written {plain}"
        raise DefinitionRefused(Fault(message, "when", *place_of(parts[0]) or (1, 1), plain))
    return plain_number(parts)


def plain_number(parts: Sequence[Any]) -> int | float:
    """The number, which may have trailing zeros as decimals, such as a latitude."""
    value = Decimal(str(parts[0]).translate({ord(sign): None for sign in ",€$£¥₹₩₺₴₫₪฿₦₱"}))
    return int(value) if value == value.to_integral_value() else float(value)


def _span(parts: Sequence[Any]) -> Token:
    count, unit = parts
    name = unit.lower().removesuffix("s")
    digits = str(count).replace(",", "")
    plural = "" if digits == "1" or name not in UNITS else "s"
    return Token.new_borrow_pos("SPAN", f"{digits} {name if name in UNITS else unit}{plural}", unit)


def _bound(name: str) -> Build:
    return lambda parts: {"count": {name: parts[0]}}


def _several(word: str) -> Build:
    return lambda parts: {word: list(parts)}


def _compare(name: str) -> Build:
    return lambda parts: {"compare": name, "value": parts[0]}


def _near(parts: Sequence[Any]) -> Mapping[str, Any]:
    distance, unit, latitude, longitude = parts
    metres = Decimal(str(number([distance]))) * (1000 if unit.lower().startswith("k") else 1)
    return {"compare": NEAR, "value": [number([metres]), latitude, longitude]}


def _start(parts: Sequence[Any]) -> Mapping[str, Any]:
    *names, condition = parts
    return {"op": "let", "names": merged(names), "in": condition} if names else condition


LITERALS: Mapping[str, Build] = {
    "start": _start,
    "head": merged,
    "step": merged,
    "events": lambda parts: {"events": list(parts)},
    "named": lambda parts: {"named": parts[0]},
    "title": lambda parts: str(parts[0]),
    "within": lambda parts: {"within": parts[0]},
    "in_the_last": lambda parts: {"within": parts[0]},
    "in_the_last_one": lambda parts: {"within": parts[0]},
    "a_one": lambda parts: parts[0],
    "one": lambda parts: Token.new_borrow_pos("SPAN", f"1 {parts[0].lower()}", parts[0]),
    "past": merged,
    "past_step": merged,
    "span": _span,
    "between_ago": lambda parts: {"between": list(parts)},
    "between_dates": lambda parts: {"since": parts[0], "until": parts[1]},
    "since": lambda parts: {"since": parts[0]},
    "until": lambda parts: {"until": parts[0]},
    "at_least": _bound("at least"),
    "at_most": _bound("at most"),
    "exactly": _bound("exactly"),
    "where": lambda parts: {"where": parts[0]},
    "filter_some": _several("or"),
    "filter_every": _several("and"),
    "compared": lambda parts: {"property": parts[0], **parts[1]},
    "compared_value": lambda parts: {"compare": _SIGNS.get(parts[0], str(parts[0])), "value": parts[1]},
    "that_said": lambda parts: parts[0],
    "is_equal": _compare("="),
    "is_other": _compare("!="),
    "is_more": _compare(">"),
    "is_less": _compare("<"),
    "is_least": _compare(">="),
    "is_most": _compare("<="),
    "compared_list": lambda parts: {"compare": "in", "value": list(parts)},
    "contains": _compare("contains"),
    "starts_with": _compare("starts with"),
    "exists": lambda parts: {"compare": "exists"},
    "missing": lambda parts: {"compare": "missing"},
    "near": _near,
    "net": lambda parts: {"net": True},
    "in_currency": lambda parts: Token.new_borrow_pos("CURRENCY", parts[0][-3:].upper(), parts[0]),
    "property": lambda parts: unquoted(parts[0]),
    "date": lambda parts: Token.new_borrow_pos("TEXT", str(parts[0]), parts[0]),
    "string": lambda parts: unquoted(parts[0]),
    "number": number,
    "whole": number,
    "plain": plain_number,
    "true": lambda parts: True,
    "false": lambda parts: False,
}
