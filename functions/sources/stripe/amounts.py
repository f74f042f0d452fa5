"""Amounts as Stripe writes them: whole numbers of a unit that is not always the currency's own minor unit."""

from decimal import Decimal

# https://docs.stripe.com/currencies: what has no decimals and what has three; everything else has two, also ISK and
# UGX, which have none elsewhere.
_NONE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def major(amount: int | None, currency: str) -> Decimal | None:
    """The amount in major units of the currency, exact; None for None."""
    if amount is None:
        return None
    decimals = 0 if currency in _NONE else 3 if currency in _THREE else 2
    return Decimal(amount).scaleb(-decimals)
