"""What answers about people leave out: a timeline remembers so many events one by one, and no more."""

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
    """The timelines of which the person did more than they hold one by one, or just as much."""
    return frozenset(
        address
        for address, timeline in state.timelines.items()
        if timeline.held.sealed or len(timeline.entries) >= catalogue.cap
    )


def leaves_out(segment: str, state: State, catalogue: Catalogue, now: int, crowded: frozenset[str]) -> bool:
    """Whether the answer may leave out something that the person did; ``crowded`` are their full timelines."""
    compiled = catalogue.segments.get(segment)
    if not crowded or compiled is None or crowded.isdisjoint(compiled.timelines):
        return False
    view = Snapshot(state, catalogue, now)
    explanations = (operators()[node["op"]].explain(node, view) for node in _nodes(compiled.node, catalogue))
    return any("bounded" in facts and facts.get("uncounted") != 0 for facts in explanations)


def _nodes(node: Node, catalogue: Catalogue) -> Iterator[Node]:
    """The node, those that it is made of, and those of segments that it refers to."""
    yield node
    inner = [*operators()[node["op"]].children(node)]
    inner += [catalogue.segments[name].node for name in compile_node(node).segments if not inner]
    for each in inner:
        yield from _nodes(each, catalogue)


def said(people: int, cap: int = CAP) -> list[str]:
    """For how many people an answer may leave something out, in words; nothing for none."""
    if not people:
        return []
    who = "1 person" if people == 1 else f"{people:,} people"
    return [
        f"{who} did more than {cap:,} times what is asked for: sums, counts, averages and extremes leave out the day "
        f"on which a window begins, all else looks at the latest {cap:,}; why a person is in or not says how much"
    ]


def with_edges(node: Node) -> list[TimelineSpec]:
    """The timelines of a condition, kept so much longer that the days on which its windows begin are in them."""
    return [
        replace(spec, horizon=spec.horizon + MONTH)
        for spec in compile_node(node).specs
        if spec.keep is None and spec.horizon is not None
    ]
