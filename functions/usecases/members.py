"""Find who is in a saved segment at any instant, page by page.

Everybody is evaluated anew, so the answer is exact also for segments whose memberships are not stored. A page after the
first is read from what was found for that one.
"""

from typing import Any

from functions.core.base.errors import DefinitionRefused, Fault, NotFound
from functions.core.base.spelling import nearest
from functions.core.definitions.ruleset import Ruleset
from functions.core.jobs.records import Job
from functions.core.scores.link import link, tier_segments, unknown
from functions.core.segments.engine import limits
from functions.core.segments.language.check import references
from functions.usecases import found_people, jobs
from functions.usecases.context import Context
from functions.usecases.questions import Node, Question, in_a_moment
from functions.usecases.tallies import PeopleTally

# The name of an unsaved condition, which no segment can have as its id.
ASKED = "?"


def saved_condition(name: str, ruleset: Ruleset) -> dict[str, Node]:
    """The segment's condition with those it refers to; raises NotFound, which suggests the nearest id."""
    if name not in ruleset.segments:
        raise NotFound(Fault(f"there is no segment {name!r}", "segment", suggestion=nearest(name, ruleset.segments)))
    return around({name: ruleset.segments[name]["when"]}, ruleset)


def unsaved_condition(when: Node, ruleset: Ruleset) -> dict[str, Node]:
    """A condition that is not saved with those it refers to, under the name ``ASKED``.

    Raises DefinitionRefused for scores and tiers that do not exist.
    """
    if faults := unknown(when, ruleset.scores):
        raise DefinitionRefused(*faults)
    return around({ASKED: link(ruleset.shop.complete(when), ruleset.scores, ruleset.borders)}, ruleset)


def around(nodes: dict[str, Node], ruleset: Ruleset) -> dict[str, Node]:
    """Add to the conditions those of every segment that they refer to, directly or indirectly."""
    waiting = list(nodes)
    while waiting:
        for other in references(nodes[waiting.pop()]):
            if other not in nodes:
                nodes[other] = ruleset.segments[other]["when"]
                waiting.append(other)
    return nodes


def page(
    context: Context, name: str, at: int | None, limit: int, start: str | None, author: str = ""
) -> dict[str, Any] | Job:
    """A page of a segment's members with the total count, or the job that finds them.

    ``start`` is the place that the page before named. Raises NotFound, Malformed or TooMany.
    """
    if start is not None:
        return found_people.page(context, start, limit)
    instant = context.now if at is None else at
    question = Question("members", instant, [saved_condition(name, context.ruleset)], [name], {"limit": limit})
    about = jobs.About(f"members of segment {name}", author, *definition_of(context, name), dated=at is not None)
    if moment := in_a_moment(context, question):
        counted = people_view(moment.tally)
        if len(moment.people) <= limit:
            return counted | {"members": moment.people, "next": None}
        return found_people.keep(context, jobs.new(context, question, about), counted, moment.people, limit)
    return jobs.request(context, question, about)


def people_view(tally: PeopleTally) -> dict[str, Any]:
    """The counts of an answer about people."""
    return {"count": tally.count, **bounded_view(tally.bounded)}


def bounded_view(people: int) -> dict[str, Any]:
    """The part of an answer that says about how many people it may be incomplete; empty if none."""
    return {"bounded": limits.limit_messages(people)} if people else {}


def definition_of(context: Context, name: str) -> tuple[str, int]:
    """kind/id and current version of what defines the segment: it is a definition, or a tier of a score."""
    kind, definition = "segments", name
    for score, body in context.ruleset.scores.items():
        if name in tier_segments(body) and name not in context.ruleset.bodies.get("segments", {}):
            kind, definition = "scores", score
    return f"{kind}/{definition}", context.ports.definitions.latest(kind, definition)
