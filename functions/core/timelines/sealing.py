"""Sealed buckets: what a timeline keeps of entries beyond the latest so many, of which single ones are kept.

A bucket is one day (UTC), or one month that lies more than a year before the newest entry. It has the count, the exact
sum and the extremes of its entries, and counts as long as it lies whole in a window: where the window begins on one of
its days, the rest of that day is left out. So an answer depends neither on how far back others need the timeline nor on
when it was folded.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from functions.core.timelines.entry import EXACT, Entry
from functions.core.timelines.retention import Retentions
from functions.core.timelines.spec import TimelineSpec

DAY = 86_400
# The longest that a bucket is.
MONTH = 31 * DAY
# Days further back than so many months before the newest entry are told by the month.
MONTHS_OF_DAYS = 12


class Bucket(NamedTuple):
    """Entries of one day or month: when that begins, the first and the last of them, and what they come to.

    events               how many entries there are
    total, least, most   exact; None in timelines without numbers
    """

    opens: int
    first: int
    last: int
    events: int
    total: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def joined(self, other: "Bucket") -> "Bucket":
        """Both as one bucket."""
        first, last, events = min(self.first, other.first), max(self.last, other.last), self.events + other.events
        if self.total is None or other.total is None:
            return Bucket(self.opens, first, last, events)
        total = EXACT.add(self.total, other.total)
        extremes = [each for each in (self.least, self.most, other.least, other.most) if each is not None]
        return Bucket(self.opens, first, last, events, total, min(extremes), max(extremes))


class Held(NamedTuple):
    """What a timeline holds, oldest first: sealed buckets, then single entries."""

    sealed: tuple[Bucket, ...] = ()
    entries: tuple[Entry, ...] = ()


def seals(spec: TimelineSpec, retentions: Retentions) -> bool:
    """Whether older entries of the timeline are sealed: some condition needs all, and none needs to know which."""
    single = (spec.by, spec.group, spec.said, spec.trait, spec.consent, spec.cart, spec.lines, spec.first, spec.whole)
    return not any(single) and any(retention.keep is None for retention in retentions)


def reach(retentions: Retentions) -> int | None:
    """How far back from the newest entry, in seconds, buckets are needed; None for ever."""
    spans = [retention.horizon for retention in retentions if retention.keep is None]
    return None if None in spans else max((span for span in spans if span is not None), default=0)


def opens(time: int, newest: int) -> int:
    """When the bucket of a time begins."""
    year, month, begins = _month(time // DAY)
    years, months, _ = _month(newest // DAY)
    return begins if (years - year) * 12 + months - month > MONTHS_OF_DAYS else time // DAY * DAY


class _Month(NamedTuple):
    year: int
    month: int
    begins: int


@lru_cache(maxsize=1 << 12)
def _month(day: int) -> _Month:
    """The month of a day since 1970."""
    date = datetime.fromtimestamp(day * DAY, UTC)
    return _Month(date.year, date.month, (day - date.day + 1) * DAY)


def bucket(entry: Entry, newest: int) -> Bucket:
    """The bucket of one entry."""
    value = entry.value if isinstance(entry.value, Decimal) else None
    return Bucket(opens(entry.time, newest), entry.time, entry.time, 1, value, value, value)


def gathered(buckets: Iterable[Bucket], newest: int, span: int | None) -> tuple[Bucket, ...]:
    """The buckets, one of each day or month, as far back as they are needed."""
    by_start: dict[int, Bucket] = {}
    for each in buckets:
        begins = opens(each.last, newest)
        if span is None or begins > newest - span:
            moved, existing = each._replace(opens=begins), by_start.get(begins)
            by_start[begins] = existing.joined(moved) if existing else moved
    return tuple(by_start[begins] for begins in sorted(by_start))


def lost(sealed: Iterable[Bucket], times: set[int]) -> Sequence[Bucket]:
    """The buckets whose first entry is no longer in the log, which deletes the oldest events first."""
    return [each for each in sealed if each.first not in times]
