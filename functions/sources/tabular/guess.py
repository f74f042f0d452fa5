"""Guesses which column is what, by its name and its values; what is guessed is shown and has to be confirmed.

Consent is never guessed: a column that looks like it is named, and means nothing until it is mapped.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from functions.core.base.errors import Fault
from functions.sources.tabular import dates, values
from functions.sources.tabular.records import BadValue, Kind, Layout, Row
from functions.sources.tabular.targets import place

_NAMES: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "emailaddress", "mail", "customeremail", "billingemail"),
    "user_id": ("userid", "customerid", "accountid", "customer"),
    "anonymous_id": ("anonymousid", "deviceid", "visitorid"),
    "time": ("time", "timestamp", "date", "createdat", "orderdate", "datecreated", "occurredat", "purchasedat"),
    "event": ("event", "eventname", "eventtype"),
    "order_id": ("orderid", "ordernumber", "orderno", "order"),
    "currency": ("currency", "currencycode", "ordercurrency"),
    "total": ("total", "ordertotal", "grandtotal", "amount", "revenue"),
    "first_name": ("firstname", "givenname", "forename"),
    "last_name": ("lastname", "surname", "familyname"),
    "phone": ("phone", "phonenumber", "mobile", "telephone"),
    "city": ("city", "town"),
    "country": ("country", "countryname"),
    "birthday": ("birthday", "dateofbirth", "birthdate", "dob"),
    "tags": ("tags",),
}
_OF_ORDERS = ("order_id", "total", "currency")
_CONSENT = re.compile(r"consent|opt.?(in|out)|subscri|newsletter|accepts?.*marketing|marketing.*accept", re.IGNORECASE)


class Guess(NamedTuple):
    """A column that may be a target, and why it is thought so."""

    target: str
    column: str
    why: str


class Guesses(NamedTuple):
    """What the file seems to hold; ``consent`` are columns that may be answers, which are never taken for them."""

    kind: Kind
    columns: Sequence[Guess]
    consent: Sequence[str]


def guess(header: Iterable[str], rows: Sequence[Row], kind: Kind | None = None) -> Guesses:
    """The kind of the rows and their columns."""
    names = list(header)
    found: dict[str, Guess] = {}
    for target, words in _NAMES.items():
        for column in sorted(names, key=lambda name: _rank(name, words)):
            if _plain(column) in words and not _CONSENT.search(column):
                found.setdefault(target, Guess(target, column, "by its name"))
    if not found.keys() & {"email", "user_id", "anonymous_id"}:
        of_addresses = next((name for name in names if _are_addresses(name, rows)), None)
        found |= {"email": Guess("email", of_addresses, "by its values")} if of_addresses else {}
    kind = kind or ("events" if "event" in found else "orders" if "order_id" in found else "customers")
    left = {"customers": (*_OF_ORDERS, "event"), "orders": ("event",), "events": ()}[kind]
    columns = [each for target, each in found.items() if target not in left]
    return Guesses(kind, columns, [name for name in names if _CONSENT.search(name)])


def is_shared(column: str, rows: Sequence[Row]) -> bool:
    """True if two rows that stand together have the same value in the column: they may be one order."""
    cells = [values.text(row.values.get(column)) for row in rows]
    return any(one and one == other for one, other in pairwise(cells))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _rank(name: str, words: tuple[str, ...]) -> int:
    plain = _plain(name)
    return words.index(plain) if plain in words else len(words)


def _are_addresses(column: str, rows: Sequence[Row]) -> bool:
    cells = [cell for row in rows if (cell := values.text(row.values.get(column)))]
    return bool(cells) and all(cell.count("@") == 1 for cell in cells)


def faults(layout: Layout, rows: Sequence[Row]) -> list[Fault]:
    """What makes the layout impossible, each with the line of the sample that shows it.

    A single bad value is its row's fault alone; a column of them, an order of dates or an answer that has to be told
    is the layout's.
    """
    found: list[Fault] = []
    for target, value in layout.constants.items():
        if rows and (why := _wrong(target, value, Layout(layout.kind, {}, form=replace(layout.form, answers={})))):
            found.append(Fault(why, f"{target}=:{value}", rows[0].line))
    for target, column in layout.columns.items():
        cells = [(row.line, row.values.get(column)) for row in rows if values.text(row.values.get(column))]
        wrong = [(line, why) for line, cell in cells if (why := _wrong(target, cell, layout))]
        told = [each for each in wrong if target == "consent" or "say --dates" in each[1]]
        if told or (wrong and len(wrong) == len(cells)):
            line, why = (told or wrong)[0]
            found.append(Fault(why, f"{target}={column}", line))
    return found


def _wrong(target: str, value: object, layout: Layout) -> str:
    """Why the value cannot be read as the target; empty if it can."""
    try:
        if target in ("time", "consent_time", "cancelled") or place(target).type == "date":
            dates.instant(value, layout.form)
        elif target == "refunded" or place(target).type == "amount":
            values.amount(value, layout.form, layout.form.currency)
        elif target == "consent":
            values.answer(value, layout.form)
    except BadValue as bad:
        return str(bad)
    return ""
