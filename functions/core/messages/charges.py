"""What stands between the lines of a cart or order and its total, so that the rows of a message add up."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

# In the order of a receipt. A source may say any of these, and prices may hold some of them already.
LABELS = {
    "subtotal": "Subtotal",
    "discount": "Discount",
    "shipping": "Shipping",
    "tax": "Tax",
    "other": "Discounts, shipping and tax",
}
ROW_TOKENS = ("kind", "label", "amount")


def charges(goods: Decimal | None, total: Decimal | None, stated: Mapping[str, Decimal | None]) -> dict[str, Any]:
    """``rows`` from the sum of the lines to the total, and ``tax_included`` in prices, if any; in major units.

    ``said`` holds ``discount``, ``shipping`` and ``tax`` as the source said them. Shops differ in whether prices hold
    tax and discounts already (Shopify's ``taxes_included``), so as many of the three as make the sum right are rows.
    A tax that is not among them is in the prices. Where nothing fits, the difference is one row.
    """
    tax = stated.get("tax") or None
    if goods is None or total is None:
        return {"rows": [], "tax_included": None}
    if goods == total:
        return {"rows": [], "tax_included": tax}
    fitting = next(_fitting(total - goods, _signed(stated)), None)
    if fitting is None:
        return {"rows": _rows({"subtotal": goods, "other": total - goods}), "tax_included": None}
    return {"rows": _rows({"subtotal": goods, **fitting}), "tax_included": None if "tax" in fitting else tax}


def _rows(amounts: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    return [{"kind": kind, "label": LABELS[kind], "amount": amount} for kind, amount in amounts.items()]


def _signed(stated: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """What was said and is not zero; a discount is taken off, whatever sign it was said with."""
    signed = {kind: Decimal(stated.get(kind) or 0) for kind in ("discount", "shipping", "tax")}
    signed["discount"] = -abs(signed["discount"])
    return {kind: amount for kind, amount in signed.items() if amount}


def _fitting(gap: Decimal, amounts: Mapping[str, Decimal]) -> Iterator[dict[str, Decimal]]:
    """Every choice of the amounts that makes up the gap, the largest first."""
    for size in range(len(amounts), 0, -1):
        for chosen in combinations(amounts, size):
            if sum(amounts[kind] for kind in chosen) == gap:
                yield {kind: amounts[kind] for kind in chosen}
