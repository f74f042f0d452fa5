"""Sealed timelines against a scan of the history: any order, merges, late and repeated orders."""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from functions import wiring
from functions.core.answers import explanation
from functions.core.base.instants import holds, until
from functions.core.profiles.state import pack, unpack
from functions.core.segments import engine, windows
from functions.core.segments.engine.folding import fitted
from functions.core.segments.language import parser
from functions.core.timelines.sealing import opens
from functions.usecases import profile_session
from functions.usecases.fold import fold
from functions.usecases.refresh_check import check
from tests.console import ANN, NOW
from tests.unit.sealed import DAY, HOUR, T, compiled, held, ordered
from tests.unit.strategies import thorough

# Lives with a cap so small that something is sealed all the time.
steps = st.sampled_from([0, 0, 1, 60, 5 * HOUR, DAY, DAY, 3 * DAY, 20 * DAY, 100 * DAY])
happened = st.lists(
    st.tuples(steps, st.sampled_from([None, None, 1, 2, 3]), st.sampled_from([100, 250, 0, -50])), max_size=16
)
CONDITIONS = (
    'sum of total over "Order Completed"{} > 3',
    'average of total over "Order Completed"{} >= 1',
    'minimum of total over "Order Completed"{} < 0',
    'maximum of total over "Order Completed"{} >= 2.5',
    'did "Order Completed" at least 3 times{}',
)
SPANS = ("", " within 30 hours", " within 4 days", " within 60 days", " within 500 days", ' since "2026-05-01"')
AGO = (" between 40 days and 2 days ago", " between 500 days and 1 hour ago")


def history_of(rows):
    at, events = T - 400 * DAY, []
    for number, (step, order, total) in enumerate(rows):
        at += step
        natural = order is not None
        event = ordered(order if natural else f"n{number}", at, total, natural)
        events.append(replace(event, sort=f"2026#{number}", revision=number if natural else 0))
    return events, at


def test_an_order_that_is_sealed_in_one_profile_and_told_again_in_the_other_counts_once_after_a_merge():
    steps = (0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0)
    rows = [(step, 2 if number in (1, 11) else None, 100) for number, step in enumerate(steps)]
    history, newest = history_of(rows)
    catalogue = compiled({"s": 'sum of total over "Order Completed" > 3'}, 4)
    first, second = (engine.rebuild(part, catalogue, newest + 1) for part in (history[:8], history[8:]))
    merged = engine.merge(first, second, catalogue, newest + 1, engine.KnownEvents(history))
    assert engine.rebuild(history, catalogue, newest + 1).timelines == merged.timelines


HALVINGS = st.sampled_from([0, 0, 1, 3, 7, 9])


@thorough
@given(happened, st.integers(1, 4), HALVINGS, st.data())
def test_whatever_the_order_the_state_is_that_of_the_set(rows, cap, halvings, data):
    history, newest = history_of(rows)
    texts = data.draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3))
    spans = [data.draw(st.sampled_from(SPANS + AGO)) for _ in texts]
    catalogue = compiled(
        {f"s{n}": text.format(span) for n, (text, span) in enumerate(zip(texts, spans, strict=True))}, cap
    )
    catalogue = replace(catalogue, halvings=halvings)
    again = data.draw(st.lists(st.sampled_from(history), max_size=4)) if history else []
    arrivals = data.draw(st.permutations(history + again)) if data.draw(st.booleans()) else history + again
    state, known = replace(engine.fresh(catalogue), halvings=halvings), []
    while arrivals:
        size = data.draw(st.integers(1, 4))
        batch, arrivals = list(arrivals[:size]), arrivals[size:]
        known += batch
        state = engine.apply(state, batch, catalogue, newest + 1, engine.KnownEvents(known))
        state = unpack(pack(state), catalogue.names, "")
        assert engine.rebuild(known, catalogue, newest + 1).timelines == state.timelines
    cut = data.draw(st.integers(0, len(history)))
    parts = (engine.rebuild(part, catalogue, newest + 1) for part in (history[:cut], history[cut:]))
    first, second = (replace(part, halvings=halvings) for part in parts)
    merged = engine.merge(first, second, catalogue, newest + 1, engine.KnownEvents(history))
    assert engine.rebuild(history, catalogue, newest + 1).timelines == merged.timelines


