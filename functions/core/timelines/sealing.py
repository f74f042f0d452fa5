"""Sealed buckets: aggregates by day, month or year of a timeline's older entries.

The latest entries of a timeline are kept one by one; older ones are added up in buckets. A bucket is one day (UTC), or
one month that lies more than a year before the newest entry; a state that outgrows its row has longer ones. It has the
count, the exact sum, the least and the greatest value of its entries. It counts only while it lies entirely in a
window: if the window begins inside a bucket, the rest of that bucket is left out. So an answer depends neither on how
far back other conditions need the timeline nor on when it was folded.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from functions.core.timelines.entry import EXACT, Entry
from functions.core.timelines.retention import CAP, Retentions
from functions.core.timelines.spec import TimelineSpec

DAY = 86_400
# The greatest length of a bucket of a state that has room in its row, in seconds.
MONTH = 31 * DAY
# Buckets are months, not days, if they lie more than so many months before the newest entry.
MONTHS_OF_DAYS = 12


class Grain(IntEnum):
    """How long buckets are: the longer, the fewer there are. Each of one grain lies in a single one of the next."""

    DAYS = 0  # days, and months that lie more than a year back
    MONTHS = 1
    YEARS = 2
    WHOLE = 3  # one bucket for all

    @classmethod
    def after(cls, halvings: int) -> "Grain":
        """The grain of a state that halved the number of its single entries so many times."""
        return _GRAINS[bisect_right(_COARSER_FROM, halvings)]


_GRAINS = tuple(Grain)
# The numbers of halvings from which on each next grain is that of a state.
_COARSER_FROM = (3, 7, 9)


class Memory(NamedTuple):
    """How much a timeline remembers: at most ``cap`` entries one by one, and older ones in buckets of a grain."""

    cap: int = CAP
    grain: Grain = Grain.DAYS


class Bucket(NamedTuple):
    """The aggregate of the entries of one day, month or year, or of all. Times are seconds UTC.

    opens                when the day, month or year begins; 0 of the bucket for all
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
        """The aggregate of two buckets of one day, month or year."""
        first, last, events = min(self.first, other.first), max(self.last, other.last), self.events + other.events
        if self.total is None or other.total is None:
            return Bucket(self.opens, first, last, events)
        total = EXACT.add(self.total, other.total)
        extremes = [each for each in (self.least, self.most, other.least, other.most) if each is not None]
        return Bucket(self.opens, first, last, events, total, min(extremes), max(extremes))


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


def opens(time: int, newest: int, grain: Grain = Grain.DAYS) -> int:
    """When the bucket of a time begins (seconds UTC), given the time of the timeline's newest entry."""
    if grain is Grain.WHOLE:
        return 0
    year, month, begins = _month(time // DAY)
    if grain is Grain.YEARS:
        return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    years, months, _ = _month(newest // DAY)
    is_month = grain is Grain.MONTHS or (years - year) * 12 + months - month > MONTHS_OF_DAYS
    return begins if is_month else time // DAY * DAY


class _Month(NamedTuple):
    year: int
    month: int
    begins: int


@lru_cache(maxsize=1 << 12)
def _month(day: int) -> _Month:
    """The month of a day, which is given as the number of days since 1970."""
    date = datetime.fromtimestamp(day * DAY, UTC)
    return _Month(date.year, date.month, (day - date.day + 1) * DAY)


def bucket(entry: Entry, newest: int, grain: Grain) -> Bucket:
    """A bucket of this one entry; ``newest`` is the time of the timeline's newest entry."""
    value = entry.value if isinstance(entry.value, Decimal) else None
    return Bucket(opens(entry.time, newest, grain), entry.time, entry.time, 1, value, value, value)


def gathered(buckets: Iterable[Bucket], newest: int, span: int | None, grain: Grain) -> tuple[Bucket, ...]:
    """Combine buckets into one for each day, month or year, oldest first.

    ``newest`` is the time of the newest entry; buckets that begin ``span`` seconds or more before it are dropped.
    """
    by_start: dict[int, Bucket] = {}
    for each in buckets:
        begins = opens(each.last, newest, grain)
        if span is None or begins > newest - span:
            moved, existing = each._replace(opens=begins), by_start.get(begins)
            by_start[begins] = existing.joined(moved) if existing else moved
    return tuple(by_start[begins] for begins in sorted(by_start))


def lost(sealed: Iterable[Bucket], times: set[int]) -> Sequence[Bucket]:
    """The buckets whose first entry is no longer in the log, which deletes the oldest events first."""
    return [each for each in sealed if each.first not in times]
