"""What is kept and read of one person at most: nobody can make a profile that cannot be written any more."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb.rows import attributes as rows
from functions.core.base.events import Event
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import bounds
from functions.core.profiles.looked_at import MOST_LOOKED_AT, lookable
from functions.core.profiles.records import ProfileAttributes, Trait
from functions.usecases import unfolded_tail
from tests.fakes import FakePorts

ANN = "email:ann@x.org"


def told(number, trust="public", names=(ANN,), **traits):
    return Event("Identified", number, number, names, f"{number}", "segment", traits=traits, trust=trust)


def attributes_of(events):
    return profile_attributes.apply(ProfileAttributes("p"), events)


def test_eighteen_public_calls_with_long_traits_leave_a_row_that_can_be_written():
    calls = [
        told(n, **{f"t{n}-{k}": chr(0x4E00 + (n * 97 + k * 31) % 9000) * 1000 for k in range(28)}) for n in range(18)
    ]
    long = [told(99 + n, **{f"s{n}-{k}": f"{n}{k}{'ж' * 950}" for k in range(28)}) for n in range(18)]
    kept = attributes_of([*calls, *long])
    assert len(kept.traits) == bounds.MOST_TRAITS
    assert len(rows.to_item(kept)["b"]["B"]) < 300_000


def test_the_longest_traits_that_fit_stay_below_the_limit_of_a_row():
    alphabet = [chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\']
    text = "".join(Random(1).choices(alphabet, k=300_000))
    events = [told(n, **{f"t{n}": text[n * 1900 : (n + 1) * 1900]}) for n in range(150)]
    kept = attributes_of(events)
    assert len(kept.traits) == bounds.MOST_TRAITS
    assert 150_000 < len(rows.to_item(kept)["b"]["B"]) < 300_000


def test_a_trait_that_is_too_long_is_not_kept_however_it_is_nested():
    nested = {"a": [{"b": "x" * 10}] * 400}
    assert {"short"} == set(
        attributes_of([told(1, short="yes", long="x" * 2_000, deep=nested, odd="\x01" * 400)]).traits
    )


def test_the_public_displaces_no_trait_that_somebody_trusted_stated():
    trusted = told(1, "signed", first_name="Ann", city="Cork")
    public = [told(100 + n, **{f"p{n}-{k}": "x" for k in range(20)}) for n in range(20)]
    kept = attributes_of([*public, trusted, *public]).traits
    assert {"first_name", "city"} <= set(kept)
    assert len(kept) == bounds.MOST_TRAITS


names = st.integers(0, 160).map(str)
statements = st.lists(
    st.builds(told, st.integers(1, 9), st.sampled_from(["public", "signed"])).flatmap(
        lambda event: st.dictionaries(names, st.integers(0, 2), max_size=60).map(
            lambda said: replace(event, traits=said)
        )
    ),
    max_size=8,
)


@given(statements, st.randoms(), st.integers(0, 8))
def test_the_traits_that_are_kept_are_the_same_for_any_order_and_split(events, random, cut):
    expected = attributes_of(events).traits
    shuffled = [*events]
    random.shuffle(shuffled)
    halves = attributes_of(shuffled[:cut]), attributes_of(shuffled[cut:])
    assert expected == profile_attributes.merge(*halves).traits


def test_of_a_thousand_devices_the_newest_are_looked_at_and_every_row_knows_when_they_came():
    logins = [told(1_000 + n, "signed", (ANN, f"anonymous_id:d{n}")) for n in range(1_000)]
    attributes = rows.from_item(rows.to_item(attributes_of(logins)) | {"v": {"N": "1"}})
    newest = {f"anonymous_id:d{n}" for n in range(1_000 - MOST_LOOKED_AT, 1_000)}
    assert {ANN, *newest} == lookable(attributes)


def test_the_last_look_reads_a_bounded_number_of_partitions(monkeypatch):
    ports = FakePorts()
    logins = [told(1_000 + n, "signed", (ANN, f"anonymous_id:d{n}")) for n in range(1_000)]
    ports.log.append(logins)
    read: list[str] = []
    log_read = ports.log.read

    def reading(name, since=0):
        read.append(name)
        return log_read(name, since)

    monkeypatch.setattr(ports.log, "read", reading)
    events, _ = unfolded_tail.read(ports.context, attributes_of(logins), 0)
    assert len(logins) == len(events)
    assert len(read) <= MOST_LOOKED_AT + 1


@pytest.mark.parametrize(("length", "kept"), [(1_994, True), (1_995, False)])
def test_a_trait_takes_its_name_and_its_value_as_json(length, kept):
    assert ("ab" in attributes_of([told(1, ab="x" * length)]).traits) is kept


@pytest.mark.parametrize(("beside", "kept"), [(0, 99), (1, 100)])
def test_the_entry_that_exceeds_the_bytes_of_its_field_is_the_last_that_is_kept(monkeypatch, beside, kept):
    # Each name takes its 21 characters, two quotes, and what lies beside it.
    monkeypatch.setattr(bounds, "VISITED_BYTES", 99 * (23 + bounds.BESIDE_VISITED) + beside)
    names = frozenset(f"user_id:{number:013}" for number in range(200))
    assert len(bounds.within_row(ProfileAttributes("p", visited=names)).visited) == kept


def test_of_two_values_of_one_trait_of_one_sender_and_time_the_same_counts_in_any_order():
    ours, theirs = Trait("a", 5, "segment", "1", 0), Trait("b", 5, "segment", "1", 0)
    assert bounds.weight(ours) < bounds.weight(theirs)


def test_the_spans_of_a_shared_device_take_its_name_and_one_place_more_than_they_are():
    taken = bounds.spans_size({"anonymous_id:z": ((1, 2), (3, 4)), "anonymous_id:yy": ()})
    assert taken == (16 + 3 * bounds.BESIDE_SPAN) + (17 + bounds.BESIDE_SPAN)
