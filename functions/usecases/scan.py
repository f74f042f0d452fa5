"""What jobs read of a segment of the scan: profiles, flow runs, or first the one and then the other."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.usecases.context import Context
from functions.usecases.run_page import RunPage
from functions.usecases.scan_page import ScanPage

PROFILES, RUNS = "profiles", "runs"
# What the stored place of a job among flow runs begins with. No place among profiles does: it is a JSON list.
_AMONG_RUNS = "runs:"


Page = ScanPage | RunPage


class Standing(NamedTuple):
    """Where a job goes on in a segment: what it reads there, and behind which row; None at the beginning."""

    reads: str
    place: str | None = None


def standing(reads: Sequence[str], stored: str | None) -> Standing:
    """Where a job that reads these stands, by the place that its segment has stored."""
    if stored is None:
        return Standing(reads[0])
    if stored.startswith(_AMONG_RUNS):
        return Standing(RUNS, stored.removeprefix(_AMONG_RUNS) or None)
    return Standing(PROFILES, stored)


def following(reads: Sequence[str], at: Standing, place: str | None) -> str | None:
    """What a job stores after a page that ended at ``place``; None if nothing is left for it in the segment."""
    if at.reads == RUNS:
        return None if place is None else _AMONG_RUNS + place
    return _AMONG_RUNS if place is None and RUNS in reads else place


def read(context: Context, at: Standing, size: int, lane: int = 0, of: int = 1) -> tuple[Page, str | None]:
    """The page that begins there, of ``size`` rows, and where the next one begins; None after the last."""
    if at.reads == RUNS:
        runs, place = next(iter(context.ports.runs.pages(at.place, size, lane=lane, of=of)))
        return RunPage(context, runs), place
    states, place = next(iter(context.ports.people.pages(at.place, size, lane=lane, of=of)))
    return ScanPage(context, states), place
