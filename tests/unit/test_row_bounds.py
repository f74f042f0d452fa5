"""No row of a person outgrows a row of DynamoDB, whatever is sent, and what is kept depends on what was said alone."""

from dataclasses import replace
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb.calls import ROW_BYTES
from functions.adapters.dynamodb.rows import attributes as rows
from functions.adapters.dynamodb.rows import identifiers as identifier_rows
from functions.adapters.dynamodb.rows import links as link_rows
from functions.adapters.dynamodb.rows import names as name_rows
from functions.adapters.dynamodb.values import size
from functions.adapters.packing import dumps
from functions.core.answers.left_out import LIMITS
from functions.core.base.identity import Span
from functions.core.definitions.vocabulary import seen
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import bounds
from functions.core.profiles.grouping import MOST_PASSINGS
from functions.core.profiles.records import Link, Naming, Pointer, ProfileAttributes, Trait
from functions.core.timelines import consents
from functions.core.timelines.consents import Statements
from functions.sources.event_parts import names
from tests.unit.bounded_rows import ANN, attributes_of, event

LATEST = 99_999_999_999


def body_size(attributes):
    """The bytes of the row before they are compressed, which is what they take at most."""
    unpacked: list[bytes] = []

    def pack(body):
        unpacked.append(dumps(body).encode("utf-8", "surrogatepass"))
        return unpacked[-1]

    with patch.object(rows, "pack", pack):
        return size(rows.to_item(attributes) | {"v": {"N": str(LATEST)}})


def longest(space, number):
    """An identifier as long as a door lets through, each byte of which takes six in JSON."""
    value = f"{number:05d}".translate({ord("0") + digit: 1 + digit for digit in range(10)})
    made = f"{space}:{value + chr(1) * (512 - len(value))}"
    if space == "email":
        made = f"email:{value}@{chr(2) * (512 - len(value) - 1)}"
    return made


def everything_at_its_limit():
    identifiers = [longest(space, number) for space in ("user_id", "email", "anonymous_id") for number in range(300)]
    addresses = [name for name in identifiers if name.startswith("email:")]
    traits = {f"{number:03d}": Trait("\x01" * 332, LATEST, "preferences", "9" * 25) for number in range(150)}
    devices = identifiers[-300:]
    spans: dict[str, tuple[Span, ...]] = {}
    for name in devices:
        several = tuple((LATEST - 9, LATEST - 8) for _ in range(500))
        if bounds.spans_size({**spans, name: several}) > bounds.SPAN_BYTES:
            break
        spans[name] = several
    profiles = frozenset(f"{number:020x}" for number in range(2_000))
    return ProfileAttributes(
        "f" * 20,
        identifiers=frozenset(identifiers),
        traits=traits,
        consent=dict.fromkeys(addresses[:3], Statements(LATEST, LATEST, LATEST, undated=True, refused=LATEST)),
        suppression=dict.fromkeys(addresses[:3], ("complaint", LATEST)),
        namings={name.partition(":")[2]: Naming(2, LATEST, True) for name in addresses},
        absorbed=profiles,
        parted=profiles,
        visited=frozenset(longest("email", 1_000 + number) for number in range(300)),
        first_seen=LATEST,
        since=dict.fromkeys(identifiers, LATEST),
        spans=spans,
        limits=frozenset(LIMITS),
    )


def test_the_sum_of_all_limits_is_below_the_limit_of_a_row():
    assert bounds.WHOLE < ROW_BYTES


def test_a_door_lets_no_longer_identifier_through_than_the_sum_takes_into_account():
    for space in ("email", "user_id", "anonymous_id"):
        name = longest(space, 7)
        assert (name,) == names((space, name.partition(":")[2]))
        assert () == names((space, name.partition(":")[2] + "\x01"))
        assert len(dumps(name)) <= bounds.LONGEST_NAME


def test_the_attributes_with_everything_at_its_limit_take_no_more_than_the_sum_says():
    kept = bounds.within_row(everything_at_its_limit())
    assert body_size(kept) <= bounds.WHOLE
    assert size(rows.to_item(kept)) < ROW_BYTES
    # The limits are used: this is about as much as can be kept.
    assert body_size(kept) > bounds.WHOLE - 60_000
    assert kept == replace(rows.from_item(rows.to_item(kept) | {"v": {"N": "0"}}), since=kept.since)


def test_what_takes_most_bytes_of_a_trait_is_counted_as_the_row_has_it():
    texts = ["x" * 1_990, "\x01" * 332, '"' * 995, "ж" * 996, "\U0001f600" * 498, "\ud83d" * 663, "\\" * 995]
    for text in texts:
        assert bounds.fits("t", text) == (
            len(dumps("t").encode()) + len(dumps(text).encode("utf-8", "surrogatepass")) <= 2_000
        )


def test_a_pointer_and_a_link_have_room_whatever_was_sent():
    owners = tuple((LATEST, f"{number:020x}") for number in range(MOST_PASSINGS))
    pointer = Pointer(longest("anonymous_id", 1), "f" * 20, LATEST, "preferences", owners, public=True)
    assert size(identifier_rows.to_item(pointer)) < ROW_BYTES / 4
    link = link_rows.to_item("f" * 20, Link("identifiers", longest("anonymous_id", 1), LATEST))
    assert len(link["part"]["S"].encode()) <= 1_024


