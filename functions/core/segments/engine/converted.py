"""The explanation of converted amounts in a measure: ``3 × USD 10.00 counted as €27.60``."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from functions.core.base.events import Event
from functions.core.base.money import exponent
from functions.core.segments import windows
from functions.core.segments.language.event_labels import SIGNS
from functions.core.segments.operator import Node, View
from functions.core.segments.parts import measures
from functions.core.timelines.entry import total
from functions.core.timelines.exchange import Counting, counting, currency_of
from functions.core.timelines.matching import matches, number_at


class _Amount(NamedTuple):
    """An amount in its original currency and the converted amount that was counted, both in major units."""

    original: Decimal
    counted: Decimal


def converted(node: Node, view: View, events: Sequence[Event]) -> dict[str, list[str]]:
    """The fact ``converted`` for a measure that counted amounts in other currencies; ``{}`` for every other condition.

    ``events`` are the person's events: timelines hold amounts after conversion, so the originals come from the log.
    """
    money = counting(node)
    if node["op"] not in measures.KEYS or money is None or money.rates is None:
        return {}
    amounts: dict[str, list[_Amount]] = defaultdict(list)
    for currency, amount in _amounts(node, view, money, events):
        amounts[currency].append(amount)
    return {"converted": [_said(each, amounts[each], money.currency) for each in sorted(amounts)]} if amounts else {}


def _amounts(node: Node, view: View, money: Counting, events: Sequence[Event]) -> Iterator[tuple[str, _Amount]]:
    """Yield currency and amount of every converted amount that counts in the window, each timeline entry once."""
    source = measures.source_of(node)
    entries = source.entries(view)
    low, high = windows.window(node).times([each.time for each in entries], view.now)
    remaining = {each.says for each in entries[low:high]}
    for event in events:
        currency = currency_of(event.properties, money.base)
        if currency == money.currency:
            continue
        for entry in (entry for spec in source.own for entry in matches(spec, event) if entry.says in remaining):
            remaining.remove(entry.says)
            amount = number_at(event.properties, node["property"])
            if amount is not None and isinstance(entry.value, Decimal):
                yield currency, _Amount(amount, entry.value)


def _said(currency: str, amounts: Sequence[_Amount], counted: str) -> str:
    totals = {each.original for each in amounts}
    as_told = f"{len(amounts)} × {_written(totals.pop(), currency)}" if len(totals) == 1 else _summed(currency, amounts)
    worth = total(each.counted for each in amounts)
    return f"{as_told} counted as {SIGNS.get(counted, f'{counted} ')}{_plain(worth, counted)}"


def _summed(currency: str, amounts: Sequence[_Amount]) -> str:
    return f"{_written(total(each.original for each in amounts), currency)} in {len(amounts)} amounts"


def _written(amount: Decimal, currency: str) -> str:
    return f"{currency} {_plain(amount, currency)}"


def _plain(amount: Decimal, currency: str) -> str:
    return f"{amount:,.{exponent(currency)}f}"
