"""Since which publication a flow has its start and a segment its meaning, to tell real changes from backfilled ones.

A publication changes some definitions and leaves the others as they are. Transitions found while all profiles are
backfilled for it are announced for the definitions that it left unchanged.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from functions.core.definitions.records import BORDERS, Definition
from functions.core.definitions.shop import RATES, latest
from functions.core.scores import rfm
from functions.core.scores.link import needed, nodes, tier_segments
from functions.core.segments.language.check import reached
from functions.core.segments.language.named import mentioned
from functions.core.segments.priced import is_priced


class Begun(NamedTuple):
    """The publication since which a flow keeps the timeline that starts it, and an instant (UTC) at or after it."""

    revision: int
    time: int


def begun(flow: Definition, timeline: str, definitions: Iterable[Definition]) -> Begun:
    """The publication since which the flow starts by this timeline.

    If the timeline changed with the named events of the start, the publication of these counts, whatever the flow
    itself kept before. A stored version that does not record what it keeps counts from its own publication.
    """
    versions = latest(flow, definitions).kept.get(timeline)
    if versions is None:
        return Begun(flow.revision, flow.time)
    own = flow.kept.get(timeline)
    if own is not None and own.since >= versions.since:
        return Begun(own.since, flow.time)
    return Begun(versions.since, latest(flow, definitions).time)


def edited(definitions: Sequence[Definition], segments: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """The latest publication that changed each segment or anything it refers to; ``segments`` are linked."""
    published = {each.address: each.revision for each in definitions}
    scores = (each for each in definitions if each.kind == "scores")
    homes = {tier: ("scores", score.id) for score in scores for tier in tier_segments(score.body)}
    own = {
        name: max(published.get(key, 0) for key in (homes.get(name, ("segments", name)), *_needs(body["when"])))
        for name, body in segments.items()
    }
    conditions = {name: body["when"] for name, body in segments.items()}
    return {name: max(own[other] for other in (name, *reached(name, conditions))) for name in segments}


def _needs(when: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield from (("scores", score) for score in needed(when))
    yield from (("events", group) for group in mentioned(when))
    if any(node["op"] == "rfm" for node in nodes(when)):
        yield from (BORDERS, ("events", rfm.NAME))
    if is_priced(when):
        yield RATES
