"""What others rely on: entry times and causes, due, backfill, merge, references, explanations, budgets."""

import random
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from functions.core.answers import explanation
from functions.core.base.errors import DefinitionRefused
from functions.core.base.events import Event
from functions.core.profiles.state import UNBUILT, Membership, pack, unpack
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.timelines.spec import TimelineSpec

T = 1_767_225_600
DAY = 86_400


def event(name, at, sort="", traits=None, **properties):
    return Event(name, T + at, T + at, ("user_id:1",), f"2026#{sort or f'{name}{at}'}", "t", properties, traits or {})


def catalogue(active=None, timelines=(), **texts):
    nodes = {name: parser.parse(text) for name, text in texts.items()}
    return engine.compile_catalogue(nodes, active=active, timelines=timelines)


def test_an_event_enters_at_its_own_time_and_time_at_its_instant_however_late_somebody_looks():
    known = catalogue(a='did "A"', b='did "A" then not "B" for 1 hour')
    state = engine.apply(engine.fresh(known), [event("A", 0)], known, T + 5)
    assert {"a": Membership(T, "event")} == state.memberships
    later = engine.advance(state, known, T + 30 * DAY)
    assert Membership(T + 3600, "time") == later.memberships["b"]
    assert state.memberships == {"a": Membership(T, "event")}


def test_an_event_that_comes_after_the_instant_finds_the_entry_that_time_made():
    known = catalogue(b='did "A" then not "B" for 1 hour')
    state = engine.apply(engine.fresh(known), [event("A", 0)], known, T)
    left = engine.apply(state, [event("B", 9000)], known, T + 9000)
    assert {} == left.memberships
    stayed = engine.apply(state, [event("C", 9000)], known, T + 9000)
    assert Membership(T + 3600, "time") == engine.advance(stayed, known, T + 9000).memberships["b"]


def test_who_left_by_time_and_comes_back_by_an_event_has_entered_anew():
    known = catalogue(a='did "A" within 1 hour')
    state = engine.apply(engine.fresh(known), [event("A", 0)], known, T)
    again = engine.apply(state, [event("A", 7200)], known, T + 7200)
    assert Membership(T + 7200, "event") == again.memberships["a"]
    kept = engine.apply(state, [event("A", 1800)], known, T + 1800)
    assert Membership(T, "event") == kept.memberships["a"]


def test_only_segments_that_somebody_acts_on_are_kept_and_make_a_profile_due_with_those_they_refer_to():
    texts = {"a": 'did "A" within 1 hour', "b": 'did "A" within 2 hours', "c": 'not in segment "b"'}
    nobody = catalogue(active=(), **texts)
    unasked = engine.apply(engine.fresh(nobody), [event("A", 0)], nobody, T)
    assert ({}, None) == (unasked.memberships, unasked.due)
    known = catalogue(active=["c"], **texts)
    assert {"b", "c"} == known.active
    state = engine.apply(engine.fresh(known), [event("A", 0)], known, T)
    assert {"b"} == state.memberships.keys()
    assert T + 7200 == state.due
    later = engine.apply(state, [event("A", 60)], known, T + 60)
    assert (T + 7200, T + 7260) == (later.due, engine.advance(later, known, T + 7200).due)
    woken = engine.advance(state, known, T + 7200)
    assert woken.due is None
    assert "c" in woken.memberships


def test_the_same_event_twice_touches_nothing():
    known = catalogue(a='did "A" at least 2 times')
    state, touched = engine.fold(engine.fresh(known), [event("A", 0)], known, T)
    assert 1 == len(touched)
    told = [event("A", 0), event("B", 1)]
    again, touched = engine.fold(state, told, known, T, engine.KnownEvents(told))
    assert frozenset() == touched
    assert again == state


def test_a_new_segment_on_what_is_remembered_needs_no_history_and_is_no_news():
    old, new = catalogue(a='did "A"'), catalogue(a='did "A"', b='did "A" within 7 days')
    state = engine.apply(engine.fresh(old), [event("A", 0)], old, T)
    assert frozenset() == engine.missing(state, new)
    after = engine.apply(unpack(pack(state), new.names, ""), [event("A", 60)], new, T + 60)
    assert {"a": "event", "b": "backfill"} == {name: held.cause for name, held in after.memberships.items()}


