"""What a column can be mapped to: whom, when, what, and the traits, properties and products of it."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, cast

from functions.core.base import spelling
from functions.core.base.errors import Fault, Malformed
from functions.core.base.money import MONEY
from functions.sources.tabular.records import KINDS, Kind, Layout

WHO = ("email", "user_id", "anonymous_id", "person")
OTHERS = ("time", "event", "id", "order_id", "currency", "consent", "consent_time", "cancelled", "refunded")
TRAITS = ("first_name", "last_name", "name", "phone", "city", "province", "zip", "country", "country_code")
MORE_TRAITS = ("birthday", "gender", "language", "locale", "timezone", "tags", "company")
PROPERTIES = ("total", "subtotal", "tax", "shipping", "discount", "coupon")
PREFIXES = ("trait", "property", "product")
TYPES = ("text", "number", "amount", "flag", "date", "list")
_TYPED = re.compile(r"(\w+\.[\w .-]+)(?::(\w+))?")
_PAIR = re.compile(r"\s*([^=,]+?)\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,]*?))\s*(?:,|$)")
_PLAIN: Mapping[str, str] = {
    **dict.fromkeys((*TRAITS, *MORE_TRAITS), "trait"),
    **dict.fromkeys(PROPERTIES, "property"),
}


class Place(NamedTuple):
    """Where a value goes: a part of PREFIXES, or none for what is no value of these, the name there, and its type."""

    part: str
    name: str
    type: str


@cache
def place(target: str) -> Place:
    """Where a value of the target goes: that of ``total`` is the amount ``total`` of the properties."""
    if target in _PLAIN:
        return Place(_PLAIN[target], target, _type(target))
    if match := _TYPED.fullmatch(target):
        part, _, name = match[1].partition(".")
        return Place(part, name, match[2] or _type(name))
    return Place("", target, "")


def _type(name: str) -> str:
    if name in MONEY:
        return "amount"
    return {"quantity": "number", "tags": "list"}.get(name, "text")


def pairs(text: str) -> dict[str, str]:
    """The pairs of ``person=customer_id,total="Total, gross",currency=:EUR``; quotes are for commas.

    Raises Malformed with what cannot be read.
    """
    found: dict[str, str] = {}
    end = 0
    while end < len(text):
        match = _PAIR.match(text, end)
        if match is None:
            raise Malformed(Fault("must be target=column, separated by commas", text[end:], suggestion="email=Email"))
        name, single, double, plain = match.groups()
        found[name] = next((part for part in (single, double, plain) if part is not None), "")
        end = match.end()
    return found


def layout(kind: str, mapped: Mapping[str, str], columns: Iterable[str], base: Layout | None = None) -> Layout:
    """The layout of what is mapped, over that of ``base``; a value that begins with ``:`` is a constant.

    Raises Malformed with every fault: unknown targets, columns that the file lacks, nobody named.
    """
    header = list(columns)
    own = {target: column for target, column in mapped.items() if not column.startswith(":")}
    fixed = {target: column[1:] for target, column in mapped.items() if column.startswith(":")}
    before = {target: column for target, column in (base.columns if base else {}).items() if target not in fixed}
    all_columns = {**before, **own}
    faults = [*_unknown([*own, *fixed]), *_missing(own, header), *_lacks(kind, {**all_columns, **fixed})]
    if faults:
        raise Malformed(*faults)
    present = {target: column for target, column in all_columns.items() if column in header}
    constants = {**(base.constants if base else {}), **fixed}
    more: dict[str, Any] = (
        {"group": base.group, "only": base.only, "never": base.never, "form": base.form} if base else {}
    )
    return Layout(cast(Kind, kind), present, constants, **more)


def _unknown(names: Iterable[str]) -> Iterable[Fault]:
    known = (*WHO, *OTHERS, *_PLAIN)
    for name in names:
        part, _, kind = place(name)
        if part not in ("", *PREFIXES) or (not part and name not in known) or (part and kind not in TYPES):
            yield Fault("is nothing that a column can be", name, suggestion=spelling.nearest(name, known))


def _missing(columns: Mapping[str, str], header: list[str]) -> Iterable[Fault]:
    for target, column in columns.items():
        if column not in header:
            near = spelling.nearest(column, tuple(header))
            yield Fault(f"the file has no column {column!r}", target, suggestion=near)


def _lacks(kind: str, mapped: Mapping[str, str]) -> Iterable[Fault]:
    if kind not in KINDS:
        yield Fault(f"must be one of {', '.join(KINDS)}", "kind", suggestion=spelling.nearest(kind, KINDS))
    if not any(target in mapped for target in WHO):
        yield Fault(f"no column says whose the rows are: map one of {', '.join(WHO)}", "map", suggestion="email=Email")
    needs = {"orders": ("order_id", "time"), "events": ("event", "time")}.get(kind, ())
    for target in needs:
        if target not in mapped:
            yield Fault(f"{kind} need their {target}", "map", suggestion=f"{target}=COLUMN")
