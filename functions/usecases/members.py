"""Find who is in a saved segment, or for whom an unsaved condition holds, at any instant.

Everybody is evaluated anew, so the answer is exact also for segments whose memberships are not stored. For now and the
future the stored profiles are used where they keep enough; the past, and what they do not keep, is read from the log.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from functions.core.base.errors import DefinitionRefused, Fault, Malformed, NotFound
from functions.core.base.instants import holds
from functions.core.base.spelling import nearest
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.state import State
from functions.core.scores.link import link, unknown
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue, compile_catalogue, limits
from functions.core.segments.language.check import references
from functions.core.timelines.retention import widest
from functions.usecases import profile_update
from functions.usecases.context import Context

Node = Mapping[str, Any]
# Rows per page: about as many as fit the megabyte of one call.
PAGE = 1_000
# The name of an unsaved condition, which no segment can have as its id.
ASKED = "?"


@dataclass(frozen=True, slots=True)
class MembershipQuery:
    """A compiled condition, called ``name``, with just those segments that it refers to."""

    name: str
    catalogue: Catalogue


def saved_query(name: str, ruleset: Ruleset) -> MembershipQuery:
    """Compile the segment of that id; raises NotFound, which suggests the nearest id."""
    if name not in ruleset.segments:
        raise NotFound(Fault(f"there is no segment {name!r}", "segment", suggestion=nearest(name, ruleset.segments)))
    return MembershipQuery(name, compile_catalogue(around({name: ruleset.segments[name]["when"]}, ruleset)))


def unsaved_query(when: Node, ruleset: Ruleset) -> MembershipQuery:
    """Compile a condition that is not saved; raises DefinitionRefused for scores and tiers that do not exist."""
    if faults := unknown(when, ruleset.scores):
        raise DefinitionRefused(*faults)
    linked = link(ruleset.shop.complete(when), ruleset.scores, ruleset.borders)
    return MembershipQuery(ASKED, compile_catalogue(around({ASKED: linked}, ruleset)))


def around(nodes: dict[str, Node], ruleset: Ruleset) -> dict[str, Node]:
    """Add to the conditions those of every segment that they refer to, directly or indirectly."""
    waiting = list(nodes)
    while waiting:
        for other in references(nodes[waiting.pop()]):
            if other not in nodes:
                nodes[other] = ruleset.segments[other]["when"]
                waiting.append(other)
    return nodes


class Members(NamedTuple):
    """The ids of the profiles for which a condition holds, sorted; ``bounded`` counts those evaluated incompletely.

    A profile is bounded if the limits of what is kept of it may leave something out of the answer.
    """

    profiles: list[str]
    bounded: int


class Counts(NamedTuple):
    """How many people are in each segment, and of how many the answer may leave something out."""

    people: Counter[str]
    bounded: Counter[str]


def members(context: Context, query: MembershipQuery, at: int) -> Members:
    """The people for whom the condition holds at the instant (seconds UTC)."""
    profiles, bounded = [], 0
    for profile, (state,) in everybody(context, [query.catalogue], at):
        if holds(engine.evaluate(state, query.catalogue, at, [query.name])[query.name]):
            profiles.append(profile)
        crowded = limits.full(state, query.catalogue)
        bounded += limits.leaves_out(query.name, state, query.catalogue, at, crowded)
    return Members(sorted(profiles), bounded)


def counts(context: Context) -> Counts:
    """How many people are in each segment now."""
    catalogue, counts_so_far = context.ruleset.catalogue, Counts(Counter(), Counter())
    for _, (state,) in everybody(context, [catalogue], context.now):
        verdicts = engine.evaluate(state, catalogue, context.now)
        counts_so_far.people.update(name for name, verdict in verdicts.items() if holds(verdict))
        if crowded := limits.full(state, catalogue):
            counts_so_far.bounded.update(
                name for name in verdicts if limits.leaves_out(name, state, catalogue, context.now, crowded)
            )
    return counts_so_far


def page(context: Context, name: str, at: int, limit: int, after: str | None) -> dict[str, Any]:
    """One page of a segment's members after profile ``after``, and the total count; raises NotFound or Malformed."""
    if after is not None and not after.isalnum():
        raise Malformed(Fault("not a place that a page named", "next"))
    everybody, bounded = members(context, saved_query(name, context.ruleset), at)
    rest = [profile for profile in everybody if after is None or profile > after]
    profiles = rest[:limit]
    following = profiles[-1] if len(rest) > limit else None
    return {"count": len(everybody), "members": profiles, "next": following, **bounded_view(bounded)}


def bounded_view(people: int) -> dict[str, Any]:
    """The part of an answer that says about how many people it may be incomplete; empty if none."""
    return {"bounded": limits.limit_messages(people)} if people else {}


def everybody(context: Context, catalogues: Sequence[Catalogue], at: int) -> Iterator[tuple[str, list[State]]]:
    """Each living profile's id, and for each catalogue its state with the timelines that the catalogue needs."""
    kept = [at >= context.now and _keeps(context.ruleset.catalogue, catalogue) for catalogue in catalogues]
    for stored_states, _ in context.ports.people.pages(size=PAGE):
        views = [
            _states(context, stored_states, catalogue, at, stored=is_kept)
            for catalogue, is_kept in zip(catalogues, kept, strict=True)
        ]
        for stored_state in stored_states:
            yield stored_state.profile, [view[stored_state.profile] for view in views]


def _states(
    context: Context, stored_states: list[StoredState], catalogue: Catalogue, at: int, *, stored: bool
) -> dict[str, State]:
    """The profiles' states: as they are stored where ``stored`` says that these keep enough, else from the log."""
    states = {each.profile: context.ruleset.state(each) for each in stored_states}
    lacking = [
        each for each in stored_states if not stored or engine.missing(states[each.profile], context.ruleset.catalogue)
    ]
    return states | _from_log(context, lacking, catalogue, at)


def _keeps(catalogue: Catalogue, query: Catalogue) -> bool:
    """True if the timelines kept for ``catalogue`` are long enough for ``query``."""
    return all(
        set(widest([*catalogue.retentions.get(address, ()), *retentions])) == set(catalogue.retentions.get(address, ()))
        for address, retentions in query.retentions.items()
    )


def _from_log(context: Context, stored_states: list[StoredState], catalogue: Catalogue, at: int) -> dict[str, State]:
    if not stored_states:
        return {}
    loaded = context.ports.people.load(
        (), [stored_state.profile for stored_state in stored_states], with_attributes=True
    )
    profiles = [
        loaded.attributes.get(stored_state.profile, ProfileAttributes(stored_state.profile))
        for stored_state in stored_states
    ]
    return {attributes.profile: state_at(context, attributes, catalogue, at) for attributes in profiles}


def state_at(context: Context, attributes: ProfileAttributes, catalogue: Catalogue, at: int) -> State:
    """Fold the person's state at an instant (seconds UTC) from the events that had happened by then."""
    past = [event for event in profile_update.history(context, attributes) if event.time <= at]
    return engine.fold(engine.fresh(catalogue, attributes.profile), past, catalogue, at)[0]
