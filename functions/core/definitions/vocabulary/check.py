"""Warnings and faults for unknown names in a definition.

A name is known if it is standard, listed in a definition of events, or seen in events. Use as a flow's start or in an
example does not make it known. A property must be known for the events it is used with, once these were seen with
properties. A name seen only under the public write key is accepted unless it looks like a misspelling of another.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from functions.core.base.errors import Fault
from functions.core.base.line_column import line_and_column
from functions.core.definitions.vocabulary.known import UnknownName, Vocabulary, complaints, vocabulary
from functions.core.definitions.vocabulary.mentions import mentions

if TYPE_CHECKING:
    from functions.core.definitions.document import Document

__all__ = ["Judged", "Vocabulary", "judge", "parted", "vocabulary", "warnings_of"]

_GOAL = "a goal that never comes would never stop the mails; `strict: false` publishes it all the same"


class Judged(NamedTuple):
    """The faults to refuse a definition for, and the warnings, each with its position in the text."""

    faults: list[Fault]
    warnings: list[Fault]


def judge(body: Mapping[str, Any], document: "Document", vocabulary: Vocabulary) -> Judged:
    """Judge the names in a checked body.

    An unknown event as a flow's goal is refused unless ``strict: false``; all other unknown names only with ``strict:
    true``.
    """
    goals = list(_of_goal(body, document, vocabulary))
    others = sorted(_of_rest(body, document, vocabulary), key=lambda fault: (fault.line or 0, fault.column or 0))
    return parted(body.get("strict"), goals, others)


def parted(strict: bool | None, goals: list[Fault], others: list[Fault]) -> Judged:
    """Part unknown names of goals and others into faults and warnings, according to the definition's ``strict``."""
    if strict is True:
        return Judged([*goals, *others], [])
    return Judged([], [*goals, *others]) if strict is False else Judged(goals, others)


def warnings_of(condition: Mapping[str, Any], text: str, vocabulary: Vocabulary) -> list[Fault]:
    """The warnings for a condition outside a definition, each with its position in the text."""
    return [_placed(text, each) for each in complaints(mentions(condition), vocabulary)]


def _of_goal(body: Mapping[str, Any], document: "Document", vocabulary: Vocabulary) -> Iterator[Fault]:
    goal = document.body.get("goal")
    parts = goal if isinstance(goal, list) else [goal]
    for name, message, suggestion in complaints(mentions({"events": body.get("goal") or []}), vocabulary):
        where = f"goal[{parts.index(name)}]" if isinstance(goal, list) and name in parts else "goal"
        why = f"{message}: {_GOAL}" if body.get("strict") is None else message
        yield document.place(Fault(why, where, suggestion=suggestion))


def _of_rest(body: Mapping[str, Any], document: "Document", vocabulary: Vocabulary) -> Iterator[Fault]:
    listed = [{"events": body[key]} for key in ("any of", "unless", "refunds") if isinstance(body.get(key), list)]
    parts = [body[key] for key in ("when", "rules", "start", "steps") if key in body]
    for name, message, suggestion in complaints(mentions([*parts, *listed]), vocabulary):
        yield document.mention(name, message, suggestion)


def _placed(text: str, complaint: UnknownName) -> Fault:
    name, message, suggestion = complaint
    place = max(text.find(f'"{name}"'), 0) or max(text.find(name), 0)
    return Fault(message, "when", *line_and_column(text, place), suggestion)
