"""Somebody who sends more in a day than counts: the log keeps all, the profile stops growing, and says so."""

from dataclasses import replace

import pytest

from functions.core.base.errors import TooLong
from functions.core.base.events import Event, log_key
from functions.core.profiles.daily import DAY, LIMIT
from functions.settings import read
from functions.usecases import explain, fold, people, profile_session, refresh_check
from functions.usecases.backfill import update
from functions.usecases.context import Context
from tests.flow.in_memory_app import InMemoryApp

START = 20_000 * DAY
ROBOT = "email:robot@x.org"
OFTEN = 'id: often\nname: Often\nannounce: true\nwhen: did "Looked" at least 9 times within 30 days\n'
SEEN = 'id: seen\nname: Seen\nannounce: true\nwhen: did "Looked" at least 8 times within 30 days\n'


@pytest.fixture
def app() -> InMemoryApp:
    shop = InMemoryApp(now=START, settings=read({"EVENTS_PER_DAY": "5"}))
    shop.publish_text("segments", "often", OFTEN)
    return shop


def look(app: InMemoryApp, first: int, last: int, day: int = 0, **changes: object) -> Context:
    """Fold these events of the robot, one batch; return the context with what it counted."""
    app.now = START + day * DAY + last
    events = [
        replace(
            Event("Looked", at, at, (ROBOT,), log_key(at, str(at)), "shopify"),
            **changes,  # type: ignore[arg-type]
        )
        for at in range(START + day * DAY + first, START + day * DAY + last)
    ]
    app.log.append(events)
    context = app.context
    assert {} == fold.fold(context, events)
    return context


def person(app: InMemoryApp) -> people.StoredProfile:
    return people.by_identifier(app.context, ROBOT)


def entries(app: InMemoryApp) -> int:
    timelines = app.ruleset.state(person(app).stored_state).timelines
    return sum(len(timeline.entries) for timeline in timelines.values())


def test_the_profile_stops_growing_for_the_day_and_the_log_does_not(app: InMemoryApp) -> None:
    look(app, 0, 4)
    assert 0 == look(app, 4, 5).counts[fold.EVENTS_LEFT_OUT]
    assert 3 == look(app, 5, 8).counts[fold.EVENTS_LEFT_OUT]
    assert (5, 8) == (entries(app), len(app.log.events))
    version = person(app).stored_state.version
    assert 2 == look(app, 8, 10).counts[fold.EVENTS_LEFT_OUT]
    assert version == person(app).stored_state.version, "nothing more is written for somebody who sends too much"
    look(app, 0, 4, day=1)
    assert 9 == entries(app)
    assert {"often"} == set(app.ruleset.state(person(app).stored_state).memberships)


def test_the_profile_and_the_explanation_say_what_does_not_count(app: InMemoryApp) -> None:
    look(app, 0, 5)
    assert [] == people.view(app.context, person(app))["bounds"]
    context = look(app, 5, 12)
    assert 1 == context.counts["ProfileLimitsReached"]
    (bound,) = people.view(app.context, person(app))["bounds"]
    assert (LIMIT, 5, 7) == (bound["limit"], bound["most"], bound["left_out"])
    explained = explain.explain(app.context, person(app), "often", app.now)
    assert [bound] == explained["bounds"]
    assert 0 == look(app, 12, 13).counts["ProfileLimitsReached"]


def test_a_new_segment_the_last_look_and_the_nightly_check_count_what_the_fold_counted(app: InMemoryApp) -> None:
    look(app, 0, 12)
    app.publish_text("segments", "seen", SEEN)
    update(app.context, person(app).stored_state)
    assert {5} == {len(each.entries) for each in app.ruleset.state(person(app).stored_state).timelines.values()}
    current = profile_session.current(app.context, person(app).attributes.profile, app.now)
    assert current
    assert {5} == {len(each.entries) for each in current.state.timelines.values()}
    assert not refresh_check.check(app.context, person(app).stored_state)


def test_a_no_counts_however_much_somebody_sends(app: InMemoryApp) -> None:
    look(app, 0, 12)
    look(app, 12, 13, consent="unsubscribed")
    assert "unsubscribed" == people.view(app.context, person(app))["consent"]["marketing"]


def test_of_somebody_with_more_than_may_be_read_the_newest_count_as_if_the_log_kept_no_more(app: InMemoryApp) -> None:
    app.settings = read({"EVENTS_PER_DAY": "1000"})
    look(app, 0, 40)
    app.log.most, app.log.page = 20, 10
    app.publish_text("segments", "seen", SEEN)
    update(app.context, person(app).stored_state)
    assert {"often", "seen"} == set(app.ruleset.state(person(app).stored_state).memberships)
    assert not refresh_check.check(app.context, person(app).stored_state)


def test_people_who_cannot_be_divided_by_all_of_their_log_are_not_divided_at_all(app: InMemoryApp) -> None:
    app.settings = read({"EVENTS_PER_DAY": "1000"})
    device = "anonymous_id:kiosk"
    look(app, 0, 40, identifiers=("user_id:1", device))
    app.log.most, app.log.page = 20, 10
    at = START + 100
    app.now = at
    other = Event("Looked", at, at, ("user_id:2", device), log_key(at, "2"), "shopify")
    app.log.append([other])
    (error,) = fold.fold_apart(app.context, [other]).values()
    assert isinstance(error, TooLong)
    assert people.by_identifier(app.context, "user_id:1").attributes.identifiers == {"user_id:1", device}
