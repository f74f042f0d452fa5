"""Which runs of a flow are one by its re-entry rule, over everything that a person was ever called.

The rule is about the person. Whoever was known by two profiles has two runs where the rule says one, and learns of it
at a merge: of runs that are one, the one that began first goes on, and the others join it. One entry is one run,
whatever profile it was begun under; so is one stay in the segment that starts the flow.
"""

from collections.abc import Iterable, Sequence

from functions.core.flows.flow import Flow
from functions.core.flows.records import Run

# What becomes of a run that another one goes on for. If people are divided, it may go on after all.
JOINED = "joined the run that began earlier"
# What becomes of a run that came to its end when there was no address: it does not count as an entry.
UNREACHED = "nobody to write to"


def together(flow: Flow, run: Run, others: Iterable[Run], stay: int | None = None) -> list[Run]:
    """The runs that are one with this one, itself among them, the one that goes on first.

    ``others`` are all runs of the flow that the person has, under whatever profile. ``stay`` is since when the person
    is in the segment whose entering starts the flow; None for outside.
    """
    rest = [each for each in others if each.outcome not in (JOINED, UNREACHED) and _key(each) != _key(run)]
    groups = _by_period(flow, _occasions(flow, [*rest, run], stay))
    return next(group for group in groups if run in group)


def may_begin(flow: Flow, run: Run, others: Iterable[Run], stay: int | None = None) -> bool:
    """Whether the rule lets a run begin beside those that there are."""
    return together(flow, run, others, stay) == [run]


def _key(run: Run) -> tuple[str, str]:
    return run.profile, run.entry


def _order(run: Run) -> tuple[int, str, str]:
    return run.since, run.entry, run.profile


def _occasions(flow: Flow, runs: Iterable[Run], stay: int | None) -> list[list[Run]]:
    """The runs by what began them, each once and in order: one event, one value of the key, or one stay."""
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
    # They were in by one name when they left by the other: as one person they left once.
    return run.entered is not None and any(run.entered <= each.since for each in occasion)


def _by_period(flow: Flow, occasions: Iterable[list[Run]]) -> list[list[Run]]:
    """The occasions that the rule counts as one entry."""
    groups: list[list[Run]] = []
    for occasion in occasions:
        if groups and _is_too_soon(flow, groups[-1][0].since, occasion[0].since):
            groups[-1].extend(occasion)
        else:
            groups.append(occasion)
    return groups


def _is_too_soon(flow: Flow, last: int, since: int) -> bool:
    return flow.period is not None and (flow.period == 0 or since < last + flow.period)
