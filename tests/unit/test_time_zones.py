"""Days begin where somebody lives, else where the shop is; clocks that are changed change no answer."""

from datetime import UTC, datetime

import pytest

from functions.core.base import zones
from functions.core.base.events import Event
from functions.core.base.instants import holds, until
from functions.core.base.translation import Request
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.messages import local_format
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.segments.zoned import in_zone
from functions.settings import SettingsError, read
from functions.sources import segment as sdk
from tests.unit.reference import member

HOUR = 3600


def at(written):
    return int(datetime.fromisoformat(written).timestamp())


def event(written, traits=None, name="Identified", number=0, **properties):
    when = at(written)
    sort = f"{datetime.fromtimestamp(when, UTC):%Y-%m-%dT%H:%M:%S}.000Z#{number}"
    return Event(name, when, when, ("user_id:1",), sort, "test", properties, traits or {})


def known(name):
    zone = zones.zone_of(name)
    assert zone
    return zone


def compiled(text, shop="UTC"):
    node = in_zone(parser.parse(text), shop)
    return node, engine.compile_catalogue({"s": node}, active=["s"])


def state_of(catalogue, told, now):
    return engine.apply(engine.fresh(catalogue), told, catalogue, now)


@pytest.mark.parametrize(
    ("home", "shop", "begins", "ends"),
    [
        ("Asia/Tokyo", "UTC", "2026-05-12T00:00:00+09:00", "2026-05-13T00:00:00+09:00"),
        (" america/new_york", "Asia/Tokyo", "2026-05-12T00:00:00-04:00", "2026-05-13T00:00:00-04:00"),
        (None, "Europe/Berlin", "2026-05-12T00:00:00+02:00", "2026-05-13T00:00:00+02:00"),
        ("Nowhere/At_All", "Europe/Berlin", "2026-05-12T00:00:00+02:00", "2026-05-13T00:00:00+02:00"),
        (None, "UTC", "2026-05-12T00:00:00+00:00", "2026-05-13T00:00:00+00:00"),
    ],
)
def test_a_birthday_is_the_day_where_somebody_lives_else_where_the_shop_is(home, shop, begins, ends):
    node, catalogue = compiled("trait birthday within the next 1 hour", shop)
    told = [event("2026-01-01T00:00:00Z", {"birthday": "1990-05-12", **({"timezone": home} if home else {})})]
    begin, end = at(begins) - HOUR, at(ends)
    for now, expected in ((begin - 1, False), (begin, True), (end - 1, True), (end, False)):
        state = state_of(catalogue, told, now)
        verdict = engine.evaluate(state, catalogue, now)["s"]
        assert expected == holds(verdict) == member(node, told, now), now - begin
    before = engine.evaluate(state_of(catalogue, told, begin - 1), catalogue, begin - 1)["s"]
    inside = engine.evaluate(state_of(catalogue, told, begin), catalogue, begin)["s"]
    assert (begin, end) == (until(before), until(inside))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Africa/Cairo", "2024-04-26", 23),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("America/Havana", "2024-11-03", 25),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone, day, hours):
    node, catalogue = compiled("trait renews within the last 1 second", zone)
    told = [event("2009-01-01T00:00:00Z", {"renews": day})]
    begin = zones.begins(datetime.fromisoformat(day).date(), known(zone))
    end = zones.ends(datetime.fromisoformat(day).date(), known(zone))
    assert hours * HOUR == end - begin
    for now in (begin - 1, begin, end - 1, end, end + 1):
        verdict = engine.evaluate(state_of(catalogue, told, now), catalogue, now)["s"]
        assert member(node, told, now) == holds(verdict), now - begin


def test_whoever_moves_has_their_birthday_there():
    _, catalogue = compiled("trait birthday within the next 1 hour")
    now = at("2026-05-11T20:00:00Z")
    state = state_of(catalogue, [event("2026-01-01T00:00:00Z", {"birthday": "1990-05-12"})], now)
    assert not state.memberships
    assert at("2026-05-11T23:00:00Z") == state.due
    moved = engine.apply(state, [event("2026-05-11T20:00:00Z", {"timezone": "Asia/Tokyo"})], catalogue, now)
    assert {"s"} == moved.memberships.keys()
    assert at("2026-05-12T15:00:00Z") == engine.evaluate(moved, catalogue, now)["s"]


