"""Predict what publishing a flow would do to its runs under way."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base.instants import FOREVER
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset
from functions.core.flows.records import Run
from functions.core.flows.step_ids import following, with_ids
from functions.usecases.context import Context
from functions.usecases.draft import drafted
from functions.usecases.run_version import by_id, own_version

# The most waiting runs of a paused flow that are counted; they are listed in one answer.
MOST_PAUSED = 10_000


def flow_impact(context: Context, name: str, text: str) -> dict[str, Any]:
    """Count the runs under way by version and step, and say at which step each group would continue.

    Raises DefinitionRefused with every fault of the text. Reads every run of the shop that is under way.
    """
    draft, warnings = drafted(context, "flows", name, text)
    return flow_view(context, name, draft.body) | warnings


def flow_view(context: Context, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """What would become of the runs of a flow under way with this checked body, as the API shows it."""
    stored = context.ports.definitions.versions("flows", name)
    standing = Counter(_place(run, stored, context.ruleset) for run in _under_way(context, name))
    groups = [_group(place, count, body, stored) for place, count in sorted(standing.items())]
    return {
        "move": bool(body.get("move")),
        "steps": [step["id"] for step in body["steps"]],
        "under_way": sum(standing.values()),
        "groups": groups,
        "text": " ".join(group["text"] for group in groups) or "No run is under way.",
    }


def _under_way(context: Context, name: str) -> Iterator[Run]:
    shards = range(context.settings.due_shards)
    due = ((row.profile, row.key) for shard in shards for row in context.ports.runs.due(shard, FOREVER))
    keys = [key for key in due if key[1].partition("#")[0] == name]
    for profile, run_id in (*keys, *context.ports.runs.paused(name, MOST_PAUSED)):
        run = context.ports.runs.get(profile, run_id)
        if run is not None and run.due is not None:
            yield run


def _place(run: Run, stored: list[Definition], ruleset: Ruleset) -> tuple[int, str]:
    """The version and the step at which the run is."""
    own = own_version(run, stored)
    return (own.version, by_id(run, ruleset.flow(own)).step) if own else (run.flow_version, run.step)


def _group(place: tuple[int, str], count: int, body: Mapping[str, Any], stored: list[Definition]) -> dict[str, Any]:
    version, step = place
    own = next((each.body for each in stored if each.version == version), {"steps": ()})
    new = [each["id"] for each in body["steps"]]
    moves = bool(body.get("move"))
    then = following([each["id"] for each in with_ids(own["steps"])], new, step) if moves else step or None
    sentence = _said(place, count, moves, then)
    return {"version": version, "step": step or None, "runs": count, "then": then, "text": sentence}


def _said(place: tuple[int, str], count: int, moves: bool, then: str | None) -> str:
    version, step = place
    runs = f"{count} {'run' if count == 1 else 'runs'} {f'at step {step}' if step else 'past the last step'}"
    if not moves:
        return f"{runs} of version {version} go on under it."
    if then is None:
        return f"{runs} of version {version} would end: nothing is left after it."
    return f"{runs} of version {version} would go on at step {then} of the new version."
