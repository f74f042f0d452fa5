"""Which runs of a flow are one: the rule over everything that a person was called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.flows.flow import Flow, Step
from functions.core.flows.records import Run
from functions.core.flows.reentry import JOINED, UNREACHED, may_begin, together
from tests.unit.strategies import thorough

STEPS = (Step("send", "a", {"template": "a"}),)


def flow(**more):
    return Flow("f", "F", STEPS, **more)


def run(entry, since, profile="p", **more):
    return Run(profile, "f", entry, since, since, **more)


EVENTS, KEYED = {"events": ("X",)}, {"events": ("X",), "by": "cart_id"}
ENTER, LEAVE = {"segment": "s"}, {"segment": "s", "on": "leave"}
A, B, C = run("a", 100), run("b", 150, "q"), run("c", 400)

CASES = {
    "every time, each event is a run": (flow(**EVENTS), [A, B, C], None, [["a"], ["b"], ["c"]]),
    "once, the earliest goes on for all": (flow(**EVENTS, period=0), [C, B, A], None, [["a", "b", "c"]]),
    "once per a span, counted from the one that counts": (
        flow(**EVENTS, period=200),
        [A, B, run("d", 299), C],
        None,
        [["a", "b", "d"], ["c"]],
    ),
    "once per a span, at its very end anew": (flow(**EVENTS, period=300), [A, C], None, [["a"], ["c"]]),
    "one cart of two profiles is one run": (
        flow(**KEYED),
        [A, run("a", 90, "q"), C],
        None,
        [["a", "a"], ["c"]],
    ),
    "one stay is one run": (flow(**ENTER), [A, B], 100, [["a", "b"]]),
    "a stay of before is another run": (flow(**ENTER), [A, B, C], 150, [["a"], ["b", "c"]]),
    "outside the segment nothing is known of stays": (flow(**ENTER), [A, B], None, [["a"], ["b"]]),
    "who was in by one name when they left by the other left once": (
        flow(**LEAVE),
        [run("a", 100, entered=10), run("b", 150, "q", entered=99)],
        None,
        [["a", "b"]],
    ),
    "who came in by one name in the second in which they left by the other left once": (
        flow(**LEAVE),
        [run("a", 100, entered=10), run("b", 150, "q", entered=100)],
        None,
        [["a", "b"]],
    ),
    "who came back in between left twice": (
        flow(**LEAVE),
        [run("a", 100, entered=10), run("b", 150, entered=120)],
        None,
        [["a"], ["b"]],
    ),
    "a run that joined another, or found nobody, counts for none": (
        flow(**EVENTS, period=0),
        [run("x", 1, outcome=JOINED), run("y", 2, outcome=UNREACHED), A, B],
        None,
        [["a", "b"]],
    ),
    "a run that has ended otherwise counts": (
        flow(**EVENTS, period=0),
        [run("x", 1, due=None, outcome="completed"), A],
        None,
        [["x", "a"]],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_rule_says_which_runs_are_one(case):
    rule, runs, stay, expected = case
    counting = [each for each in runs if each.outcome not in (JOINED, UNREACHED)]
    for each in counting:
        found = [other.entry for other in together(rule, each, runs, stay)]
        assert found in expected
        assert each.entry in found


def test_a_run_that_joined_is_looked_at_as_if_it_had_not():
    once, joined = flow(**EVENTS, period=0), run("a", 100, outcome=JOINED)
    assert [joined] == together(once, joined, [joined])
    assert [joined, B] == together(once, joined, [joined, B])
    assert run("b", 50, "q") == together(once, joined, [joined, run("b", 50, "q")])[0]


def test_a_run_may_begin_beside_none_that_is_one_with_it():
    once, rarely = flow(**EVENTS, period=0), flow(**EVENTS, period=200)
    assert may_begin(once, A, [])
    assert may_begin(once, A, [A])
    assert not may_begin(once, A, [C])
    assert may_begin(rarely, A, [C])
    assert not may_begin(rarely, A, [B])
    assert not may_begin(flow(**ENTER), A, [B], 100)
    assert may_begin(flow(**ENTER), A, [B], 101)
    assert may_begin(flow(**ENTER), A, [B])


rules = st.sampled_from([flow(**EVENTS), flow(**EVENTS, period=0), flow(**EVENTS, period=50), flow(**ENTER)])
several = st.lists(
    st.builds(run, st.sampled_from("abcd"), st.integers(0, 200), st.sampled_from("pq")),
    min_size=1,
    max_size=6,
    unique_by=lambda each: (each.profile, each.entry),
)


@thorough
@given(rules, several, st.none() | st.integers(0, 200), st.randoms())
def test_whoever_asks_in_whatever_order_hears_the_same(rule, runs, stay, chance):
    groups = [tuple(together(rule, each, runs, stay)) for each in runs]
    chance.shuffle(runs)
    assert set(groups) == {tuple(together(rule, each, runs, stay)) for each in runs}
    # Each run is in one group, whose first began first.
    assert sorted(map(id, runs)) == sorted(id(each) for group in set(groups) for each in group)
    assert all(group[0].since == min(each.since for each in group) for group in groups)
