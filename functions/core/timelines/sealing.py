"""Sealed buckets: daily or monthly aggregates of a timeline's older entries.

The latest entries of a timeline are kept one by one; older ones are added up in buckets. A bucket is one day (UTC), or
one month that lies more than a year before the newest entry; of a state that outgrows its row the oldest are joined to
a longer one. It has the count, the exact sum, the least and the greatest value of its entries. It counts only while it
lies entirely in a window: if the window begins inside a bucket, the rest of that bucket is left out. So an answer
depends neither on how far back other conditions need the timeline nor on when it was folded.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, reduce
from typing import NamedTuple

from functions.core.timelines.entry import EXACT, Entry
from functions.core.timelines.retention import Retentions
from functions.core.timelines.spec import TimelineSpec

DAY = 86_400
# The greatest length of a bucket, in seconds.
MONTH = 31 * DAY
# Buckets are months, not days, if they lie more than so many months before the newest entry.
MONTHS_OF_DAYS = 12


class Bucket(NamedTuple):
    """The aggregate of the entries of one day or month. Times are seconds UTC.

    opens                when the day or month begins
    first, last          times of its first and its last entry
    events               how many entries there are
    total, least, most   exact sum, minimum and maximum of the values; None in timelines without numbers
    """

    opens: int
    first: int
    last: int
    events: int
    total: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def joined(self, other: "Bucket") -> "Bucket":
        """The aggregate of both buckets."""
        begins = min(self.opens, other.opens)
        first, last, events = min(self.first, other.first), max(self.last, other.last), self.events + other.events
        if self.total is None or other.total is None:
            return Bucket(begins, first, last, events)
        total = EXACT.add(self.total, other.total)
        extremes = [each for each in (self.least, self.most, other.least, other.most) if each is not None]
        return Bucket(begins, first, last, events, total, min(extremes), max(extremes))


class TimelineContent(NamedTuple):
    """The content of a timeline, oldest first: sealed buckets, then single entries."""

    sealed: tuple[Bucket, ...] = ()
    entries: tuple[Entry, ...] = ()


def seals(spec: TimelineSpec, retentions: Retentions) -> bool:
    """True if older entries of the timeline are sealed: a condition needs all, and none needs them one by one."""
    single = (spec.by, spec.group, spec.said, spec.trait, spec.consent, spec.cart, spec.lines, spec.first, spec.whole)
    return not any(single) and any(retention.keep is None for retention in retentions)


def reach(retentions: Retentions) -> int | None:
    """How far back from the newest entry buckets are needed, in seconds; None if without bound."""
    spans = [retention.horizon for retention in retentions if retention.keep is None]
    return None if None in spans else max((span for span in spans if span is not None), default=0)


def opens(time: int, newest: int) -> int:
    """When the bucket of a time begins (seconds UTC), given the time of the timeline's newest entry."""
    year, month, begins = _month(time // DAY)
    years, months, _ = _month(newest // DAY)
    return begins if (years - year) * 12 + months - month > MONTHS_OF_DAYS else time // DAY * DAY


class _Month(NamedTuple):
    year: int
    month: int
    begins: int


@lru_cache(maxsize=1 << 12)
def _month(day: int) -> _Month:
    """The month of a day, which is given as the number of days since 1970."""
    date = datetime.fromtimestamp(day * DAY, UTC)
    return _Month(date.year, date.month, (day - date.day + 1) * DAY)


def bucket(entry: Entry, newest: int) -> Bucket:
    """A bucket of this one entry; ``newest`` is the time of the timeline's newest entry."""
    value = entry.value if isinstance(entry.value, Decimal) else None
    return Bucket(opens(entry.time, newest), entry.time, entry.time, 1, value, value, value)


def gathered(buckets: Iterable[Bucket], newest: int, span: int | None) -> tuple[Bucket, ...]:
    """Combine buckets into one for each day or month, oldest first.

    ``newest`` is the time of the newest entry; buckets that begin ``span`` seconds or more before it are dropped.
    """
    by_start: dict[int, Bucket] = {}
    for each in buckets:
        begins = opens(each.last, newest)
        if span is None or begins > newest - span:
            moved, existing = each._replace(opens=min(begins, each.first)), by_start.get(begins)
            by_start[begins] = existing.joined(moved) if existing else moved
    return tuple(by_start[begins] for begins in sorted(by_start))


def fewer(sealed: tuple[Bucket, ...], most: int) -> tuple[Bucket, ...]:
    """At most so many buckets: the oldest are one, which counts only where all of it does."""
    excess = len(sealed) - most
    if excess <= 0:
        return sealed
    oldest = reduce(Bucket.joined, sealed[: excess + 1])
    return oldest._replace(opens=oldest.first), *sealed[excess + 1 :]


def lost(sealed: Iterable[Bucket], times: set[int]) -> Sequence[Bucket]:
    """The buckets whose first entry is no longer in the log, which deletes the oldest events first."""
    return [each for each in sealed if each.first not in times]