def test_what_is_kept_longer_or_newly_is_missing_until_it_is_backfilled():
    old, new = catalogue(a='did "A"'), catalogue(active=["b", "c"], b='did "A" at least 2 times', c='did "B"')
    told = [event("A", 0), event("A", 60), event("B", 90)]
    state = engine.apply(engine.fresh(old), told, old, T + 90)
    assert set(new.specs) == engine.missing(state, new)
    assert state == engine.advance(state, new, T + 100)
    filled = engine.backfill(state, told, new, T + 100, engine.missing(state, new))
    assert frozenset() == engine.missing(filled, new)
    assert {"b": Membership(T + 90, "backfill"), "c": Membership(T + 90, "backfill")} == {
        name: replace_since(held) for name, held in filled.memberships.items()
    }


def test_what_time_does_at_the_second_of_an_event_is_done_though_the_clock_is_behind():
    known = catalogue(a='did "A" then not "B" for 5 seconds', c='did "C"')
    state = engine.apply(engine.fresh(known), [event("A", 0)], known, T)
    state = engine.apply(state, [event("C", 5)], known, T + 4)
    assert {"a": Membership(T + 5, "time"), "c": Membership(T + 5, "event")} == state.memberships


def test_a_history_that_goes_on_beyond_the_clock_is_looked_at_at_its_end():
    known = catalogue(a='did "A"', b='did "A" within 1 hour and not did "B"')
    state = engine.rebuild([event("A", 0), event("A", 60)], known, T + 58)
    assert T + 60 == state.evaluated
    assert {"a", "b"} == set(state.memberships)


def test_what_was_withdrawn_and_comes_back_is_filled_from_the_log_again():
    known, nothing = catalogue(a='did "A" at least 2 times'), catalogue()
    state = engine.apply(engine.fresh(known), [event("A", 0)], known, T)
    without = engine.apply(state, [event("A", 60)], nothing, T + 60)
    assert {} == without.timelines
    assert set(known.specs) == engine.missing(without, known)


def replace_since(held):
    return held._replace(since=T + 90)


def test_a_backfill_does_not_swallow_an_instant_that_somebody_waited_for():
    text = 'did "A" then not "B" for 1 hour'
    old, new = (
        catalogue(active=["a"], a=text),
        catalogue(active=["a", "n"], a=text, n='did "C" then not "B" for 1 hour'),
    )
    told = [event("A", 0), event("C", -DAY)]
    state = engine.apply(engine.fresh(old), told, old, T)
    assert T + 3600 == state.due
    filled = engine.backfill(state, told, new, T + 3600, engine.missing(state, new))
    assert Membership(T + 3600, "time") == filled.memberships["a"]
    assert "backfill" == filled.memberships["n"].cause


def test_a_merged_profile_has_been_in_since_the_earlier_entry():
    known = catalogue(a='did "A"', both='did "A" and did "B"')
    one = engine.apply(engine.fresh(known), [event("A", 0)], known, T)
    other = engine.apply(engine.fresh(known), [event("A", 50), event("B", 60)], known, T + 60)
    merged = engine.merge(one, other, known, T + 90)
    assert Membership(T, "event") == merged.memberships["a"]
    assert known.built == merged.built
    elsewhere = replace(one, timelines_digest="0" * 8, segments_digest="0" * 8)
    assert UNBUILT == engine.merge(elsewhere, other, known, T + 90).built


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"a": 'in segment "b"', "b": 'in segment "c"', "c": 'did "A" or in segment "a"'}, "a → b → c → a"),
        ({"a": 'in segment "a"'}, "a → a"),
        ({"a": 'in segment "bb"', "b": 'did "B"'}, "does not exist"),
    ],
)
def test_references_that_lead_nowhere_or_round_are_refused(texts, said):
    with pytest.raises(DefinitionRefused, match=said):
        catalogue(**texts)


