"""All current definitions, compiled for evaluating profiles, starting flows and sending messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.core.definitions.changes import Begun, begun, edited
from functions.core.definitions.entry_on_publish import entries_on_publish
from functions.core.definitions.records import BORDERS, Definition, dated
from functions.core.definitions.shop import SHARED, Shop, latest
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.needs import references as flow_references
from functions.core.profiles.records import StoredState
from functions.core.profiles.state import State, unpack
from functions.core.scores.compiled_score import CompiledScore
from functions.core.scores.link import Borders, link, needed, tier_segments
from functions.core.segments.engine import Catalogue, Publications, compile_catalogue, timelines
from functions.core.segments.language.event_labels import PLAIN, Style, style_of
from functions.core.segments.language.named import mentioned
from functions.core.segments.zoned import UTC_NAME
from functions.core.timelines.retention import covered
from functions.core.timelines.spec import TimelineSpec
from functions.core.timelines.versions import TimelineVersions, timeline_versions


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The current definitions, compiled.

    catalogue  the compiled segments and timelines
    segments   bodies, tiers of scores included; the scores and borders that conditions name are linked in
    templates  bodies
    scores     bodies
    borders    the borders of the RFM groups, if there are enough customers; None before the first refresh
    measures   the scores, compiled
    starts     the timelines whose entries start flows, or decide whether another start of the same key is separate
    begun      by flow, since which publication it keeps the timeline that starts it, and that one's time or a later one
    edited     by segment, the latest publication that changed its meaning
    shop       what is added to all conditions: the named events, the shop's time zone, its currency and rates
    style      how sentences are written
    bodies     by kind and id, as published
    """

    revision: int
    catalogue: Catalogue
    flows: Mapping[str, Flow]
    segments: Mapping[str, Mapping[str, Any]]
    templates: Mapping[str, Mapping[str, Any]]
    scores: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    borders: Borders = None
    measures: Mapping[str, CompiledScore] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()
    begun: Mapping[str, Begun] = field(default_factory=dict)
    edited: Mapping[str, int] = field(default_factory=dict)
    shop: Shop = field(default_factory=Shop)
    style: Style = PLAIN
    bodies: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    # Earlier versions of flows, read for runs that began under them, by flow; they never change.
    versions: dict[str, list[Definition]] = field(default_factory=dict, compare=False)

    def flow(self, definition: Definition) -> Flow:
        """Compile any version of a flow with the current scores, borders, named events, time zone and rates."""
        body = self.shop.resolved(definition).body
        return flows.from_body(link(body, self.scores, self.borders), definition.version, definition.resumed)

    def lacks(self, definition: Definition) -> bool:
        """True if the version of a flow refers to a definition that is no longer current."""
        needs, groups = flow_references(definition.body), mentioned(definition.body)
        bodies = {**self.bodies, "segments": self.segments}
        is_lacking = any(names - bodies.get(kind, {}).keys() for kind, names in needs.items())
        return bool(
            is_lacking or needed(definition.body["steps"]) - self.scores.keys() or groups - self.shop.groups.keys()
        )

    def keeps(self, flow: Flow) -> bool:
        """True if profiles keep every timeline, and enough of it, that the flow's conditions need."""
        retentions = self.catalogue.retentions
        return all(spec.id in retentions and covered(spec.retention, retentions[spec.id]) for spec in _specs(flow))

    def catalogue_of(self, flow: Flow) -> Catalogue:
        """A catalogue that keeps only the timelines that the flow's conditions need."""
        nodes = {name: body["when"] for name, body in self.segments.items()}
        return compile_catalogue(nodes, active=(), timelines=_specs(flow))

    def should_notify(self, before: State, after: State) -> bool:
        """True if a membership, reachability or a timeline that starts flows differs between the states."""
        if before.memberships != after.memberships or before.reachable != after.reachable:
            return True
        return any(before.timelines.get(name) != after.timelines.get(name) for name in self.starts)

    def state(self, stored_state: StoredState) -> State:
        """The unpacked state of a stored row; segments that are not in these definitions are left out."""
        return unpack(stored_state.packed, self.catalogue.names, stored_state.profile)


