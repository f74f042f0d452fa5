"""Whatever is sent of people, and by whom, every row stays below DynamoDB's limit and the next event is folded.

Hostile senders, public and trusted, grow everything at once: identifiers as long as the doors let through, addresses,
answers, bounces, traits, shared devices, merged accounts and events of every kind, late, twice and in any order.
"""

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb.calls import ROW_BYTES
from functions.adapters.dynamodb.rows import attributes as attribute_rows
from functions.adapters.dynamodb.rows import identifiers as identifier_rows
from functions.adapters.dynamodb.rows import states as state_rows
from functions.adapters.dynamodb.values import size
from functions.adapters.packing import dumps
from functions.core.base.events import Event
from functions.core.profiles import bounds, grouping
from functions.core.segments.engine import thinning
from functions.usecases import links, profile_session, profile_update
from functions.usecases.fold import fold
from tests.flow.in_memory_app import InMemoryApp

NOW = 1_795_000_000
SEGMENTS = {
    "many": 'did "Looked" at least 20 times',
    "spent": 'sum of total over "Bought" > 50',
    "left": 'did "Looked" then not "Bought" for 1 hour by cart_id',
    "vip": 'trait "t1" = "x"',
}
SMALL = {
    "IDENTIFIER_BYTES": 200, "VISITED_BYTES": 60, "ADDRESS_BYTES": 60, "SUPPRESSION_BYTES": 90, "CONSENT_BYTES": 120,
    "SPAN_BYTES": 400, "MOST_TRAITS": 3, "MOST_TRAIT_BYTES": 60, "MOST_PROFILES": 3,
}  # fmt: skip
STATE = 500


@pytest.fixture(scope="module")
def shop():
    app = InMemoryApp(now=NOW)
    for name, when in SEGMENTS.items():
        app.publish_text("segments", name, f"id: {name}\nname: {name}\nannounce: true\nwhen: {when}\n")
    return app


def fresh(shop):
    app = InMemoryApp(now=NOW)
    app.ruleset = shop.ruleset
    return app


def rows_of(app):
    """The bytes of each row of people before they are compressed, which is what they take at most."""
    with patch.object(attribute_rows, "pack", lambda body: dumps(body).encode("utf-8", "surrogatepass")):
        attributes = [size(attribute_rows.to_item(each)) for each in app.people.attributes.values()]
    states = [size(state_rows.to_item(each, 64, "")) for each in app.people.states.values()]
    return attributes, states, [size(identifier_rows.to_item(each)) for each in app.people.pointers.values()]


def told(app, events, batch=7):
    app.log.append(events)
    for start in range(0, len(events), batch):
        assert {} == fold(app.context, events[start : start + batch])


def goes_on(app, name):
    """The next event of whoever has the name is folded, and everything of the person can be read."""
    last = Event("Looked", NOW, NOW, (name,), "last", "test", traits={"t1": "x"})
    told(app, [last])
    profile = app.people.pointers[name].profile
    while (state := app.people.states[profile]).merged_into:
        profile = state.merged_into
    whole = links.complete(app.context, app.people.attributes[profile])
    assert last.id in {each.id for each in profile_update.whole_history(app.context, whole).events}
    assert profile_session.current(app.context, profile, NOW)


accounts = st.sampled_from(["user_id:1", "user_id:2", "user_id:3", "shopify:1"])
addresses = st.integers(0, 12).map("email:person{}@mail.example".format)
devices = st.integers(0, 15).map("anonymous_id:a-device-with-a-name-of-some-length-{}".format)
names = st.one_of(
    st.tuples(accounts, devices), st.tuples(accounts, addresses), st.tuples(accounts, addresses, devices),
    st.tuples(devices, devices), st.tuples(devices),
).map(lambda several: tuple(dict.fromkeys(several)))  # fmt: skip

traits = st.dictionaries(st.sampled_from(["t1", "t2", "t3", "t4", "t5"]), st.sampled_from(["x", "y" * 50]), max_size=3)