def test_dates_of_a_window_are_the_shop_s():
    text = 'did "A" between "2026-03-29" and "2026-03-29"'
    inside = ("2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00")
    outside = ("2026-03-28T23:59:59+01:00", "2026-03-30T00:00:00+02:00")
    for written in (*inside, *outside):
        node, catalogue = compiled(text, "Europe/Berlin")
        told, now = [event(written, name="A")], at("2026-06-01T00:00:00Z")
        found = holds(engine.evaluate(state_of(catalogue, told, now), catalogue, now)["s"])
        assert (written in inside) == found == member(node, told, now), written


@pytest.mark.parametrize("home", ["Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin"])
def test_dates_of_a_window_are_the_shop_s_wherever_somebody_lives(home):
    node, catalogue = compiled("did “A” since 2026-03-29", "Europe/Berlin")
    now = at("2026-06-01T00:00:00Z")
    for written, inside in (("2026-03-28T23:00:00Z", True), ("2026-03-28T22:59:59Z", False)):
        told = [event("2026-01-01T00:00:00Z", {"timezone": home}), event(written, name="A")]
        found = holds(engine.evaluate(state_of(catalogue, told, now), catalogue, now)["s"])
        assert inside == found == member(node, told, now), written


def test_a_moment_without_an_offset_is_by_the_clock_of_the_shop():
    _, catalogue = compiled("did “A” until 2026-03-29T09:00:00", "Europe/Berlin")
    now = at("2026-06-01T00:00:00Z")
    for written, inside in (("2026-03-29T07:00:00Z", True), ("2026-03-29T07:00:01Z", False)):
        state = state_of(catalogue, [event(written, name="A")], now)
        assert inside == holds(engine.evaluate(state, catalogue, now)["s"]), written


def test_a_shop_in_utc_asks_for_the_timelines_that_it_asked_for_before():
    for text in ('did "A" since "2026-03-29"', "trait birthday within the next 1 day"):
        node = parser.parse(text)
        assert node is in_zone(node, "UTC")
    said = {"id": "s", "name": "S", "when": parser.parse('did "A" since "2026-03-29"')}
    definition = Definition("segments", "s", 1, "", said, "test", 0)
    utc, berlin = load([definition]).catalogue, load([definition], 0, "Europe/Berlin").catalogue
    assert utc.specs.keys() != berlin.specs.keys()


def test_what_the_device_says_is_taken_only_if_it_is_a_time_zone():
    for said, expected in (("europe/berlin", {"timezone": "Europe/Berlin"}), ("Mars/Base", {}), (7, {}), ("", {})):
        message = {"type": "identify", "userId": "1", "messageId": "m", "context": {"timezone": said}}
        request = Request(b"", {}, "identify", at("2026-05-12T00:00:00Z"), "EUR")
        (found,) = sdk.emit(request, message).events
        assert expected == found.traits


def test_names_of_zones_are_those_of_the_database_and_nothing_else():
    for name in ("Europe/Berlin", "EUROPE/BERLIN", " europe/berlin "):
        assert "Europe/Berlin" == zones.canonical(name)
    assert "America/Port_of_Spain" == zones.canonical("america/port_of_spain")
    for junk in ("", "Mars", "../etc/passwd", "Europe", "zone.tab", "x" * 99, 5, None, "Europe//Berlin", "tzdata.zi"):
        assert zones.canonical(junk) is None, junk


def test_a_shop_is_not_deployed_with_a_zone_that_does_not_exist():
    with pytest.raises(SettingsError, match="SHOP_TIMEZONE='Berlin' is not the name of a time zone"):
        read({"SHOP_TIMEZONE": "Berlin"})
    assert "Europe/Berlin" == read({"SHOP_TIMEZONE": "europe/berlin"}).shop_timezone


def test_a_date_in_an_e_mail_is_the_day_of_the_recipient():
    late, berlin = at("2026-05-11T22:30:00Z"), known("Europe/Berlin")
    assert "12 May 2026" == local_format.moment(late, "long", "en-GB", berlin)
    assert "12 May 2026" == local_format.moment("2026-05-11T22:30:00Z", "long", "en-GB", berlin)
    assert "11 May 2026" == local_format.moment("2026-05-11", "long", "en-GB", berlin)
