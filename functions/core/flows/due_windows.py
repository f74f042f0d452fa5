"""Which part of the due indexes a tick reads: windows that follow on each other, however late or often ticks come.

        age 20 min         age 10 min               now       now + LOOKAHEAD
    ────────┼──────────────────┼─────────────────────┼──────────────┼──────────► due
    ─ sweep ┤         ─ sweep ─┤                       coming window┤

Each window begins where the one of its kind ended in the tick before. So a row is read once as it comes near, and once
at each age that it reaches in the index; a row that nothing can process is left alone after the last sweep. The ages
double: what nobody could process for some time is tried again before twice that time has passed.
"""

from collections.abc import Sequence
from typing import NamedTuple

MINUTE = 60

# EventBridge Scheduler keeps to the minute, so two ticks may be two minutes apart; the rest is for their own work.
LOOKAHEAD = 150

# What falls due sooner than this is queued by whoever writes it. A row becomes visible to ticks only some time after
# its writer has read the clock: that may take up to the difference, and no tick passes it over.
SOON = LOOKAHEAD + 45

# The first sweep comes after the five attempts that a message of ``wakes`` has.
AGES = tuple(10 * MINUTE * 2**step for step in range(10))

# A tick that begins so much later than the end of the last window has to catch up.
_GAP = 5 * MINUTE
# By how much the clocks of two ticks may differ; what is further ahead was written by a clock that was wrong.
_TOLERANCE = MINUTE


class Progress(NamedTuple):
    """How far ticks have come (seconds UTC).

    ends     where the window of each kind ended: the coming one first, then a sweep for each of AGES
    resumed  when a tick last caught up with what others had missed; sweeps of what it queued are counted from here
    shards   the largest number of shards that were read
    version  the number of the stored write
    """

    ends: tuple[int, ...] = ()
    resumed: int = 0
    shards: int = 0
    version: int = 0

    def end(self, kind: int) -> int:
        """Where the last window of the kind ended; 0 before the first."""
        return self.ends[kind] if kind < len(self.ends) else 0


class Window(NamedTuple):
    """Rows with ``since <= due < until``. ``kind`` is 0 for what is coming, else the number of the sweep."""

    kind: int
    since: int
    until: int


def windows(progress: Progress, now: int) -> list[Window]:
    """The windows that a tick at ``now`` has to read, in this order.

    A sweep waits until half its age has gathered, since each costs a query a shard.
    """
    coming = _coming(progress, now)
    resumed = _resumed(progress, coming, now)
    sweeps = [Window(kind, progress.end(kind), now - age) for kind, age in enumerate(AGES, 1) if now - resumed >= age]
    ripe = [sweep for sweep in sweeps if sweep.until - sweep.since >= AGES[sweep.kind - 1] // 2]
    return [coming, *ripe] if coming.since < coming.until else ripe


def reached(progress: Progress, window: Window, now: int, shards: int) -> Progress:
    """The progress once the window was read at ``now`` in this number of shards."""
    ends = [progress.end(kind) for kind in range(len(AGES) + 1)]
    ends[window.kind] = window.until
    if window.kind:
        return progress._replace(ends=tuple(ends))
    resumed = _resumed(progress, window, now)
    return Progress(tuple(_believed(ends, now)), resumed, max(shards, progress.shards), progress.version)


def _coming(progress: Progress, now: int) -> Window:
    end, until = progress.end(0), now + LOOKAHEAD
    return Window(0, end if end <= until + _TOLERANCE else now, until)


def _resumed(progress: Progress, coming: Window, now: int) -> int:
    return now if coming.since < now - _GAP else min(progress.resumed, now)


def _believed(ends: Sequence[int], now: int) -> list[int]:
    """The ends without those that a clock ahead of time has written: sweeps would rest until that time has come."""
    latest = [now + LOOKAHEAD, *(now - age for age in AGES)]
    return [end if end <= limit + _TOLERANCE else limit for end, limit in zip(ends, latest, strict=True)]
