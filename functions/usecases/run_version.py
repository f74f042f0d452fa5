"""Find the version of its flow by which a run continues: the one it started by, or a later one that moves runs.

Versions never change, so those that were read are kept with the loaded definitions. The timelines that an older version
needs may no longer be kept: then its conditions are evaluated from the person's whole log, which is slow but right.
"""

from dataclasses import replace
from typing import NamedTuple

from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Run
from functions.core.flows.step_ids import following
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue
from functions.usecases import profile_update
from functions.usecases.context import Context
from functions.usecases.profile_session import CurrentPerson


class Version(NamedTuple):
    """A version of a flow and its catalogue; ``is_kept`` is True if stored timelines suffice for its conditions."""

    flow: Flow
    catalogue: Catalogue
    is_kept: bool

    def state(self, context: Context, person: CurrentPerson) -> State:
        """The person's state with the timelines that this version's conditions need."""
        if self.is_kept:
            return person.state
        return engine.rebuild(
            profile_update.history(context, person.attributes), self.catalogue, context.now, person.profile
        )


def version_of(context: Context, run: Run) -> tuple[Run, Version] | None:
    """The run at its step in the version by which it continues, and that version; None if the flow is withdrawn."""
    current = context.ruleset.flows.get(run.flow)
    if current is None:
        return None
    if run.flow_version == current.version:
        return run, Version(current, context.ruleset.catalogue, True)
    stored = _stored(context, run)
    own = own_version(run, stored)
    if own is None:
        return replace(run, flow_version=current.version), Version(current, context.ruleset.catalogue, True)
    target = _target(own, stored, context.ruleset)
    run = carry_over(run, context.ruleset.flow(own), context.ruleset.flow(target))
    if target.version == current.version:
        return run, Version(current, context.ruleset.catalogue, True)
    return run, _older(target, current, context.ruleset)


def own_version(run: Run, stored: list[Definition]) -> Definition | None:
    """The version that the run stores; if it stores none, the one that was current when it started."""
    if run.flow_version:
        return next((each for each in stored if each.version == run.flow_version), None)
    return next((each for each in reversed(stored) if each.time <= run.started), stored[0] if stored else None)


def carry_over(run: Run, old: Flow, new: Flow) -> Run:
    """The run in the new version: at the same step or, if that is gone, at the next one that still exists."""
    run = by_id(run, old)
    if old.version == new.version:
        return replace(run, flow_version=new.version)
    ids = [step.id for step in new.steps]
    place = following([step.id for step in old.steps], ids, run.step)
    return replace(run, step=flows.PAST if place is None else place, flow_version=new.version)


def by_id(run: Run, flow: Flow) -> Run:
    """The run with the id of its step; runs from before steps had ids store the step's number."""
    number = int(run.step) if run.step.isdigit() and flow.step(run.step) is None else len(flow.steps)
    return replace(run, step=flow.steps[number].id) if number < len(flow.steps) else run


def _target(own: Definition, stored: list[Definition], ruleset: Ruleset) -> Definition:
    """The latest version after the run's own that moves runs to it; else the run's own."""
    later = [each for each in stored if each.version > own.version and each.body.get("move")]
    target = later[-1] if later else own
    # What it refers to may have been withdrawn since, and then it cannot be evaluated.
    return stored[-1] if ruleset.lacks(target) else target


def _stored(context: Context, run: Run) -> list[Definition]:
    """The versions of the run's flow without withdrawals, oldest first."""
    return [each for each in versions(context, run) if not each.withdrawn]


def ended_meanwhile(context: Context, run: Run) -> str | None:
    """The outcome of a run that a version between its own and the current one has ended; else None."""
    current = context.ruleset.flows.get(run.flow)
    if current is None or run.flow_version in (0, current.version):
        return None
    since = [each for each in versions(context, run) if run.flow_version <= each.version < current.version]
    if any(each.withdrawn for each in since):
        return "the flow was withdrawn"
    paused = (each for each in since if each.body.get("state") == "paused")
    return "the flow was paused" if any(each.body.get("when paused") == "end" for each in paused) else None


def versions(context: Context, run: Run) -> list[Definition]:
    """All versions of the run's flow, including withdrawals.

    A run may have been started by a newer version than those that are loaded: then they are read again.
    """
    versions = context.ruleset.versions.get(run.flow, [])
    if own_version(run, versions) is None:
        context.ruleset.versions[run.flow] = versions = context.ports.definitions.versions("flows", run.flow)
    return versions


def _older(target: Definition, current: Flow, ruleset: Ruleset) -> Version:
    # Only the current version decides whether the flow is on.
    flow = replace(ruleset.flow(target), state=current.state, when_paused=current.when_paused, resumed=current.resumed)
    if ruleset.keeps(flow):
        return Version(flow, ruleset.catalogue, True)
    return Version(flow, ruleset.catalogue_of(flow), False)
