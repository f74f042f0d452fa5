"""Timelines are functions of the set of events, and survive their packing."""

import re
from decimal import Decimal
from operator import attrgetter
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.profiles import state as state_codec
from functions.core.profiles.state import Membership, State, Timeline, hashes, pack, unpack
from functions.core.timelines import codec
from functions.core.timelines.codec import EPOCH, pack_entries, unpack_entries
from functions.core.timelines.entry import Entry, in_order, statement
from functions.core.timelines.event_keys import NATURAL, UNKEYED, key_hash
from functions.core.timelines.identities import AtHand
from functions.core.timelines.joining import join
from functions.core.timelines.matching import match, number_at
from functions.core.timelines.retention import Retention, widest
from functions.core.timelines.sealing import TimelineContent
from functions.core.timelines.spec import TimelineSpec
from tests.unit.strategies import START, event_of, odd

keys = st.integers(0, 3) | st.integers(UNKEYED, UNKEYED + 3) | st.integers(NATURAL, NATURAL + 2)
exact = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12)
entries = st.builds(
    lambda time, revision, key, value, rest: Entry(time, revision, key, value, rest if key < NATURAL else 0),
    *(st.integers(0, 12), st.integers(0, 2), keys, st.sampled_from([Decimal(1), Decimal(2)]), st.integers(1, 3)),
)
asks = st.lists(
    st.builds(Retention, st.none() | st.integers(1, 4), st.none() | st.integers(1, 8)), min_size=1, max_size=3
).map(widest)


earliest = st.builds(Entry, st.integers(0, 12), st.just(0), st.just(0), st.none())
SPECS = {first: TimelineSpec(("A",), first=first, value=None if first else "n") for first in (False, True)}


def joined(held, added, asked, spec, known=None):
    """Single entries alone: none of these timelines has so many that some are sealed."""
    return join(TimelineContent((), held), added, asked, spec, known).entries


batches = st.tuples(*3 * [st.lists(entries)], st.just(False)) | st.tuples(*3 * [st.lists(earliest)], st.just(True))


@given(batches, asks)
def test_joining_is_commutative_associative_and_idempotent_with_trimming(told, asked):
    a, b, c, first = told

    def fold(*batches):
        held = ()
        for batch in batches:
            held = joined(held, batch, asked, SPECS[first], known)
        return held

    known = AtHand(lambda: [*a, *b, *c])

    whole = fold([*a, *b, *c])
    assert whole == fold(c, a, b)
    assert whole == fold(b, [*c, *a], a, c)
    assert whole == joined(fold(a, b), fold(b, c), asked, SPECS[first], known)
    assert whole == joined(whole, whole, asked, SPECS[first], known)


@given(st.lists(entries), asks)
def test_every_ask_finds_what_it_asks_for(found, asked):
    held, whole = joined((), found, asked, SPECS[False]), joined((), found, (Retention(None, None),), SPECS[False])
    for keep, horizon in asked:
        newest = whole[-1].time if whole else 0
        wanted = [entry for entry in whole if horizon is None or entry.time > newest - horizon]
        wanted = wanted if keep is None else wanted[-keep:]
        assert [entry.says for entry in wanted] == [entry.says for entry in held[len(held) - len(wanted) :]]


rests = st.just(0) | st.sampled_from([1, 2**48])
none, far = st.just(0), st.integers(0, 2**33)
packable = st.one_of(
    st.lists(st.builds(Entry, st.integers(0, 2**40), none, keys, st.none(), none), min_size=1),
    st.lists(st.builds(Entry, st.integers(0, 9), none, st.integers(0, UNKEYED + 3), st.none(), rests), min_size=1),
    st.lists(st.builds(Entry, far, st.integers(-(2**33), 2**33), keys, exact, none), min_size=1),
    st.lists(
        st.builds(Entry, far, st.integers(-99, 10**6), st.integers(0, 65535), st.text(), none | rests), min_size=1
    ),
).map(sorted)


@given(packable)
def test_entries_are_unpacked_as_they_were_packed(found):
    assert tuple(found) == unpack_entries(pack_entries(tuple(found)))


@given(
    st.dictionaries(st.sampled_from(["00000000", "deadbeef", "12345678"]), packable),
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.builds(Membership, st.integers(0, 2**33), st.sampled_from(["event", "time", "backfill"])),
    ),
    st.integers(0, 2**33),
    st.sampled_from(["", "0123456789abcdef"]),
    st.none() | st.integers(0, 2**33),
)
def test_a_state_is_unpacked_as_it_was_packed(timelines, memberships, evaluated, built, due):
    held = {address: Timeline(TimelineContent((), tuple(found))) for address, found in timelines.items()}
    digests = {"timelines_digest": built[:8], "segments_digest": built[8:]}
    state = State(timelines=held, memberships=memberships, evaluated=evaluated, due=due, **digests)
    again = unpack(pack(state), hashes(["a", "b", "c"]), "")
    assert state == again
    assert pack(state) == pack(again)


