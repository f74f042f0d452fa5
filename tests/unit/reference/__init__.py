"""The naive evaluator: scans the whole history at every question and knows nothing of timelines or instants.

Readable in one sitting, and what the engine is compared with. A history is any collection of events. Every operator
is a function of its node, a person and the second for which the question is asked.

    values     what stands in an event, and how it compares
    events     how often, how much, how many different ones, first and last
    sequences  one after the other
    people     what they said, allowed and were drawn for
    points     scores and groups of customers
    course     since when somebody is in a segment, and by what
"""

from typing import Any, NamedTuple

from . import events, people, points, sequences
from .events import matching, once
from .values import span

__all__ = ["OPERATORS", "Person", "holds", "matching", "member", "once", "points", "span"]


class Person(NamedTuple):
    """Whose events these are, each once; ``segments`` are the definitions that conditions may refer to."""

    events: list[Any]
    segments: dict[str, Any]
    id: str = ""


def member(node, history, now, segments=None, profile=""):
    """Whether the condition holds at ``now`` for whom the events happened."""
    return holds(node, Person(list({event.id: event for event in history}.values()), segments or {}, profile), now)


def holds(node, person, now):
    return OPERATORS[node["op"]](node, person, now)


def let(node, person, now):
    return holds(expanded(node), person, now)


def expanded(node):
    """The formula with the conditions in the place of their names."""

    def replaced(inside):
        if isinstance(inside, dict):
            named = inside.get("op") == "name"
            return names[inside["name"]] if named else {key: replaced(each) for key, each in inside.items()}
        return [replaced(each) for each in inside] if isinstance(inside, list) else inside

    names = {}
    for name, each in node["names"].items():
        names[name] = replaced(each)
    return replaced(node["in"])


OPERATORS = {
    "and": lambda node, person, now: all(holds(each, person, now) for each in node["of"]),
    "or": lambda node, person, now: any(holds(each, person, now) for each in node["of"]),
    "not": lambda node, person, now: not holds(node["of"], person, now),
    "let": let,
    "in segment": lambda node, person, now: holds(person.segments[node["segment"]], person, now),
    "did": events.did,
    "sum": events.aggregate,
    "average": events.aggregate,
    "minimum": events.aggregate,
    "maximum": events.aggregate,
    "distinct": events.distinct,
    "first": events.first_last,
    "last": events.first_last,
    "last value": events.last_value,
    "prediction": events.prediction,
    "then": sequences.then,
    "then not": sequences.then_not,
    "followed": sequences.followed,
    "trait": people.trait,
    "trait date": people.trait_date,
    "consent": people.consent,
    "random": people.random,
    "score": lambda node, person, now: points.compares(node, person, now, holds),
    "tier": lambda node, person, now: points.in_tier(node, person, now, holds),
    "rfm": points.rfm,
}
