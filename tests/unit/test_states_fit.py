"""A state fits in its row, however many events of however many kinds somebody sends, and says what it leaves out."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb.calls import ROW_BYTES
from functions.adapters.dynamodb.rows import states as rows
from functions.adapters.dynamodb.values import size
from functions.core.answers import explanation
from functions.core.base.events import Event
from functions.core.profiles.state import pack, unpack
from functions.core.segments import engine
from functions.core.segments.engine import thinning
from functions.core.segments.engine.limits import full
from functions.core.segments.language import parser
from functions.core.timelines.sealing import DAY, Grain, opens
from functions.usecases import people
from functions.usecases.fold import fold
from functions.usecases.profile_session import STATES_HALVED
from functions.usecases.refresh_check import check
from tests.flow.in_memory_app import InMemoryApp

NOW, HOUR = 1_795_000_000, 3600
ANN = "user_id:ann"
SEGMENTS = {
    "looked": 'did "A" at least 30 times',
    "spent": 'sum of total over "B" > 50',
    "carts": 'did "A" then not "B" for 1 hour by cart_id',
    "recent": 'did "B" within 30 days at least 5 times',
    "said": "consent is subscribed",
}


def app_of(segments):
    app = InMemoryApp(now=NOW)
    for name, when in segments.items():
        app.publish_text("segments", name, f"id: {name}\nname: {name}\nannounce: true\nwhen: {when}\n")
    return app


def event(number, name="A", ago=None, **fields):
    at = NOW - (100_000 - number if ago is None else ago)
    properties = {"total": number * 100, "cart_id": f"c{number % 40}", "currency": "EUR"}
    return Event(name, at, at, (ANN,), f"{at}#{number}", "test", properties=properties, **fields)


def state_of(app):
    (stored,) = app.people.states.values()
    return app.ruleset.state(stored)


def told(app, events, batch):
    app.log.append(events)
    for start in range(0, len(events), batch):
        assert {} == fold(app.context, events[start : start + batch])
    return state_of(app)


SMALL = 400
many = st.lists(
    st.builds(event, st.integers(0, 50_000), st.sampled_from("AB"), consent=st.sampled_from([None, "subscribed"])),
    min_size=30, max_size=90, unique_by=lambda each: each.sort,
)  # fmt: skip


@given(many, st.randoms(), st.integers(1, 40))
def test_a_state_of_one_set_of_events_is_the_same_in_any_order_and_has_room(events, random, batch):
    """The events lie close together, so that none leaves a window on the way."""
    with patch.object(thinning, "MOST_BYTES", SMALL):
        expected = told(app_of(SEGMENTS), sorted(events, key=lambda each: each.time), len(events))
        shuffled = [*events, *events[:5]]
        random.shuffle(shuffled)
        state = told(app_of(SEGMENTS), shuffled, batch)
    assert len(pack(state)) <= SMALL
    assert expected.halvings == state.halvings
    assert expected.timelines == state.timelines


def test_a_flood_of_thousands_of_events_of_each_kind_is_folded_and_explained():
    app = app_of({f"s{n}": f'sum of total over "{"AB"[n % 2]}" where total > {n} > {n}' for n in range(20)})
    with patch.object(thinning, "MOST_BYTES", 20_000):
        context, events = app.context, [event(n, "AB"[n % 2]) for n in range(6_000)]
        app.log.append(events)
        for start in range(0, 6_000, 1_000):
            assert {} == fold(context, events[start : start + 1_000])
        state = state_of(app)
        assert 0 < state.halvings
        assert 1 <= context.counts[STATES_HALVED] <= state.halvings
        assert len(pack(state)) <= 20_000
        (stored,) = app.people.states.values()
        assert size(rows.to_item(stored, 64, "")) < ROW_BYTES
        person = people.by_identifier(app.context, ANN)
        (bound,) = people.view(app.context, person)["bounds"]
        assert ("timelines", 2_000 >> state.halvings, 20) == (bound["limit"], bound["most"], bound["left_out"])
        assert full(state, app.ruleset.catalogue) == state.timelines.keys()
        # Sums over all of time leave nothing out.
        total = sum(
            sum(Decimal(b.total) for b in t.held.sealed) + sum(e.value for e in t.entries)
            for t in state.timelines.values()
        )
        assert total == 10 * sum(n for n in range(6_000)) - sum(
            n for limit in range(20) for n in range(6_000) if n % 2 == limit % 2 and n <= limit
        )


def test_the_nightly_check_finds_nothing_wrong_with_a_state_of_fewer_entries():
    app = app_of(SEGMENTS)
    with patch.object(thinning, "MOST_BYTES", SMALL):
        told(app, [event(n, "AB"[n % 2]) for n in range(200)], 50)
        app.now += 2 * 3_600
        (stored,) = app.people.states.values()
        assert not check(app.context, stored)


def test_the_halvings_are_kept_with_the_state_and_others_are_stored_as_before():
    catalogue = app_of(SEGMENTS).ruleset.catalogue
    fresh = engine.fresh(catalogue, "p")
    assert pack(fresh)[0] == 2
    with patch.object(thinning, "MOST_BYTES", 0):
        thin = thinning.thinned(fresh, catalogue, NOW)
    assert thin.halvings
    assert thin == unpack(pack(thin), catalogue.names, "p")


def test_longer_buckets_are_made_of_whole_shorter_ones():
    """So a state that is halved once more has what one would have that was folded under it from the beginning."""
    newest, times = NOW, [NOW - 5_000 * HOUR * number for number in range(80)]
    for fine, coarse in pairwise(Grain):
        of_coarse = {opens(time, newest, fine): opens(time, newest, coarse) for time in times}
        assert all(of_coarse[opens(time, newest, fine)] == opens(time, newest, coarse) for time in times)
    assert {0} == set(of_coarse.values())


@pytest.mark.parametrize(
    ("halvings", "words"),
    [
        (1, "by whole days, those of more than a year earlier by whole months: none is left out"),
        (3, "by whole months: the rest of the month of 2026-"),
        (7, "by whole years: the rest of the year of 2026-"),
        (9, "only all together: what came after the beginning of 2026-"),
    ],
)
def test_an_explanation_says_how_long_the_buckets_are(halvings, words):
    events = [event(number, "B", ago=DAY + number * 90 * DAY) for number in range(6)]
    text = 'sum of total over "B" within 200 days > 0'
    catalogue = replace(engine.compile_catalogue({"s": parser.parse(text)}), cap=1, halvings=halvings)
    state = replace(engine.rebuild(events, catalogue, NOW), halvings=halvings)
    facts = explanation.explain(state, catalogue, "s", NOW)["tree"]["facts"]
    assert words in facts["bounded"]