def test_empty_bytes_are_the_empty_state_and_unknown_segments_are_dropped():
    assert State() == unpack(b"", {}, "")
    state = State(memberships={"gone": Membership(5, "event"), "here": Membership(5, "time")})
    assert {"here": Membership(5, "time")} == unpack(pack(state), hashes(["here"]), "").memberships


USUAL = (Entry(EPOCH + 60, 0, 7),)
AMOUNTS = (Entry(EPOCH - 10, 0, UNKEYED + 1, Decimal(2)), Entry(EPOCH + 60, 0, UNKEYED + 2, Decimal("28.5")))


def documented(module: ModuleType, begin: str, end: str) -> bytes:
    """The bytes of the example in a module's docstring, which may be explained behind two blanks or more."""
    part = str(module.__doc__).partition(begin)[2].partition(end)[0]
    return bytes.fromhex("".join(re.split(r"  +", line.strip())[0] for line in part.splitlines()))


def test_the_examples_of_bytes_that_the_codecs_explain_are_what_they_write():
    assert pack_entries(AMOUNTS) == bytes.fromhex("45") + documented(codec, "For example 45", "are two entries")
    assert pack_entries(USUAL) == documented(codec, "And ", "is one entry")
    state = State(
        timelines={
            "0a0a0a0a": Timeline(TimelineContent((), USUAL)),
            "0b0b0b0b": Timeline(TimelineContent((), AMOUNTS)),
        },
        memberships={"buyers": Membership(EPOCH + 60, "event"), "vip": Membership(EPOCH + 50, "time")},
        evaluated=60,
        timelines_digest="11111111",
        segments_digest="22222222",
        due=99,
        reachable=True,
        revision=4,
        entry_revision=3,
    )
    written = documented(state_codec, "the state that reads\n", "THE END")
    assert written == pack(state)
    assert state == unpack(written, hashes(["buyers", "vip"]), "")


def test_a_state_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 9"):
        unpack(b"\x09", {}, "")


def test_an_address_depends_on_what_matches_and_not_on_how_much_is_kept():
    one, other = TimelineSpec(("A", "B"), keep=1), TimelineSpec(("B", "A"), keep=None, horizon=60)
    assert one.id == other.id
    assert len({one.id, TimelineSpec(("A",)).id, TimelineSpec(("A", "B"), by="k").id, TimelineSpec(trait="A").id}) == 4


def test_only_what_no_other_ask_covers_is_kept():
    assert (Retention(1, None), Retention(5, 100)) == widest(
        [Retention(1, 50), Retention(5, 100), Retention(1, None), Retention(5, 100)]
    )
    assert (Retention(None, None),) == widest([Retention(1, 50), Retention(None, None)])


@given(odd)
def test_a_statement_of_any_kind_can_be_read_back(value):
    event = event_of(0, "A", 0, {}, {"plan": value}, None, 0, "a")
    entry = match(TimelineSpec(trait="plan"), event)
    assert entry
    again = statement(entry)
    assert (value is None) == (again is None)
    if isinstance(value, str | bool):
        assert value == again


def test_a_long_trait_is_known_but_cannot_be_compared():
    event = event_of(0, "A", 0, {}, {"bio": "x" * 5000}, None, 0, "a")
    entry = match(TimelineSpec(trait="bio"), event)
    assert entry
    assert {} == statement(entry)


def test_money_is_kept_in_major_units_of_its_currency():
    assert Decimal("60.00") == number_at({"total": 6000, "currency": "EUR"}, "total")
    assert Decimal(6000) == number_at({"total": 6000, "currency": "JPY"}, "total")
    assert Decimal(3) == number_at(
        {"products": [{"quantity": 1}, {"quantity": 2}, {"quantity": "x"}]}, "products[].quantity"
    )
    assert number_at({"products": [{"quantity": "x"}, 5, None]}, "products[].quantity") is None


def test_a_correlation_key_is_the_same_as_text_and_as_number():
    assert key_hash("5") == key_hash(5) == key_hash(Decimal(5)) == key_hash(Decimal("5.0"))
    nameless: list[Any] = [None, True, "", [], {"a": 1}]
    assert [None] * 5 == [key_hash(value) for value in nameless]
    assert key_hash(Decimal("1E+30")) == key_hash(10**30)


def test_statements_of_one_second_are_ordered_by_the_senders_milliseconds():
    spec = TimelineSpec(trait="plan")
    said = [
        event_of(index, "Identified", 0, {}, {"plan": plan}, None, 0, "a") for index, plan in ((7, "pro"), (3, "free"))
    ]
    held = joined((), [match(spec, event) for event in said], (Retention(1, None),), spec)
    assert "pro" == statement(held[-1])
    assert START == held[-1].time


def test_reports_of_one_instant_are_in_order_whether_they_have_a_value_or_none() -> None:
    several = [Entry(1, 1, 7, value) for value in ("x", None, Decimal(0), "", Decimal(5))]
    ordered = [Entry(1, 1, 7, value) for value in (None, Decimal(0), Decimal(5), "", "x")]
    assert ordered == in_order(several)
    assert ordered[-1] == max(several, key=attrgetter("rank"))
