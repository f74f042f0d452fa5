"""Explain why a person is or is not in a segment, and list every stay in it."""

from collections.abc import Mapping
from typing import Any

from functions.core.answers import explanation, pages
from functions.core.answers.views import instant, looked_at_view
from functions.core.base.events import Event
from functions.core.definitions.history import ConditionHistory, ConditionVersion, compiled
from functions.core.profiles.looked_at import passed_over
from functions.core.segments import engine
from functions.core.segments.engine import limits
from functions.core.segments.language.event_labels import Style
from functions.usecases import links, profile_update
from functions.usecases.context import Context
from functions.usecases.members import saved_condition
from functions.usecases.people import StoredProfile, bounds_of

# The names under which explanations hold instants.
_INSTANTS = frozenset({"since", "until", "entered", "left", "time", "times", "said", "started", "unanswered", "drawn"})


def explain(context: Context, person: StoredProfile, segment: str, at: int, start: str | None = None) -> dict[str, Any]:
    """The segment's verdict at the instant, the tree of conditions with their facts, and the stays up to then.

    Of the stays it is a page, after the place ``start``.

    All of it is computed from the log and from the definitions that were in force at each time, so it is right for
    past, present and, if no event comes, future instants. Raises NotFound if there is no such segment, and Malformed
    for a place that no page named.
    """
    saved_condition(segment, context.ruleset)
    past = [event for event in profile_update.history(context, person.attributes) if event.time <= at]
    stored = context.ports.definitions.versions
    wordings = ConditionHistory(segment, stored, sorted(context.ruleset.scores), context.ruleset.shop).wordings(
        context.now
    )
    versions = [wording for wording in wordings if wording.begins <= at] or wordings[:1]
    catalogue, catalogue_versions = compiled(segment, versions)
    membership_history = engine.history(past, catalogue, catalogue_versions, at, person.attributes.profile)
    since = membership_history[-1]["entered"] if membership_history and membership_history[-1]["left"] is None else None
    explained = _explained(segment, versions[-1], past, at, person.attributes.profile, context.ruleset.style)
    answer: dict[str, Any] = _shown(explained | {"since": since, "version": versions[-1].version})
    stays = pages.oldest_first(membership_history, "entered", _shown, start)
    whole = links.complete(context, person.attributes)
    return answer | {
        "history": stays.items,
        "next": stays.next,
        "bounds": bounds_of(context, person),
        "looked_at": looked_at_view(passed_over(whole)),
    }


def _explained(
    segment: str, wording: ConditionVersion, past: list[Event], at: int, profile: str, style: Style
) -> dict[str, Any]:
    # The explanation includes the days on which windows begin, which the stored state does not keep.
    edges = [spec for node in wording.nodes.values() for spec in limits.with_edges(node)]
    catalogue = engine.compile_catalogue(wording.nodes, timelines=edges)
    state, _ = engine.fold(engine.fresh(catalogue, profile), past, catalogue, at)
    return explanation.explain(state, catalogue, segment, at, style, past)


def _shown(value: Any, name: str = "") -> Any:
    """The explanation with its instants as ISO text."""
    if isinstance(value, Mapping):
        return {key: _shown(inner, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(inner, name) for inner in value]
    return instant(value) if name in _INSTANTS else value
