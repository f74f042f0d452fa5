"""Since when a person has been in segments, searched for from now back.

Most stays are shorter than the history. So the latest events are replayed first; before them is replayed only for
segments that the person was in all the time since, with more events at each step.
"""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heapreplace

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, holds
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.segments.engine.replay import Replay
from functions.core.segments.engine.replayed_timelines import EventIndex

# How many of the latest events are replayed first, and how many times as many at each further step.
FIRST, GROWTH = 256, 8


def entered(
    events: Iterable[Event], catalogue: Catalogue, segments: Iterable[str], now: int, profile: str = ""
) -> dict[str, int]:
    """When the person entered those of the segments that they are in at ``now`` (seconds UTC)."""
    index = EventIndex(events, catalogue, now)
    begun: dict[str, int] = {}
    waiting, end = list(segments), now
    for start in _starts(index.events, now):
        if not waiting:
            break
        present = _begun(Replay(index, profile), waiting, start, end)
        if end < now:
            # Who was not in by the end of this span entered right after it.
            present = dict.fromkeys(waiting, end + 1) | present
        begun |= present
        waiting, end = [name for name, since in present.items() if since == start], start - 1
    return begun


def _starts(events: Sequence[Event], now: int) -> Iterator[int]:
    """Where to begin replays (seconds UTC), latest first; the last is the first event's instant."""
    place, step = len(events), FIRST
    last = now + 1
    while place > 0:
        place, step = max(0, place - step), step * GROWTH
        if events[place].time < last:
            last = events[place].time
            yield last
    if not events:
        yield now


def _begun(replay: Replay, segments: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Since when the person is in those of the segments that they are in at ``end``; ``start`` if all the time."""
    since: dict[str, int] = {}
    waiting = [(start, name) for name in segments]
    heapify(waiting)
    while waiting and waiting[0][0] <= end:
        at, name = waiting[0]
        replay.move_to(at)
        verdict = replay.verdict(name)
        if holds(verdict):
            since.setdefault(name, at)
        else:
            since.pop(name, None)
        heapreplace(waiting, (min(max(at + 1, abs(verdict)), FOREVER), name))
    return since