def test_the_names_of_events_and_properties_have_room_however_they_are_written():
    longest_name = "𝐀" * 20
    assert seen.names_of([event(1, ANN, properties={longest_name: 1})])["browser properties"] == {longest_name}
    assert not seen.names_of([event(1, ANN, properties={longest_name + "b": 1})])["browser properties"]
    pairs = [
        f"{number:04d}{'𝐀' * 19}\t{'𝐀' * 20}" for number in range(max(seen.MOST.values()) + name_rows.MOST_AT_ONCE)
    ]
    assert size(name_rows.to_item("event properties", pairs)) < ROW_BYTES


SMALL = {
    "IDENTIFIER_BYTES": 120, "VISITED_BYTES": 60, "ADDRESS_BYTES": 60, "SUPPRESSION_BYTES": 90, "CONSENT_BYTES": 120,
    "MOST_TRAITS": 3, "MOST_TRAIT_BYTES": 30, "MOST_PROFILES": 3,
}  # fmt: skip


def small():
    return patch.multiple("functions.core.profiles.bounds", None, False, None, None, None, **SMALL)


addresses = st.integers(0, 5).map(lambda number: f"email:{'ab'[number % 2]}{number}@x.org")
devices = st.integers(0, 9).map(lambda number: f"anonymous_id:{'d' * (number % 4)}{number}")
answers = st.sampled_from([None, "subscribed", "pending", "unsubscribed"])
said = st.builds(
    event,
    st.integers(0, 10**6),
    st.sampled_from([ANN, "user_id:ben"]),
    addresses,
    devices,
    time=st.integers(1, 30),
    trust=st.sampled_from(["public", "token", "signed"]),
    traits=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["x", "y", "z" * 40]), max_size=3),
    consent=answers,
    suppression=st.sampled_from([None, None, "bounce", "complaint"]),
    undated=st.booleans(),
)
both = st.lists(said, max_size=12)


@given(both, st.randoms(), st.integers(0, 12), st.integers(0, 12))
def test_whatever_order_parts_and_repetitions_it_comes_in_the_same_is_kept(events, random, cut, again):
    with small():
        expected = attributes_of(events)
        shuffled = [*events, *events[:again]]
        random.shuffle(shuffled)
        live = ProfileAttributes("p")
        for each in shuffled:
            live = profile_attributes.apply(live, [each])
        merged = profile_attributes.merge(attributes_of(shuffled[:cut]), attributes_of(shuffled[cut:]))
        assert expected == live == merged


@given(both, st.integers(0, 12))
def test_every_name_is_kept_or_leaves_to_a_row_of_its_own(events, cut):
    with small():
        first = attributes_of(events[:cut])
        kept = profile_attributes.apply(first, events[cut:])
        left = {link.name for link in first.leaving | kept.leaving if link.kind == "identifiers"}
        assert kept.identifiers | left == {name for each in events for name in each.identifiers}
        assert bounds.has_links(kept) == bool(left)


@given(both)
def test_no_row_of_small_limits_is_larger_than_their_sum(events):
    with small():
        longest_entry = 60
        most = sum(SMALL[name] for name in SMALL if name.endswith("_BYTES")) + 3 * (30 + 80) + 6 * longest_entry
        assert body_size(attributes_of(events)) < most + bounds.FRAME


@given(both)
def test_no_no_and_no_bounce_is_lost_where_there_is_no_room(events):
    with patch.multiple(bounds, CONSENT_BYTES=10**6, SUPPRESSION_BYTES=10**6):
        whole = attributes_of(events)
    with small():
        kept = attributes_of(events)
    strictness = [None, "subscribed", "pending", "unsubscribed"]
    assert strictness.index(profile_attributes.consent(kept)) >= strictness.index(profile_attributes.consent(whole))
    for name in whole.suppression:
        assert profile_attributes.is_suppressed(kept, name.partition(":")[2])


def test_a_later_yes_that_names_no_address_takes_back_a_no_of_too_many_addresses():
    many = [event(n, ANN, f"email:a{n}@x.org", consent="unsubscribed" if n == 3 else "subscribed") for n in range(400)]
    crowded = attributes_of(many)
    assert {consents.EVERY_ADDRESS} == crowded.consent.keys()
    assert "unsubscribed" == profile_attributes.consent(crowded)
    again = profile_attributes.apply(crowded, [event(500, ANN, "email:a3@x.org", consent="subscribed")])
    assert "unsubscribed" == profile_attributes.consent(again)
    assert "subscribed" == profile_attributes.consent(
        profile_attributes.apply(again, [event(501, ANN, consent="subscribed")])
    )
    without = attributes_of([each for each in many if each.consent == "subscribed"])
    assert "subscribed" == profile_attributes.consent(without)


def test_the_public_moves_no_name_out_that_a_login_named():
    login = event(1, ANN, "email:ann@x.org", "anonymous_id:mine")
    carts = [event(n, ANN, f"shopify_cart:{n:0500d}", trust="public") for n in range(2, 300)]
    kept = attributes_of([*carts, login])
    assert {ANN, "email:ann@x.org"} <= kept.identifiers
    assert {"ann@x.org"} == kept.namings.keys()
