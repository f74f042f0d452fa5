"""Counts people by their recency, frequency and monetary value, to compute the borders between the five RFM groups.

A tally is built page by page, in any order. It is exact up to MOST different amounts of money; with more, all amounts
are rounded down to their highest bits until at most MOST are left, and are known to one part in several hundred.
"""

import base64
import json
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Any

from functions.core.base.errors import Fault, Malformed
from functions.core.scores.rfm import GROUPS, LEAST, MEASURES, Orders

MOST = 8192

# The least border of frequency: one order is never frequent, even if most customers have only one.
OFTEN = 2

# Money is counted in thousandths; only two currencies have a smaller minor unit.
SCALE = {"recency": 1, "frequency": 1, "monetary": 1000}


class Tally:
    """The number of people by measure and value: days, orders, thousandths of money.

    ``kept`` is how many of their highest bits amounts keep; 0 for all.
    """

    def __init__(self, counts: Mapping[str, Counter[int]] | None = None, digits: int = 0) -> None:
        self.counts = counts or {measure: Counter() for measure in MEASURES}
        self.kept = digits

    @property
    def people(self) -> int:
        """The number of people that were counted."""
        return self.counts["recency"].total()

    def add(self, orders: Orders, now: int) -> None:
        """Count a person with these orders; ``now`` (seconds UTC) is the instant up to which days count."""
        self.counts["recency"][orders.days(now)] += 1
        self.counts["frequency"][orders.frequency] += 1
        amount = int((orders.monetary * SCALE["monetary"]).to_integral_value(rounding="ROUND_FLOOR"))
        self.counts["monetary"][_shortened(amount, self.kept)] += 1
        while len(self.counts["monetary"]) > MOST:
            self._shorten()

    def _shorten(self) -> None:
        bits = max(amount.bit_length() for amount in self.counts["monetary"])
        self.kept = (self.kept or bits + 1) - 1
        fewer: Counter[int] = Counter()
        for amount, people in self.counts["monetary"].items():
            fewer[_shortened(amount, self.kept)] += people
        self.counts = {**self.counts, "monetary": fewer}

    def quantile(self, measure: str, share: Fraction) -> Decimal:
        """The quantile of a measure for a share of the people: type 7 of Hyndman and Fan, R's and numpy's default."""
        counted = sorted(self.counts[measure].items())
        numbers = [number for number, _ in counted]
        ends = list(accumulate(people for _, people in counted))
        place = (ends[-1] - 1) * share
        below, rest = int(place), place - int(place)
        low = numbers[bisect_right(ends, below)]
        high = numbers[bisect_right(ends, min(below + 1, ends[-1] - 1))]
        exact = (low + (high - low) * rest) / SCALE[measure]
        return Decimal(exact.numerator) / Decimal(exact.denominator)

    def borders(self, drawn: int) -> dict[str, Any]:
        """The four borders of each measure by its name, with ``drawn`` (seconds UTC) and the number of ``people``.

        The borders are absent if fewer than LEAST people were counted. A value equal to a quantile belongs to the
        better of the two groups.
        """
        result: dict[str, Any] = {"drawn": drawn, "people": self.people}
        if self.people < LEAST:
            return result
        return result | {
            measure: [self._border(measure, Fraction(n, GROUPS)) for n in range(1, GROUPS)] for measure in MEASURES
        }

    def _border(self, measure: str, share: Fraction) -> Any:
        """The border at a quantile, so that a value equal to the quantile is in the better group.

        For recency, where less is better, it is the least value above the quantile; for the others, the least value
        that is not below it.
        """
        scale = SCALE[measure]
        quantile = self.quantile(measure, share) * scale
        if measure == "recency":
            return int(quantile.to_integral_value(rounding="ROUND_FLOOR")) + 1
        least = int(quantile.to_integral_value(rounding="ROUND_CEILING"))
        return max(OFTEN, least) if measure == "frequency" else Decimal(least) / scale

    def packed(self) -> str:
        """The tally as text, for the queue message with which the count continues."""
        plain: dict[str, Any] = {measure: _deltas(counter) for measure, counter in self.counts.items()}
        data = zlib.compress(json.dumps(plain | {"kept": self.kept}, separators=(",", ":")).encode(), 9)
        return base64.b85encode(data).decode()

    @classmethod
    def unpacked(cls, text: str | None) -> "Tally":
        """The tally from ``packed`` text; an empty tally for None or empty text. Raises Malformed for other texts."""
        if not text:
            return cls()
        try:
            plain = json.loads(zlib.decompress(base64.b85decode(text)))
            return cls({measure: _counter(plain[measure]) for measure in MEASURES}, plain["kept"])
        except (ValueError, KeyError, TypeError, zlib.error):
            raise Malformed(Fault("is no tally", "tally")) from None


def _shortened(amount: int, digits: int) -> int:
    """The amount with only its ``digits`` highest bits, the others zero; all bits if ``digits`` is 0.

    Shortening repeatedly gives the same as shortening at once, so the order of counting does not matter.
    """
    drop = amount.bit_length() - digits if digits else 0
    if drop <= 0:
        return amount
    return amount >> drop << drop if amount > 0 else -(-amount >> drop << drop)


def _deltas(counter: Counter[int]) -> list[list[int]]:
    """The numbers in order, each as the difference from the one before, and how many people have each."""
    ordered = sorted(counter)
    return [
        [after - before for before, after in zip([0, *ordered], ordered, strict=False)],
        [counter[n] for n in ordered],
    ]


def _counter(deltas: Sequence[Sequence[int]]) -> Counter[int]:
    ways, people = deltas
    return Counter(dict(zip(accumulate(ways), people, strict=True)))
