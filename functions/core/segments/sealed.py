"""What a condition says of events that are sealed: since when they count by the day, and how many are left out."""

from collections.abc import Mapping
from datetime import UTC, datetime

from functions.core.asks import CAP
from functions.core.segments.operator import View
from functions.core.segments.windows import Window


def facts(view: View, timeline: str, span: Window) -> Mapping[str, str]:
    """The fact for people; none as long as nothing is sealed."""
    sealed, entries = view.sealed(timeline), view.entries(timeline)
    if not sealed and len(entries) < CAP:
        return {}
    border = _day(entries[0].time)
    words = f"events before {border} count by whole days, those of more than a year earlier by whole months"
    edges = [view.now - each for each in (span.far, span.near) if each]
    cut = [each for each in sealed if any(each.opens <= edge < each.last for edge in edges)]
    if cut:
        days = " and ".join(f"{_day(each.opens)} to {_day(each.last)}" for each in cut)
        return {"bounded": f"{words}: {sum(each.events for each in cut):,} of {days} at most are left out"}
    oldest = sealed[0].opens if sealed else entries[0].time
    if span.far and view.now - span.far < oldest:
        # A day or month that does not lie whole in any window is forgotten.
        begins = _day(view.now - span.far)
        return {"bounded": f"{words}: the rest of the day or month of {begins}, where the window begins, is left out"}
    return {"bounded": f"{words}: none is left out"}


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()
