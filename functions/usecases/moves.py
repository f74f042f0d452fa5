"""Ask who would enter and leave segments if other definitions were current."""

from collections.abc import Iterable, Mapping
from typing import Any

from functions.core.definitions.ruleset import Ruleset
from functions.core.segments.language.check import references
from functions.usecases.members import around
from functions.usecases.questions import Question


def question(kind: str, rulesets: tuple[Ruleset, Ruleset], names: Iterable[str], at: int, told: Any) -> Question:
    """What would become of the members of each of the segments if the second ruleset took the place of the first."""
    segments = sorted(names)
    conditions = [
        around({name: each.segments[name]["when"] for name in segments if name in each.segments}, each)
        for each in rulesets
    ]
    return Question(kind, at, conditions, segments, told)


def moved(before: Ruleset, after: Ruleset) -> set[str]:
    """The segments whose conditions differ, and those that refer to one of them, directly or indirectly."""
    old, new = _conditions(before), _conditions(after)
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    while more := {name for name in new.keys() - differing if references(new[name]) & differing}:
        differing |= more
    return differing


def _conditions(ruleset: Ruleset) -> dict[str, Mapping[str, object]]:
    """The conditions with everything in them that other definitions say: named events, scores, rates."""
    return {name: body["when"] for name, body in ruleset.segments.items()}
