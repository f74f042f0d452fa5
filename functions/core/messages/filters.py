"""The Liquid filters that templates may use.

python-liquid's own filters are not used: some read the clock, some lose the precision of Decimals, some build text of
unlimited length.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote_plus

from liquid import Markup
from liquid import escape as html_escape

from functions.core.base import zones
from functions.core.base.money import decimal
from functions.core.messages import local_format
from functions.core.messages.guard import bounded, guarded

MOST_WORDS = 1_000
_DIRECTIVE = re.compile(r"%-?[aAbBdeHIjmMpSyYZ%]")
_LARGEST = Decimal(10) ** 24


def all_filters() -> dict[str, Callable[..., Any]]:
    """Every filter by name, wrapped in ``guarded`` for a Liquid environment."""
    return {name: guarded(function) for name, function in _FILTERS.items()}


def _text(value: object) -> str:
    if value is None or isinstance(value, list | Mapping):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _number(value: object) -> Decimal:
    return decimal(repr(value) if isinstance(value, float) else value) or Decimal(0)


def _written(number: Decimal) -> int | Decimal:
    """An int if the number is whole, else the Decimal; raises ValueError from 10^24 on."""
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise ValueError("too large")
    return int(number) if number == number.to_integral_value() else number


def _rounded(value: Any, digits: Any, how: str) -> int | Decimal:
    places = min(max(int(_number(digits)), 0), 12)
    return _written(_number(value).quantize(Decimal(1).scaleb(-places), rounding=how))


def default(value: Any, other: Any) -> Any:
    """The value, or ``other`` if it is nil, false, empty or blank."""
    if isinstance(value, str):
        return value if value.strip() else other
    return other if value is None or value is False or value in ([], {}) else value


def escape(value: Any, context: Any) -> Any:
    """The value escaped for HTML; unescaped in the subject and text parts."""
    return Markup(html_escape(_text(value))) if context.autoescape else _text(value)


def newline_to_br(value: Any, context: Any) -> Any:
    """The value escaped for HTML with ``<br />`` for line ends; unchanged in the subject and text parts."""
    if not context.autoescape:
        return _text(value)
    return Markup("<br />").join(_text(value).split("\n"))


def truncate(value: Any, length: Any = 50, end: Any = "…") -> str:
    """The text cut to that many characters, ``end`` included."""
    text, most, tail = _text(value), max(int(_number(length)), 0), _text(end)
    return text if len(text) <= most else text[: max(most - len(tail), 0)].rstrip() + tail


def truncatewords(value: Any, words: Any = 15, end: Any = "…") -> str:
    """The text cut to that many words, followed by ``end`` if anything was cut."""
    all_words, most = _text(value).split(), min(max(int(_number(words)), 1), MOST_WORDS)
    return " ".join(all_words) if len(all_words) <= most else " ".join(all_words[:most]) + _text(end)


def replace(value: Any, old: Any, new: Any = "") -> str:
    """The text with every occurrence of ``old`` replaced by ``new``."""
    text, what, by = _text(value), _text(old), _text(new)
    bounded(len(text) + (text.count(what) * len(by) if by else 0))
    return text.replace(what, by)


def remove(value: Any, what: Any) -> str:
    """The text without occurrences of ``what``."""
    return replace(value, what)


def append(value: Any, tail: Any) -> str:
    """The text followed by the tail."""
    return _text(value) + _text(tail)


def prepend(value: Any, head: Any) -> str:
    """The text preceded by the head."""
    return _text(head) + _text(value)


def split(value: Any, at: Any) -> list[str]:
    """Split a text at a separator; an empty separator splits it into characters."""
    text, separator = _text(value), _text(at)
    bounded(text.count(separator) if separator else len(text))
    return text.split(separator) if separator and text else list(text)


def join(value: Any, between: Any = " ") -> str:
    """The items joined into one text."""
    items, glue = [_text(item) for item in _list(value)], _text(between)
    bounded(sum(map(len, items)) + len(glue) * len(items))
    return glue.join(items)


def first(value: Any) -> Any:
    """The first item or character; empty if there is none."""
    return value[0]


def last(value: Any) -> Any:
    """The last item or character; empty if there is none."""
    return value[-1]


def size(value: Any) -> int:
    """The number of items or characters; 0 for other values."""
    return len(value) if isinstance(value, str | list | Mapping) else 0


def where(value: Any, name: Any, expected: Any = True) -> list[Any]:
    """The items whose property ``name`` equals ``expected``."""
    return [item for item in _list(value) if isinstance(item, Mapping) and item.get(_text(name)) == expected]


def mapped(value: Any, name: Any) -> list[Any]:
    """The property ``name`` of every item."""
    return [item.get(_text(name)) for item in _list(value) if isinstance(item, Mapping)]


def divided_by(value: Any, other: Any) -> int | Decimal:
    """The quotient; empty for a division by zero."""
    return _written(_number(value) / _number(other))


def at_least(value: Any, other: Any) -> int | Decimal:
    """The larger of the two."""
    return _written(max(_number(value), _number(other)))


def at_most(value: Any, other: Any) -> int | Decimal:
    """The smaller of the two."""
    return _written(min(_number(value), _number(other)))


def money(value: Any, currency: Any = None, *, context: Any) -> str:
    """An amount (major units) in the recipient's locale: ``€1,299.00``; empty for anything but an amount."""
    number = decimal(repr(value) if isinstance(value, float) else value)
    if number is None:
        return ""
    code = local_format.currency_of(currency, str(context.resolve("currency", default="EUR")))
    return local_format.money(number, code, str(context.resolve("locale", default="en")))


