"""Identities of a flow's steps, which stay the same from version to version.

A run knows its next step by its id, and the cause of a message holds the id. So a step keeps its id for as long as it
is the same step: the same template wherever it stands, the same content between the same neighbours, or a wait or
check whose content alone was changed. An id that is written beside a step outweighs all that; an id that was given once
is given to no other step later.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import count
from typing import Any

from functions.core.flows.step_kinds import step_kinds

Step = Mapping[str, Any]


def identified(body: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The flow's body with an id for each step; ``before`` is the body of the version that it replaces.

    ``ids`` are all that were given up to now, those of steps that are gone included.
    """
    old = with_ids(before["steps"]) if before else []
    used = {step["id"] for step in old} | set(before.get("ids", ()) if before else ())
    steps = [dict(step) for step in body["steps"]]
    taken = {step["id"] for step in steps if "id" in step}
    for place, same in _same(old, steps):
        if "id" not in steps[place] and same not in taken:
            steps[place]["id"] = same
            taken.add(same)
    for step in steps:
        if "id" not in step:
            step["id"] = next(name for name in _names(step) if name not in taken | used)
            taken.add(step["id"])
    return {**body, "steps": steps, "ids": sorted(taken | used)}


def with_ids(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps, each with its id; those of before ids were given are known by their numbers."""
    return [{"id": str(number), **step} for number, step in enumerate(steps)]


def following(old: Sequence[str], new: Sequence[str], step: str) -> str | None:
    """The step of the new ids at which a run goes on that is at one of the old: itself, or the next that is left.

    None if nothing is left after it, and for a run that is past its last step.
    """
    rest = old[old.index(step) :] if step in old else ()
    return next((each for each in rest if each in new), None)


def _same(old: Sequence[Step], new: Sequence[Step]) -> Iterator[tuple[int, str]]:
    """Places of new steps, each with the id of the old step that it is, the surest first."""
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
    """What is compared: a step with the id of an old one counts as that one, whatever it says."""
    by_id = {step["id"]: step for step in old}
    return [repr(_content(by_id.get(step.get("id"), step))) for step in steps]


def _content(step: Step) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in step.items() if name != "id")


def _changed(old: Sequence[Step], new: Sequence[Step], places: range) -> Iterator[tuple[int, str]]:
    """Steps without a name whose content was changed where they stand: those of a kind in their order."""
    for do in step_kinds():
        ids = (step["id"] for step in old if step["do"] == do and _name(step) is None)
        changed = (place for place in places if new[place]["do"] == do and _name(new[place]) is None)
        yield from zip(changed, ids, strict=False)


def _names(step: Step) -> Iterator[str]:
    """Ids to choose from: a mail has its template's, others are numbered."""
    name = _name(step)
    if name is not None:
        yield name
    yield from (f"{name or step['do']}-{number}" for number in count(1 if name is None else 2))


def _name(step: Step) -> str | None:
    return step_kinds()[step["do"]].name(step)
