"""Marks of erased people are read where an event may be about one, and nowhere else."""

import pytest

from functions.core.base.erased import unsettled
from functions.core.base.events import Event
from functions.usecases import erase
from functions.usecases.fold import fold
from tests.flow.in_memory_app import InMemoryApp

NOW, DAY = 1_795_000_000, 86_400
ANN, DEVICE = "user_id:ann", "anonymous_id:d1"


def event(at, *names, **more):
    return Event("Product Viewed", at, at, names or (ANN,), f"{at}", "test", **more)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (event(NOW), []),
        (event(NOW - DAY), [ANN]),
        (event(NOW - 2 * DAY), [ANN]),
        (event(NOW, ANN, DEVICE), [DEVICE]),
        (event(NOW, claims=("email:bob@x.org",)), ["email:bob@x.org"]),
        (event(NOW, undated=True), [ANN]),
    ],
)
def test_names_that_were_known_before_the_event_was_stated_are_settled(told, expected):
    assert expected == list(unsettled(told, {ANN: NOW - DAY}))


@pytest.fixture
def app():
    return InMemoryApp(now=NOW)


def marks_read(app, monkeypatch, *events):
    """How many marks are looked for while the events are folded."""
    load, keys = app.people.load, []

    def loading(identifiers, profiles, marks=(), **how):
        keys.extend(marks)
        return load(identifiers, profiles, keys[len(keys) - len(list(marks)) :], **how)

    with monkeypatch.context() as patched:
        patched.setattr(app.people, "load", loading)
        app.log.append(events)
        assert fold(app.context, events) == {}
    return len(keys)


def test_events_of_somebody_known_cost_no_read_of_marks(app, monkeypatch):
    assert 1 == marks_read(app, monkeypatch, event(NOW - 9))
    assert 0 == marks_read(app, monkeypatch, event(NOW - 5))
    assert 1 == marks_read(app, monkeypatch, event(NOW - 10))
    assert 1 == marks_read(app, monkeypatch, event(NOW - 4, ANN, DEVICE))
    assert 0 == marks_read(app, monkeypatch, event(NOW - 3, ANN, DEVICE))


def test_what_was_stated_before_an_erasure_falls_away_also_once_somebody_new_has_the_name(app, monkeypatch):
    marks_read(app, monkeypatch, event(NOW - 9))
    app.now = NOW
    assert erase.erase_people(app.context, [ANN]).profiles == 1
    app.now = NOW + 100
    assert 1 == marks_read(app, monkeypatch, event(NOW - 8))
    assert [] == list(app.log.read(ANN))
    marks_read(app, monkeypatch, event(NOW + 50))
    assert 1 == marks_read(app, monkeypatch, event(NOW - 7))
    assert [NOW + 50] == [each.time for each in app.log.read(ANN)]


def test_an_erasure_while_an_event_is_folded_is_seen_at_the_second_attempt(app, monkeypatch):
    marks_read(app, monkeypatch, event(NOW - 9))
    late, save = event(NOW - 5), app.people.save_state
    app.log.append([late])

    def erased_meanwhile(stored_state):
        monkeypatch.setattr(app.people, "save_state", save)
        erase.erase_people(app.context, [ANN])
        app.log.append([late])
        return save(stored_state)

    monkeypatch.setattr(app.people, "save_state", erased_meanwhile)
    assert fold(app.context, [late]) == {}
    assert [] == list(app.log.read(ANN))
    assert app.people.load([ANN], []).pointers == {}
