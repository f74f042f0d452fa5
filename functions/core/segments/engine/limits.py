"""Notes on answers about people that may be incomplete because timelines keep only so many events one by one."""

from collections.abc import Iterator
from dataclasses import replace

from functions.core.profiles.state import State
from functions.core.segments.engine.catalogue import Catalogue, compile_node
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.operator import Node
from functions.core.segments.registry import operators
from functions.core.timelines.retention import CAP
from functions.core.timelines.sealing import MONTH
from functions.core.timelines.spec import TimelineSpec


def full(state: State, catalogue: Catalogue) -> frozenset[str]:
    """The timelines whose single entries reach the cap, or whose older entries are sealed into buckets."""
    cap = catalogue.halved(state.halvings).cap
    return frozenset(
        address for address, timeline in state.timelines.items() if timeline.held.sealed or len(timeline.entries) >= cap
    )


def leaves_out(segment: str, state: State, catalogue: Catalogue, now: int, crowded: frozenset[str]) -> bool:
    """True if the segment's verdict may leave out events of the person; ``crowded`` is what ``full`` returned."""
    compiled = catalogue.segments.get(segment)
    if not crowded or compiled is None or crowded.isdisjoint(compiled.timelines):
        return False
    view = Snapshot(state, catalogue, now)
    explanations = (operators()[node["op"]].explain(node, view) for node in _nodes(compiled.node, catalogue))
    return any("bounded" in facts and facts.get("uncounted") != 0 for facts in explanations)


def _nodes(node: Node, catalogue: Catalogue) -> Iterator[Node]:
    """Yield the node, those inside it, and those of segments that it refers to."""
    yield node
    inner = [*operators()[node["op"]].children(node)]
    inner += [catalogue.segments[name].node for name in compile_node(node).segments if not inner]
    for each in inner:
        yield from _nodes(each, catalogue)


def limit_messages(people: int, cap: int = CAP) -> list[str]:
    """A sentence on how many people's results may leave events out, in a list; an empty list for none."""
    if not people:
        return []
    who = "1 person" if people == 1 else f"{people:,} people"
    return [
        f"{who} did more than {cap:,} times what is asked for: sums, counts, averages and extremes leave out the day "
        f"on which a window begins, all else looks at the latest {cap:,}; why a person is in or not says how much"
    ]


def with_edges(node: Node) -> list[TimelineSpec]:
    """The timelines of a condition with horizons a month longer, to include the day or month where a window begins."""
    return [
        replace(spec, horizon=spec.horizon + MONTH)
        for spec in compile_node(node).specs
        if spec.keep is None and spec.horizon is not None
    ]
