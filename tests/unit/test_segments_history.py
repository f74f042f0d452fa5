"""The history of memberships, held against the history scan of whatever definitions were in force at each second."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.core.definitions.history import ConditionHistory, compiled
from functions.core.definitions.records import Definition
from functions.core.segments import engine
from tests.unit import reference
from tests.unit.strategies import START, histories, segments, thorough

END = START + 70
publications = st.lists(st.tuples(st.integers(0, 60), segments), min_size=1, max_size=4).map(
    lambda found: sorted(found, key=lambda each: each[0])
)


def stored(told):
    """The versions of each segment; one that is published unchanged has no new version."""
    versions: dict[str, list[Any]] = {}
    for at, nodes in told:
        for name, node in nodes.items():
            mine = versions.setdefault(name, [])
            if not mine or mine[-1].body["when"] != node:
                mine.append(Definition("segments", name, len(mine) + 1, "", {"when": node}, "ann", START + at))
    return lambda kind, name: versions.get(name, []) if kind == "segments" else []


def in_force(told, at):
    return next((nodes for time, nodes in reversed(told) if START + time <= at), told[0][1])


def stays_of(versions, events, end):
    catalogue, catalogue_versions = compiled("s3", ConditionHistory("s3", versions, []).wordings(end))
    return engine.history(events, catalogue, catalogue_versions, end)


@thorough
@given(publications, histories)
def test_at_every_second_somebody_was_in_as_the_definitions_of_that_second_say(told, events):
    versions = stored(told)
    membership_history = stays_of(versions, events, END)
    for at in range(min((event.time for event in events), default=END), END + 1):
        nodes = in_force(told, at)
        expected = reference.member(nodes["s3"], [event for event in events if event.time <= at], at, nodes)
        (*_, here) = [stay for stay in membership_history if stay["entered"] <= at] or [None]
        assert expected == (here is not None and (here["left"] is None or here["left"] > at)), at - START
    for stay in membership_history:
        for instant, cause, version, edits in (
            (stay["entered"], stay["cause"], stay["version"], stay["edits"]),
            (stay["left"], stay["left_by"], stay["left_version"], stay["left_edits"]),
        ):
            if instant is not None:
                mine = versions("segments", "s3")
                found = [each.version for each in mine if each.time <= instant]
                assert version == max(found, default=1)
                assert (cause == "definition") == bool(edits)
                assert {instant} >= {versions(e["kind"], e["id"])[e["version"] - 1].time for e in edits}


@thorough
@given(segments, histories, st.integers(0, 40))
def test_who_was_folded_in_order_is_stored_as_the_history_tells(nodes, events, later):
    catalogue = engine.compile_catalogue(nodes, active=nodes)
    state = engine.fresh(catalogue)
    end = max((event.time for event in events), default=START) + later
    for at in sorted({event.time for event in events}):
        known = [event for event in events if event.time <= at]
        news = [event for event in known if event.time == at]
        state = engine.apply(state, news, catalogue, at, engine.KnownEvents(known))
    state = engine.advance(state, catalogue, end)
    for name in nodes if events else ():
        membership_history = engine.history(events, catalogue, name, end)
        entered = (
            membership_history[-1]["entered"] if membership_history and membership_history[-1]["left"] is None else None
        )
        held = state.memberships.get(name)
        assert entered == (held and held.since), name
        if held:
            assert (held.cause == "time") == (membership_history[-1]["cause"] == "time")
