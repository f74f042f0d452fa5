"""Applies a flow's re-entry rule to the runs of a person, over all profiles that the person has had.

The rule is about the person. A person who had two profiles may have two runs where the rule allows one, which is found
when the profiles are merged: of runs that count as one, the one that began first continues, and the others are joined
to it. Runs with the same entry are one run, whatever profile they began under; so are runs of the same stay in the
segment that starts the flow.
"""

from collections.abc import Iterable, Sequence

from functions.core.flows.flow import Flow
from functions.core.flows.records import Run

# The outcome of a run that was joined to an earlier one. If the people are divided later, it may continue.
JOINED = "joined the run that began earlier"
# The outcome of a run that ended while there was no address: it does not count as an entry.
UNREACHED = "nobody to write to"


def together(flow: Flow, run: Run, others: Iterable[Run], stay: int | None = None) -> list[Run]:
    """The runs that count as one with this run, including it; the first of them is the one that continues.

    ``others`` are all runs of the flow that the person has under any profile. ``stay`` is since when (seconds UTC) the
    person has been in the segment whose entering starts the flow; None if they are not in it.
    """
    rest = [each for each in others if each.outcome not in (JOINED, UNREACHED) and _key(each) != _key(run)]
    groups = _by_period(flow, _occasions(flow, [*rest, run], stay))
    return next(group for group in groups if run in group)


def may_begin(flow: Flow, run: Run, others: Iterable[Run], stay: int | None = None) -> bool:
    """True if the rule lets the run begin, given the person's other runs of the flow; arguments as for ``together``."""
    return together(flow, run, others, stay) == [run]


def _key(run: Run) -> tuple[str, str]:
    return run.profile, run.entry


def _order(run: Run) -> tuple[int, str, str]:
    return run.since, run.entry, run.profile


def _occasions(flow: Flow, runs: Iterable[Run], stay: int | None) -> list[list[Run]]:
    """Group runs by what began them (one event, one value of the key, or one stay), in order of time."""
    occasions: list[list[Run]] = []
    for run in sorted(runs, key=_order):
        same = next((each for each in occasions if _is_same(flow, each, run, stay)), None)
        if same is None:
            occasions.append([run])
        else:
            same.append(run)
    return occasions


def _is_same(flow: Flow, occasion: Sequence[Run], run: Run, stay: int | None) -> bool:
    if any(each.entry == run.entry for each in occasion):
        return True
    if flow.segment is None:
        return False
    if flow.on == "enter":
        return stay is not None and occasion[0].since >= stay
    # Under one profile they were in the segment when they left it under the other: as one person they left once.
    return run.entered is not None and any(run.entered <= each.since for each in occasion)


def _by_period(flow: Flow, occasions: Iterable[list[Run]]) -> list[list[Run]]:
    """Merge the occasions that the re-entry rule counts as one entry."""
    groups: list[list[Run]] = []
    for occasion in occasions:
        if groups and _is_too_soon(flow, groups[-1][0].since, occasion[0].since):
            groups[-1].extend(occasion)
        else:
            groups.append(occasion)
    return groups


def _is_too_soon(flow: Flow, last: int, since: int) -> bool:
    return flow.period is not None and (flow.period == 0 or since < last + flow.period)
