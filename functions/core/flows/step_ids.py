"""Assigns ids to a flow's steps that stay the same from version to version.

A run stores its next step by id, and the cause of a message contains the id. So a step keeps its id as long as it is
the same step: the same template at any position, the same content between the same neighbours, or a wait or check of
which only the content was changed. An id in the definition takes precedence; an id that was assigned once is never
assigned to another step.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import count
from typing import Any

from functions.core.flows.step_kinds import step_kinds

Step = Mapping[str, Any]


def identified(body: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The flow's body with an id for each step; ``before`` is the body of the version that it replaces, if any.

    The key ``ids`` of the result lists all ids that were assigned so far, those of removed steps included.
    """
    old = with_ids(before["steps"]) if before else []
    used = {step["id"] for step in old} | set(before.get("ids", ()) if before else ())
    steps = [dict(step) for step in body["steps"]]
    used_ids = {step["id"] for step in steps if "id" in step}
    for place, same in _same(old, steps):
        if "id" not in steps[place] and same not in used_ids:
            steps[place]["id"] = same
            used_ids.add(same)
    for step in steps:
        if "id" not in step:
            step["id"] = next(name for name in _names(step) if name not in used_ids | used)
            used_ids.add(step["id"])
    return {**body, "steps": steps, "ids": sorted(used_ids | used)}


def with_ids(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps, each with its id; a step of a version from before ids were assigned has its number, from 0, as id."""
    return [{"id": str(number), **step} for number, step in enumerate(steps)]


def following(old: Sequence[str], new: Sequence[str], step: str) -> str | None:
    """The id of the step at which a run continues when its flow gets a new version.

    It is the run's ``step``, or the first after it in ``old`` that is still in ``new``; None if there is none left, and
    for a run that is past its last step.
    """
    rest = old[old.index(step) :] if step in old else ()
    return next((each for each in rest if each in new), None)


def _same(old: Sequence[Step], new: Sequence[Step]) -> Iterator[tuple[int, str]]:
    """Pairs of a new step's index and the id of the old step that it continues, the most certain matches first."""
    named = {(step["do"], name): step["id"] for step in old if (name := _name(step)) is not None}
    for place, step in enumerate(new):
        if (match := named.get((step["do"], _name(step) or ""))) is not None:
            yield place, match
    matcher = SequenceMatcher(None, _contents(old, old), _contents(new, old), autojunk=False)
    edits = matcher.get_opcodes()
    for kind, first, last, start, end in edits:
        if kind == "equal":
            yield from zip(range(start, end), (step["id"] for step in old[first:last]), strict=True)
    for kind, first, last, start, end in edits:
        if kind == "replace":
            yield from _changed(old[first:last], new, range(start, end))


def _contents(steps: Sequence[Step], old: Sequence[Step]) -> list[str]:
    """The texts by which steps are compared; a step with the id of an old one has that one's text."""
    by_id = {step["id"]: step for step in old}
    return [repr(_content(by_id.get(step.get("id"), step))) for step in steps]


def _content(step: Step) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in step.items() if name != "id")


def _changed(old: Sequence[Step], new: Sequence[Step], places: range) -> Iterator[tuple[int, str]]:
    """Match replaced steps without a name to the old ones of the same kind in the same place, in their order."""
    for do in step_kinds():
        ids = (step["id"] for step in old if step["do"] == do and _name(step) is None)
        changed = (place for place in places if new[place]["do"] == do and _name(new[place]) is None)
        yield from zip(changed, ids, strict=False)


def _names(step: Step) -> Iterator[str]:
    """Candidates for a step's id, endlessly: its name, such as the template's id, then numbered ones."""
    name = _name(step)
    if name is not None:
        yield name
    yield from (f"{name or step['do']}-{number}" for number in count(1 if name is None else 2))


def _name(step: Step) -> str | None:
    return step_kinds()[step["do"]].name(step)
