"""Predict what publishing a flow would do to its runs under way."""

from collections.abc import Mapping
from typing import Any

from functions.core.definitions.records import Definition
from functions.core.flows.step_ids import following, with_ids
from functions.core.jobs.records import Job
from functions.usecases import jobs
from functions.usecases.context import Context
from functions.usecases.draft import drafted
from functions.usecases.questions import FLOW_IMPACT, Question, in_a_moment
from functions.usecases.run_tallies import ImpactTally, Place, RunsTally

View = dict[str, Any]


def flow_impact(context: Context, name: str, text: str, author: str = "") -> View | Job:
    """Count the runs under way by version and step, and say at which step each group would continue.

    Of many runs it is the job that counts them. Raises DefinitionRefused with every fault of the text, or TooMany.
    """
    draft, warnings = drafted(context, "flows", name, text)
    asked = Question(FLOW_IMPACT, context.now, [], [], {"flows": {name: outline(draft.body)}, "warnings": warnings})
    if moment := in_a_moment(context, asked):
        return flow_impact_of(context, asked, moment.tally)
    return jobs.request(context, asked, jobs.About(f"impact of a text of flow {name}", author))


def flow_impact_of(context: Context, asked: Question, tally: RunsTally) -> View:
    """The answer from what was counted."""
    (view,) = flow_views(context, asked, tally).values()
    return {**view, **asked.told["warnings"]}


def outline(body: Mapping[str, Any]) -> View:
    """What the impact of a checked flow follows from: whether it moves runs, and the ids of its steps."""
    return {"move": bool(body.get("move")), "steps": [step["id"] for step in body["steps"]]}


def flow_views(context: Context, asked: Question, tally: RunsTally | ImpactTally) -> dict[str, View]:
    """What would become of the runs of each flow that is asked about, as the API shows it."""
    return {name: _view(context, name, new, tally) for name, new in asked.told["flows"].items()}


def _view(context: Context, name: str, new: Mapping[str, Any], tally: RunsTally | ImpactTally) -> View:
    standing = tally.standing[name]
    stored = context.ports.definitions.versions("flows", name) if standing else []
    groups = [_group(place, count, new, stored) for place, count in sorted(standing.items())]
    return {
        **new,
        "under_way": sum(standing.values()),
        "groups": groups,
        "text": " ".join(group["text"] for group in groups) or "No run is under way.",
    }


def _group(place: Place, count: int, new: Mapping[str, Any], stored: list[Definition]) -> View:
    version, step = place
    own = next((each.body for each in stored if each.version == version), {"steps": ()})
    moves = new["move"]
    then = following([each["id"] for each in with_ids(own["steps"])], new["steps"], step) if moves else step or None
    sentence = _said(place, count, moves, then)
    return {"version": version, "step": step or None, "runs": count, "then": then, "text": sentence}


def _said(place: Place, count: int, moves: bool, then: str | None) -> str:
    version, step = place
    runs = f"{count} {'run' if count == 1 else 'runs'} {f'at step {step}' if step else 'past the last step'}"
    if not moves:
        return f"{runs} of version {version} go on under it."
    if then is None:
        return f"{runs} of version {version} would end: nothing is left after it."
    return f"{runs} of version {version} would go on at step {then} of the new version."