@st.composite
def statements(draw):
    number, identifiers = draw(st.integers(0, 10**6)), draw(names)
    merges = draw(st.integers(0, 15)) == 0
    return Event(
        name=draw(st.sampled_from(["Looked", "Bought", "Identified"])),
        time=NOW - draw(st.integers(1, 5_000)),
        received=NOW,
        identifiers=("user_id:1", "user_id:2") if merges else identifiers,
        sort=f"2026-11-20T00:00:00Z#{number}",
        source="test",
        properties={"total": 100 * number, "cart_id": f"c{number % 30}", "currency": "EUR"},
        traits=draw(traits),
        consent=draw(st.sampled_from([None, "subscribed", "unsubscribed"])),
        suppression=draw(st.sampled_from([None, None, "bounce"])),
        trust="signed" if merges else draw(st.sampled_from(["public", "signed"])),
        merges=merges,
    )


@given(st.lists(statements(), min_size=5, max_size=50, unique_by=lambda each: each.sort), st.integers(1, 20))
def test_everything_grows_at_once_and_every_row_has_room(shop, events, batch):
    app = fresh(shop)
    longest = 60 + bounds.BESIDE_CONSENT
    most = sum(SMALL[name] for name in SMALL if name.endswith("_BYTES")) - SMALL["MOST_TRAIT_BYTES"]
    most += 3 * (60 + bounds.BESIDE_TRAIT) + 2 * 3 * bounds.PROFILE_BYTES + 5 * longest + bounds.FRAME
    with (
        patch.multiple("functions.core.profiles.bounds", None, False, None, None, None, **SMALL),
        patch.object(grouping, "SPAN_BYTES", SMALL["SPAN_BYTES"]),
        patch.object(grouping, "MOST_PASSINGS", 6),
        patch("functions.core.profiles.resolution.SPAN_BYTES", SMALL["SPAN_BYTES"]),
        patch.object(thinning, "MOST_BYTES", STATE),
    ):
        told(app, events, batch)
        attributes, states, pointers = rows_of(app)
        assert max(attributes) <= most
        assert max(states) <= STATE + 200
        assert max(pointers) <= 1_000
        for event in events[:3]:
            goes_on(app, event.identifiers[0])


def test_with_the_real_limits_a_person_of_whom_everything_is_as_long_as_it_may_be_goes_on(shop):
    app, wide = fresh(shop), "\x01" * 480
    ann = "user_id:ann"
    events = []
    for n in range(60):
        several = (
            ann,
            f"email:{n:04d}{wide}@x",
            *(f"{space}:{n:04d}{wide}" for space in ("anonymous_id", "shopify_cart")),
        )
        traits = {f"{n}-{k}": "\x01" * 300 for k in range(28)}
        said = Event(
            "Identified",
            NOW - n,
            NOW,
            several,
            f"a{n}",
            "test",
            traits=traits,
            consent="unsubscribed",
            suppression="bounce",
        )
        events += [said, replace(said, sort=f"p{n}", trust="public", consent="subscribed")]
        events += [
            Event("Looked", NOW - n, NOW, (f"user_id:{n:04d}{wide}", f"anonymous_id:{n:04d}{wide}"), f"s{n}", "test"),
            Event("Identified", NOW - n, NOW, (ann, f"email:other-{n:04d}{wide}@x"), f"v{n}", "test"),
        ]
    told(
        app,
        [
            Event("Identified", 1, NOW, (f"user_id:o{n}", f"email:other-{n:04d}{wide}@x"), f"o{n}", "test")
            for n in range(60)
        ],
    )
    told(app, events, 40)
    attributes, states, pointers = rows_of(app)
    assert max(*attributes, *states, *pointers) < ROW_BYTES
    assert max(attributes) > 250_000
    goes_on(app, ann)
    limits = app.people.attributes[app.people.pointers[ann].profile].limits
    assert {"traits", "identifiers", "visited", "namings", "consent", "suppression"} <= limits