@thorough
@given(happened, st.lists(HALVINGS, min_size=2, max_size=2), st.data())
def test_states_of_two_sizes_merge_to_what_the_smaller_one_remembers(rows, several, data):
    """Whether a state is halved while events come or when it merges, it ends as one that was so from the beginning."""
    history, newest = history_of(rows)
    texts = data.draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3))
    catalogue = compiled({f"s{n}": text.format(data.draw(st.sampled_from(SPANS))) for n, text in enumerate(texts)}, 4)
    cut, states = data.draw(st.integers(0, len(history))), []
    for part, times in zip((history[:cut], history[cut:]), several, strict=True):
        state = engine.rebuild(part, catalogue, newest)
        states.append(replace(state, timelines=fitted(state.timelines, catalogue.halved(times)), halvings=times))
    first, second = states
    merged = engine.merge(first, second, catalogue, newest, engine.KnownEvents(history))
    expected = engine.rebuild(history, catalogue.halved(max(several)), newest)
    assert expected.timelines == merged.timelines


# Orders on three days, of which the window holds two.
@example([(0, None, 100), (DAY, None, 100), (DAY, None, 100), (DAY, None, 100)], 1, AGO[0], 0)
@thorough
@given(happened, st.integers(1, 4), st.sampled_from(SPANS + AGO), st.integers(0, 5 * DAY))
def test_a_sum_differs_from_the_scan_by_what_lies_on_the_days_at_the_edges_alone(rows, cap, span, later):
    history, newest = history_of([(step, None, 100) for step, _, _ in rows])
    text = f'sum of total over "Order Completed"{span} > 0'
    catalogue, now = compiled({"s": text}, cap), newest + later
    state, wide = engine.rebuild(history, catalogue, now), parser.parse(text)
    found = int(explanation.explain(state, catalogue, "s", now)["tree"]["facts"]["sum"])
    inside, cut = scanned(history, wide, now, newest)
    assert inside - cut <= found <= inside
    sealed = held(state, catalogue, text).sealed if state.timelines else ()
    assert found == inside or sealed or len(history) > cap
    if span in ("", SPANS[-1]):
        assert found == inside


def scanned(history, node, now, newest):
    """How many events lie in the window, and how many of those in the days or months that it cuts."""
    (far, near), since = windows.window(node), windows.calendar(node)["since"] or 0
    inside = [each for each in history if each.time >= since and each.time <= now - near]
    inside = [each for each in inside if far is None or each.time > now - far]
    low, high = (0 if far is None else now - far), now - near
    cut = [
        each for each in inside if opens(each.time, newest) in (opens(low, newest), opens(high, newest) if near else -1)
    ]
    return len(inside), len(cut)


@thorough
@given(happened, st.integers(1, 3), st.sampled_from(CONDITIONS), st.sampled_from(SPANS + AGO))
def test_an_answer_stays_right_until_its_instant(rows, cap, text, span):
    history, newest = history_of(rows)
    catalogue = compiled({"s": text.format(span)}, cap)
    state, now = engine.rebuild(history, catalogue, newest), newest
    for _ in range(8):
        verdict = engine.evaluate(state, catalogue, now)["s"]
        end = until(verdict)
        if end is None:
            break
        assert end > now
        assert holds(engine.evaluate(state, catalogue, end - 1)["s"]) == holds(verdict)
        now = end
    else:
        return
    far = [now + DAY, now + 700 * DAY]
    assert [holds(verdict)] * 2 == [holds(engine.evaluate(state, catalogue, at)["s"]) for at in far]


RICH = 'id: rich\nname: Rich\nwhen: sum of total over "Order Completed" >= 100\n'


def tell(world, ruleset, *events):
    """Append to the log and fold by these definitions."""
    world.log(*events)
    assert {} == fold(world.context(load_ruleset=lambda: ruleset), events)


def test_late_repeated_and_told_again_orders_count_once_beyond_the_cap(world):
    world.save(RICH)
    ruleset = wiring.ruleset(fresh=True)
    ruleset = replace(ruleset, catalogue=replace(ruleset.catalogue, cap=40))
    events = [ordered(number, NOW - 90 * DAY - number * HOUR, who=ANN) for number in range(100)]
    late, told = events.pop(50), replace(ordered(60, NOW - HOUR, who=ANN), revision=1)
    for start in range(0, len(events), 30):
        tell(world, ruleset, *events[start : start + 30])
    assert [] == world.members("rich")
    tell(world, ruleset, events[80], told)
    assert [] == world.members("rich")
    tell(world, ruleset, late)
    (profile,) = world.members("rich")
    (state,) = world.states().values()
    (timeline,) = state.timelines.values()
    assert 60 == sum(bucket.events for bucket in timeline.held.sealed)
    stored_state = world.ports.people.load((), [profile])[1][profile]
    assert not check(world.context(load_ruleset=lambda: ruleset), stored_state)
    seen = profile_session.current(world.context(load_ruleset=lambda: ruleset), profile, NOW - DAY)
    assert seen
    assert state.timelines == seen.state.timelines
