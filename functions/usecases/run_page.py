"""One page of the flow runs under way, with the place at which each stands."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from functions.core.flows.records import Run
from functions.usecases.context import Context
from functions.usecases.run_tallies import Place
from functions.usecases.run_version import by_id, own_version, versions


class AskedFlows(Protocol):
    """What a page of runs needs to know of a question: ``told["flows"]`` has a key for each flow asked about."""

    @property
    def told(self) -> Mapping[str, Any]: ...


class CountsRuns(Protocol):
    """A tally of runs."""

    def add_run(self, flow: str, place: Place) -> None: ...


class RunPage:
    """Runs as they are stored."""

    def __init__(self, context: Context, runs: Sequence[Run]) -> None:
        self._context = context
        self._runs = runs

    @property
    def profiles(self) -> list[str]:
        """Nobody: people are not counted by their runs."""
        return []

    def count(self, asked: AskedFlows, tally: CountsRuns) -> list[str]:
        """Count the runs of the flows that are asked about; nobody is asked for."""
        for run in self._runs:
            if run.flow in asked.told["flows"]:
                tally.add_run(run.flow, _place(self._context, run))
        return []


def _place(context: Context, run: Run) -> Place:
    """The version and the step at which the run is."""
    if own := own_version(run, versions(context, run)):
        return Place(own.version, by_id(run, context.ruleset.flow(own)).step)
    return Place(run.flow_version, run.step)