def date(value: Any, style: Any = "long", *, context: Any) -> str:
    """A day as text: ``short``, ``medium``, ``long`` or ``full`` by the locale, or a pattern such as ``%d %B %Y``."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    how, zone = _text(style), zones.zone_of(context.resolve("timezone", default="UTC")) or UTC
    if "%" not in how:
        how = how if how in local_format.STYLES else "long"
        return local_format.moment(value, how, str(context.resolve("locale", default="en")), zone)
    local_day = local_format.day(value, zone)
    return _DIRECTIVE.sub(lambda match: local_day.strftime(match.group()), how)


_FILTERS: dict[str, Callable[..., Any]] = {
    "abs": lambda value: _written(abs(_number(value))),
    "append": append,
    "at_least": at_least,
    "at_most": at_most,
    "capitalize": lambda value: _text(value).capitalize(),
    "ceil": lambda value: _rounded(value, 0, ROUND_CEILING),
    "date": date,
    "default": default,
    "divided_by": divided_by,
    "downcase": lambda value: _text(value).lower(),
    "escape": escape,
    "first": first,
    "floor": lambda value: _rounded(value, 0, ROUND_FLOOR),
    "join": join,
    "last": last,
    "lstrip": lambda value: _text(value).lstrip(),
    "map": mapped,
    "minus": lambda value, other: _written(_number(value) - _number(other)),
    "modulo": lambda value, other: _written(_number(value) % _number(other)),
    "money": money,
    "newline_to_br": newline_to_br,
    "plus": lambda value, other: _written(_number(value) + _number(other)),
    "prepend": prepend,
    "remove": remove,
    "replace": replace,
    "reverse": lambda value: _list(value)[::-1],
    "round": lambda value, digits=0: _rounded(value, digits, ROUND_HALF_UP),
    "rstrip": lambda value: _text(value).rstrip(),
    "size": size,
    "split": split,
    "strip": lambda value: _text(value).strip(),
    "strip_newlines": lambda value: _text(value).replace("\n", ""),
    "times": lambda value, other: _written(_number(value) * _number(other)),
    "truncate": truncate,
    "truncatewords": truncatewords,
    "upcase": lambda value: _text(value).upper(),
    "url_encode": lambda value: quote_plus(_text(value)),
    "where": where,
}
NAMES = tuple(_FILTERS)
