"""The rows between the lines of a cart or order and its total, such as discount, shipping and tax."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

# In the order of a receipt. A source may state any of these, and prices may include some of them already.
LABELS = {
    "subtotal": "Subtotal",
    "discount": "Discount",
    "shipping": "Shipping",
    "tax": "Tax",
    "other": "Discounts, shipping and tax",
}
ROW_TOKENS = ("kind", "label", "amount")


def charges(goods: Decimal | None, total: Decimal | None, amounts: Mapping[str, Decimal | None]) -> dict[str, Any]:
    """The ``rows`` from the sum of the lines to the total, and the ``tax_included`` in prices; amounts in major units.

    ``amounts`` holds ``discount``, ``shipping`` and ``tax`` as the source gave them. Shops differ in whether prices
    include tax and discounts (Shopify's ``taxes_included``), so the rows are the largest choice of the three that makes
    the sum right. A tax that is not among them is included in the prices. If no choice fits, the difference is one row.
    """
    tax = amounts.get("tax") or None
    if goods is None or total is None:
        return {"rows": [], "tax_included": None}
    if goods == total:
        return {"rows": [], "tax_included": tax}
    fitting = next(_fitting(total - goods, _signed(amounts)), None)
    if fitting is None:
        return {"rows": _rows({"subtotal": goods, "other": total - goods}), "tax_included": None}
    return {"rows": _rows({"subtotal": goods, **fitting}), "tax_included": None if "tax" in fitting else tax}


def _rows(amounts: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    return [{"kind": kind, "label": LABELS[kind], "amount": amount} for kind, amount in amounts.items()]


def _signed(amounts: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """The stated amounts that are not zero; a discount is negative, whatever its sign in the source."""
    signed = {kind: Decimal(amounts.get(kind) or 0) for kind in ("discount", "shipping", "tax")}
    signed["discount"] = -abs(signed["discount"])
    return {kind: amount for kind, amount in signed.items() if amount}


def _fitting(gap: Decimal, amounts: Mapping[str, Decimal]) -> Iterator[dict[str, Decimal]]:
    """Yield each choice of amounts that adds up to the gap, those with the most amounts first."""
    for size in range(len(amounts), 0, -1):
        for chosen in combinations(amounts, size):
            if sum(amounts[kind] for kind in chosen) == gap:
                yield {kind: amounts[kind] for kind in chosen}
