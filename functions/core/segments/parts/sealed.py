"""Facts for events that are no longer kept one by one: how they count, and how many are left out."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from functions.core.segments.operator import View
from functions.core.segments.windows import Window
from functions.core.timelines.sealing import Grain, opens
from functions.core.timelines.spec import TimelineSpec

# How events count that are no longer kept one by one, and what does not count where a window begins within.
_COUNTED = {
    Grain.DAYS: ("by whole days, those of more than a year earlier by whole months", "the rest of the day or month"),
    Grain.MONTHS: ("by whole months", "the rest of the month"),
    Grain.YEARS: ("by whole years", "the rest of the year"),
    Grain.WHOLE: ("only all together", "what came after the beginning"),
}


def capped(view: View, *specs: TimelineSpec) -> dict[str, Any]:
    """The fact ``bounded`` for conditions that read single entries only, if older ones may be missing; else ``{}``."""
    if all(len(view.entries(spec.id)) < view.cap and not view.sealed(spec.id) for spec in specs):
        return {}
    return {"bounded": f"only the latest {view.cap:,} are remembered one by one, and older ones do not count"}


def worst(several: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The facts ``bounded`` and ``uncounted`` with the most left out; an unknown number counts as more than any."""
    bounded = (facts for facts in several if "bounded" in facts)
    worst_facts = max(bounded, key=lambda facts: facts.get("uncounted", math.inf), default={})
    return {name: worst_facts[name] for name in ("bounded", "uncounted") if name in worst_facts}


def facts(view: View, timeline: str, span: Window) -> Mapping[str, Any]:
    """The facts for conditions that count buckets; ``uncounted`` is the most events left out. Else ``{}``."""
    sealed, entries = view.sealed(timeline), view.entries(timeline)
    if not sealed and len(entries) < view.cap:
        return {}
    border = _day(entries[0].time)
    by, rest = _COUNTED[view.grain]
    words = f"events before {border} count {by}"
    edges = [view.now - each for each in (span.far, span.near) if each]
    cut = [each for each in sealed if any(each.opens <= edge < each.last for edge in edges)]
    if cut:
        days = " and ".join(f"{_day(each.opens or each.first)} to {_day(each.last)}" for each in cut)
        most = sum(each.events for each in cut)
        return {"bounded": f"{words}: {most:,} of {days} at most are left out", "uncounted": most}
    oldest = sealed[0].opens if sealed else entries[0].time
    if span.far and view.now - span.far < oldest and _is_forgotten(view.now - span.far, view, timeline):
        begins = _day(view.now - span.far)
        return {"bounded": f"{words}: {rest} of {begins}, where the window begins, is left out"}
    return {"bounded": f"{words}: none is left out", "uncounted": 0}


def _is_forgotten(time: int, view: View, timeline: str) -> bool:
    """True if the bucket for this time would have been dropped, as it lies in no condition's window."""
    forgotten = view.forgotten(timeline)
    return forgotten is not None and opens(time, view.entries(timeline)[-1].time, view.grain) <= forgotten


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()
