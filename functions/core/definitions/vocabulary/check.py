"""Names in a definition that nobody knows: what is warned of, and what is refused.

A name is known if it is standard, if a definition of events lists it, or if it was seen. That a flow starts with an
event, or that an example has it, proves nothing. A property has to be known of the events that it is asked of, once
these were seen; a name that was seen under the write key alone has to be more than a typo of another.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from functions.core.base.errors import Fault
from functions.core.definitions.vocabulary.known import Complaint, Vocabulary, complaints, vocabulary
from functions.core.definitions.vocabulary.mentions import mentions

if TYPE_CHECKING:
    from functions.core.definitions.document import Document

__all__ = ["Vocabulary", "judge", "parted", "strictness", "vocabulary", "warnings_of"]

_GOAL = "a goal that never comes would never stop the mails; `strict: false` publishes it all the same"


def strictness(given: Mapping[str, Any], faults: list[Fault]) -> dict[str, bool]:
    """What a definition says of its own strictness, to be part of its body: nothing if it says nothing."""
    said = given.get("strict")
    if said is None:
        return {}
    if not isinstance(said, bool):
        faults.append(Fault("strict is true or false", "strict", suggestion="true"))
    return {"strict": said is True}


def judge(body: Mapping[str, Any], document: "Document", known: Vocabulary) -> tuple[list[Fault], list[Fault]]:
    """What to refuse of a checked body, and what to warn of, each with its place in the text.

    A flow's goal is refused unless the definition says ``strict: false``; everything is where it says ``strict: true``.
    """
    goals = list(_of_goal(body, document, known))
    others = sorted(_of_rest(body, document, known), key=lambda fault: (fault.line or 0, fault.column or 0))
    return parted(body.get("strict"), goals, others)


def parted(strict: bool | None, goals: list[Fault], others: list[Fault]) -> tuple[list[Fault], list[Fault]]:
    """What to refuse and what to warn of, by what the definition says of its strictness."""
    if strict is True:
        return [*goals, *others], []
    return ([], [*goals, *others]) if strict is False else (goals, others)


def warnings_of(condition: Mapping[str, Any], text: str, known: Vocabulary) -> list[Fault]:
    """What to warn of in a condition that is not part of a definition, each with its place in the text."""
    return [_placed(text, each) for each in complaints(mentions(condition), known)]


def _of_goal(body: Mapping[str, Any], document: "Document", known: Vocabulary) -> Iterator[Fault]:
    given = document.body.get("goal")
    said = given if isinstance(given, list) else [given]
    for name, message, suggestion in complaints(mentions({"events": body.get("goal") or []}), known):
        where = f"goal[{said.index(name)}]" if isinstance(given, list) and name in said else "goal"
        why = f"{message}: {_GOAL}" if body.get("strict") is None else message
        yield document.place(Fault(why, where, suggestion=suggestion))


def _of_rest(body: Mapping[str, Any], document: "Document", known: Vocabulary) -> Iterator[Fault]:
    listed = [{"events": body[key]} for key in ("any of", "unless", "refunds") if isinstance(body.get(key), list)]
    parts = [body[key] for key in ("when", "rules", "start", "steps") if key in body]
    for name, message, suggestion in complaints(mentions([*parts, *listed]), known):
        yield document.mention(name, message, suggestion)


def _placed(text: str, complaint: Complaint) -> Fault:
    name, message, suggestion = complaint
    place = max(text.find(f'"{name}"'), 0) or max(text.find(name), 0)
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return Fault(message, "when", line, column, suggestion)
