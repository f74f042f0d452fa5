"""How many events of a person count in a day: who sends more is a program, whose profile stops growing for that day.

A day is that of the receipt (UTC). The log keeps every event; of a day the first to be received count, whoever reads
them. Answers about e-mail always do. Fold counts as it goes, in the row that it writes, so that its count is about
right: records that come again count twice.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from functions.core.base.events import Event

DAY = 86_400
# The name, among those of the fields, of the limit that such a profile has reached.
LIMIT = "events"


class Day(NamedTuple):
    """How many events of a person were folded on a day (since 1970); ``over`` once there have been too many."""

    day: int = 0
    events: int = 0
    over: bool = False


def counted(events: Sequence[Event], most: int) -> list[Event]:
    """Those of a person's events that count, in their order."""
    if len(events) <= most:
        return list(events)
    sizes = Counter(event.received // DAY for event in events if not _answers(event))
    crowded = {day for day, size in sizes.items() if size > most}
    kept: set[str] = set()
    for day in crowded:
        of_day = (event for event in events if event.received // DAY == day and not _answers(event))
        kept.update(event.id for event in sorted(of_day, key=_by_receipt)[:most])
    return [event for event in events if event.received // DAY not in crowded or event.id in kept or _answers(event)]


def admit(today: Day, events: Sequence[Event], most: int) -> tuple[list[Event], Day]:
    """Those of these new events that count, and the day after them; of a day that is over nobody counts any more."""
    kept = list[Event]()
    for event in sorted(events, key=_by_receipt):
        day = event.received // DAY
        if day > today.day:
            today = Day(day)
        if day < today.day or _answers(event):
            kept.append(event)
        elif today.events < most:
            kept.append(event)
            today = today._replace(events=today.events + 1)
        else:
            today = today._replace(over=True)
    return kept, today


def _answers(event: Event) -> bool:
    """True if it says something of the permission to write to somebody, which no limit may leave out."""
    return bool(event.consent or event.suppression)


def _by_receipt(event: Event) -> tuple[int, str]:
    return event.received, event.id