def test_a_timeline_that_others_ask_for_is_kept_and_read_newest_first():
    spec = TimelineSpec(("A",), by="cart", keep=None, horizon=DAY)
    known = catalogue(timelines=[spec])
    state = engine.fresh(known)
    for at in (0, 60, 90):
        state = engine.apply(state, [event("A", at, cart=f"c{at % 60}")], known, T + at)
    assert [T + 90, T + 60] == [entry.time for entry in engine.entries(state, known, spec)]


def test_an_explanation_tells_what_was_counted_and_when_it_changes():
    known = catalogue(a='did "A" at least 2 times within 1 hour and not in segment "b"', b='did "B"')
    state = engine.apply(engine.fresh(known), [event("A", 0), event("A", 60)], known, T + 60)
    told = explanation.explain(state, known, "a", T + 60)
    assert (True, T + 3600) == (told["holds"], told["until"])
    counted, negated = told["tree"]["of"]
    assert {"counted": 2, "or_more": True, "times": [T + 60, T]} == counted["facts"]
    assert 'did "B"' == negated["of"][0]["of"][0]["text"]


def test_the_history_tells_every_stay_and_what_made_it():
    known = catalogue(a='did "A" within 1 hour and not did "B"')
    told = [event("A", 0), event("A", 9000), event("B", 9060)]
    one = {"version": 1, "left_version": 1, "edits": [], "left_edits": []}
    assert [
        {"entered": T, "left": T + 3600, "cause": "A", "left_by": "time", **one},
        {"entered": T + 9000, "left": T + 9060, "cause": "A", "left_by": "B", **one},
    ] == engine.history(told, known, "a", T + DAY)


def test_a_condition_that_is_no_segment_can_be_judged():
    node = parser.parse('did "A" within 1 hour and in segment "b"')
    known = catalogue(timelines=engine.timelines(node), b='did "B"')
    state = engine.apply(engine.fresh(known), [event("A", 0), event("B", 1)], known, T + 1)
    assert T + 3600 == engine.judge(node, state, known, T + 1)


def test_the_path_of_an_event_imports_neither_parser_nor_yaml():
    code = "import sys, functions.core.segments.engine; print([m for m in sys.modules if m.split('.')[0] in %r])"
    heavy = ("lark", "yaml", "difflib", "pydantic", "boto3")
    done = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


def generated(count):
    pick = random.Random(7)
    events, categories = [f"Event {number}" for number in range(12)], [f"Category {number}" for number in range(50)]
    makers = (
        lambda: f'did "{pick.choice(events)}" where category = "{pick.choice(categories)}" within 7 days',
        lambda: (
            f'sum of total over "{pick.choice(events)}" within {pick.randint(1, 180)} days > {pick.randint(1, 999)}'
        ),
        lambda: f'did "{pick.choice(events)}" then not "{pick.choice(events)}" for 24 hours by cart_id within 7 days',
        lambda: f'trait plan = "{pick.choice(categories)}"',
        lambda: f'last "{pick.choice(events)}" more than {pick.randint(1, 90)} days ago',
    )
    return {
        f"segment-{number}": parser.parse(" and ".join(pick.choice(makers)() for _ in range(pick.randint(1, 3))))
        for number in range(count)
    }


def test_the_stored_state_of_360_events_under_a_hundred_segments_fits_its_budget():
    nodes = generated(100)
    known, pick = engine.compile_catalogue(nodes, active=list(nodes)[:20]), random.Random(3)
    state = engine.fresh(known)
    for number in range(360):
        said: dict[str, Any] = {"category": f"Category {pick.randint(0, 49)}", "cart_id": f"c{number // 12}"}
        if pick.random() < 0.1:
            said |= {"total": pick.randint(100, 90_000), "currency": "EUR"}
        one = event(f"Event {pick.randint(0, 11)}", number * DAY // 2, f"m{number}", **said)
        state = engine.apply(state, [one], known, one.time)
    assert len(pack(state)) <= 1024
