"""Retention: how much of a timeline each condition needs, and how much is kept for all of them together."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from functions.core.timelines.entry import Entry

# The most single entries that a timeline keeps for a condition that needs all. Older ones are sealed into buckets, or
# dropped if a condition needs them one by one; the explanation of a condition states this.
CAP = 2000


class Retention(NamedTuple):
    """The entries that a condition needs: the latest ``keep`` ones that are younger than ``horizon`` seconds.

    None means no bound. An entry's age is counted from the newest entry, never from a clock.
    """

    keep: int | None
    horizon: int | None


Retentions = tuple[Retention, ...]


def needed(ordered: Sequence[Entry], retentions: Retentions, cap: int = CAP) -> int:
    """How many of the newest entries some retention needs; ``cap`` is the most for a retention without ``keep``."""
    return max((_asked(ordered, retention, cap) for retention in retentions), default=0)


def _asked(ordered: Sequence[Entry], retention: Retention, cap: int) -> int:
    count = min(len(ordered), cap if retention.keep is None else retention.keep)
    if retention.horizon is None or not ordered:
        return count
    oldest = ordered[-1].time - retention.horizon
    while count and ordered[-count].time <= oldest:
        count -= 1
    return count


def widest(retentions: Iterable[Retention]) -> Retentions:
    """The retentions that no other of them covers, in a fixed order."""
    distinct = set(retentions)
    return tuple(
        sorted(
            (one for one in distinct if not any(other != one and _covers(other, one) for other in distinct)),
            key=lambda retention: (retention.keep or 0, retention.horizon or 0),
        )
    )


def covered(retention: Retention, retentions: Retentions) -> bool:
    """True if one of ``retentions`` keeps everything that ``retention`` needs."""
    return any(_covers(wide, retention) for wide in retentions)


def _covers(wide: Retention, narrow: Retention) -> bool:
    return _reaches(wide.keep, narrow.keep) and _reaches(wide.horizon, narrow.horizon)


def _reaches(wide: int | None, narrow: int | None) -> bool:
    return wide is None or (narrow is not None and wide >= narrow)
