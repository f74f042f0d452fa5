"""Everything that is currently defined, compiled: what fold evaluates, what starts flows, what is sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.ports import Definition, Hot
from functions.core.profile import State, unpack
from functions.core.segments.engine import Catalogue, compile_catalogue, timelines
from functions.core.timeline import TimelineSpec


@dataclass(frozen=True, slots=True)
class Loaded:
    """The current definitions. ``segments`` and ``templates`` are bodies; ``catalogue`` holds what is evaluated."""

    revision: int
    catalogue: Catalogue
    flows: Mapping[str, Flow]
    segments: Mapping[str, Mapping[str, Any]]
    templates: Mapping[str, Mapping[str, Any]]

    def state(self, hot: Hot) -> State:
        """The state that a stored row holds, as far as these definitions know its segments."""
        return unpack(hot.packed, self.catalogue.names)


def load(definitions: Iterable[Definition], revision: int = 0) -> Loaded:
    """Compile the current definitions, which were checked when they were published."""
    bodies: dict[str, dict[str, Mapping[str, Any]]] = {"segments": {}, "flows": {}, "templates": {}}
    for definition in definitions:
        bodies[definition.kind][definition.id] = definition.body
    ready = {flow_id: flows.from_body(body) for flow_id, body in bodies["flows"].items()}
    catalogue = compile_catalogue(
        {name: body["when"] for name, body in bodies["segments"].items()},
        acted=_acted(ready.values(), bodies["segments"]),
        timelines=[spec for flow in ready.values() for spec in _specs(flow)],
    )
    return Loaded(revision, catalogue, ready, bodies["segments"], bodies["templates"])


def _acted(ready: Iterable[Flow], segments: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The segments whose changes somebody waits for: flows, and receivers of the event bus (``announce: true``)."""
    started = {flow.segment for flow in ready if flow.segment}
    return started | {name for name, body in segments.items() if body.get("announce")}


def _specs(flow: Flow) -> list[TimelineSpec]:
    start = flows.start_spec(flow)
    checks = [spec for step in flow.steps if step.do == "check" for spec in timelines(step.when)]
    return [*([start] if start else []), *flows.goal_specs(flow), *checks]