def timelines_of(definition: Definition) -> Sequence[TimelineSpec]:
    """The timelines that the definition needs by itself, without those of scores that it names."""
    kind, body, wish = definition.kind, definition.body, definition.entry_on_publish
    if kind == "segments":
        return timelines(body["when"]) + (timelines(wish.before) if wish and wish.before else ())
    if kind == "scores":
        return CompiledScore(body).specs
    return _specs(flows.from_body(body)) if kind == "flows" else ()


def load(definitions: Sequence[Definition], revision: int = 0, zone: str = UTC_NAME, currency: str = "") -> Ruleset:
    """Compile the current definitions, checked when they were published, for a shop of this zone and currency."""
    bodies: defaultdict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    shop = Shop.of(definitions, zone, currency)
    definitions = list(map(shop.resolved, definitions))
    for definition in definitions:
        is_borders = definition.address == BORDERS
        bodies[definition.kind][definition.id] = dated(definition) if is_borders else definition.body
    scores, borders = bodies["scores"], bodies[BORDERS[0]].get(BORDERS[1])
    tiers = {name: body for score in scores.values() for name, body in tier_segments(score).items()}
    segments = {
        name: {**body, "when": link(body["when"], scores, borders)}
        for name, body in (tiers | bodies["segments"]).items()
    }
    ready = {
        each.id: flows.from_body(link(each.body, scores, borders), each.version, each.resumed)
        for each in definitions
        if each.kind == "flows"
    }
    measures = {name: CompiledScore(link(body, {}, borders)) for name, body in scores.items()}
    measured = [spec for measure in measures.values() for spec in measure.specs]
    catalogue = compile_catalogue(
        {name: body["when"] for name, body in segments.items()},
        active=_acted(ready.values(), segments),
        timelines=[*measured, *(spec for flow in ready.values() for spec in _specs(flow))],
        published=Publications(
            revision=revision,
            entries=entries_on_publish(definitions, segments, scores, borders),
            versions=[kept_by(each, definitions) for each in definitions if each.kind not in SHARED],
        ),
    )
    starts = {flow.id: spec.id for flow in ready.values() if (spec := flows.start_spec(flow))}
    return Ruleset(
        revision=revision,
        catalogue=catalogue,
        flows=ready,
        segments=segments,
        templates=bodies["templates"],
        scores=scores,
        borders=borders,
        measures=measures,
        starts=frozenset(
            {*starts.values(), *(spec.id for flow in ready.values() for spec in flows.closing_specs(flow))}
        ),
        shop=shop,
        begun=_begun(definitions, starts),
        edited=edited(definitions, segments),
        style=style_of(shop.groups, currency),
        bodies=bodies,
    )


def kept_by(definition: Definition, definitions: Iterable[Definition]) -> TimelineVersions:
    """The timelines a definition keeps, as of the latest publication that may have changed them; all are resolved."""
    last = latest(definition, definitions)
    if last is definition:
        return definition.kept
    now, own = timeline_versions(timelines_of(definition), last.kept, last.revision), definition.kept
    return {
        address: versions._replace(since=max(versions.since, own[address].since)) if address in own else versions
        for address, versions in now.items()
    }


def _begun(definitions: Sequence[Definition], starts: Mapping[str, str]) -> dict[str, Begun]:
    ready = (each for each in definitions if each.kind == "flows" and each.id in starts)
    return {each.id: begun(each, starts[each.id], definitions) for each in ready}


def _acted(ready: Iterable[Flow], segments: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The segments whose changes are used: by flows, or on the event bus (``announce: true``)."""
    started = {flow.segment for flow in ready if flow.segment}
    return started | {name for name, body in segments.items() if body.get("announce")}


def _specs(flow: Flow) -> list[TimelineSpec]:
    start = flows.start_spec(flow)
    checks = [spec for step in flow.steps for spec in step.kind.specs(step.content)]
    beginnings = flows.beginnings(flow)
    return [*([start] if start else []), *(beginnings.specs if beginnings else ()), *flows.goal_specs(flow), *checks]
