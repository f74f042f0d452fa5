"""Profiles: written on their version, found by their identifiers, woken when due."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.people import DynamoPeople
from functions.core.base.errors import Conflict, RowTooLarge
from functions.core.flows.records import Due
from functions.core.ports import Ports
from functions.core.profiles.records import Link, Naming, Pointer, ProfileAttributes, StoredState, Trait
from functions.core.timelines.consents import Statements
from tests.aws import Aws
from tests.contract.outside import SHARDS

CARD = ProfileAttributes(
    "p1",
    identifiers=frozenset({"email:ann@x.org", "user_id:1"}),
    traits={
        "first_name": Trait("Ann", 10, "shopify", "email:ann@x.org|x"),
        "spent": Trait(Decimal("12.50"), 11, "segment"),
        "tags": Trait(["a", {"b": 2**60}], 12, "segment", rank=0),
    },
    consent={"email:ann@x.org": Statements(subscribed=10, undated=True)},
    namings={"ann@x.org": Naming(2, 10)},
    suppression={"email:ann@x.org": ("bounce", 12)},
    absorbed=frozenset({"p9"}),
    first_seen=10,
    spans={"anonymous_id:d1": ((0, 30), (50, None))},
)


def all_due(ports: Ports, before: int) -> list[Due]:
    return [row for shard in range(SHARDS) for row in ports.people.due(shard, before)]


def test_pointers_states_and_attributes_are_loaded_as_they_were_saved(ports: Ports) -> None:
    pointer = Pointer("email:ann@x.org", "p1", 10, "shopify", ((0, "p2"), (30, "p1")))
    ports.people.point([pointer])
    ports.people.save_state(StoredState("p1", b"\x00\xff", due=50))
    ports.people.save_attributes(CARD)
    pointers, states, all_attributes, _ = ports.people.load(
        ["email:ann@x.org", "user_id:7"], ["p1", "p2"], with_attributes=True
    )
    assert pointers == {"email:ann@x.org": pointer}
    assert states == {"p1": StoredState("p1", b"\x00\xff", due=50, version=1)}
    assert all_attributes == {"p1": replace(CARD, version=1)}
    assert repr(CARD.traits) == repr(all_attributes["p1"].traits)


def test_a_shared_device_of_the_release_before_has_owners_whom_only_the_log_knows(
    ports: Ports, place: Aws, environment: dict[str, str]
) -> None:
    ports.people.point([Pointer("anonymous_id:d1", "p1", 10, "s")])
    table, dynamodb = environment["TABLE_IDENTIFIERS"], place.clients.get("dynamodb")
    (row,) = dynamodb.scan(TableName=table)["Items"]
    dynamodb.put_item(TableName=table, Item={**row, "sh": {"M": {"user_id:2": {"N": "30"}}}})
    pointers, *_ = ports.people.load(["anonymous_id:d1"], [])
    pointer = pointers["anonymous_id:d1"]
    assert ["p1", None, None] == [pointer.at(29), pointer.at(30), pointer.at(99)]
    assert {"p1"} == pointer.profiles
    assert {"user_id:2"} == pointer.accounts


def test_a_write_says_in_the_row_whether_it_is_news(ports: Ports, place: Aws, environment: dict[str, str]) -> None:
    for version, news in enumerate((True, False)):
        ports.people.save_state(StoredState("p1", version=version, notify=news))
        (row,) = place.clients.get("dynamodb").scan(TableName=environment["TABLE_PROFILES"])["Items"]
        assert ({"BOOL": True} if news else None) == row.get("n")


def test_attributes_are_not_loaded_unless_asked_for(ports: Ports) -> None:
    ports.people.save_attributes(CARD)
    assert ports.people.load([], ["p1"], fresh=True) == ({}, {}, {}, {})
    assert ports.people.load([], []) == ({}, {}, {}, {})


def test_more_than_one_batch_is_loaded_whole_and_names_may_repeat(ports: Ports) -> None:
    names = [f"email:p{n}@x.org" for n in range(130)]
    ports.people.point([Pointer(name, f"p{n}", n, "csv") for n, name in enumerate(names)], moving=True)
    for n in range(20):
        ports.people.save_state(StoredState(f"p{n}"))
    pointers, states, *_ = ports.people.load(names + names[:3], [f"p{n}" for n in range(60)], fresh=True)
    assert set(names) == set(pointers)
    assert len(states) == 20


@pytest.mark.parametrize(
    ("save", "made"),
    [
        (lambda ports: ports.people.save_state, StoredState("p1", b"a")),
        (lambda ports: ports.people.save_attributes, CARD),
    ],
    ids=["state", "attributes"],
)
def test_a_version_is_written_once(
    ports: Ports, save: Callable[[Ports], Callable], made: StoredState | ProfileAttributes
) -> None:
    write = save(ports)
    write(made)
    with pytest.raises(Conflict):
        write(made)
    write(_of_version(made, 1))
    for stale in (0, 1, 3):
        with pytest.raises(Conflict):
            write(_of_version(made, stale))


def _of_version(made: StoredState | ProfileAttributes, version: int) -> StoredState | ProfileAttributes:
    return made._replace(version=version) if isinstance(made, StoredState) else replace(made, version=version)


def test_a_version_of_what_was_forgotten_is_not_written(ports: Ports) -> None:
    ports.people.save_state(StoredState("p1"))
    ports.people.forget("p1", [])
    with pytest.raises(Conflict):
        ports.people.save_state(StoredState("p1", version=1))


def test_a_pointer_leads_elsewhere_only_when_moving(ports: Ports) -> None:
    ann, bob = Pointer("user_id:1", "p1", 5, "s"), Pointer("user_id:1", "p2", 5, "s")
    ports.people.point([ann])
    ports.people.point([ann._replace(first_seen=4), Pointer("user_id:2", "p1", 6, "s")])
    with pytest.raises(Conflict):
        ports.people.point([bob])
    assert ports.people.load(["user_id:1"], [], fresh=True)[0]["user_id:1"].profile == "p1"
    ports.people.point([bob], moving=True)
    assert ports.people.load(["user_id:1"], [], fresh=True)[0] == {"user_id:1": bob}


def test_profiles_are_due_earliest_first_before_the_instant(ports: Ports) -> None:
    for n, due in enumerate([70, 50, None, 60, 80, 50, 90]):
        ports.people.save_state(StoredState(f"p{n}", due=due))
    found = all_due(ports, before=80)
    assert {("p0", 70), ("p1", 50), ("p3", 60), ("p5", 50)} == {(row.profile, row.due) for row in found}
    assert {"state"} == {row.key for row in found}
    for shard in range(SHARDS):
        dues = [row.due for row in ports.people.due(shard, 1000)]
        assert sorted(dues) == dues


def test_what_is_no_longer_due_leaves_the_index(ports: Ports) -> None:
    ports.people.save_state(StoredState("p1", due=50))
    ports.people.save_state(StoredState("p1", due=40, version=1))
    assert [Due("p1", "state", 40)] == all_due(ports, 100)
    ports.people.save_state(StoredState("p1", version=2))
    assert [] == all_due(ports, 100)


def test_a_tombstone_is_never_due_and_is_no_page(ports: Ports) -> None:
    ports.people.save_state(StoredState("p1", b"a", due=50, merged_into="p2"))
    assert [] == all_due(ports, 100)
    assert {"p1": StoredState("p1", b"a", merged_into="p2", version=1)} == ports.people.load([], ["p1"], fresh=True)[1]
    assert [] == [stored_state for page, _ in ports.people.pages() for stored_state in page]


def test_a_profile_is_absorbed_with_its_attributes_or_not_at_all(ports: Ports) -> None:
    tomb, attributes = StoredState("p1", merged_into="p2", version=1), replace(CARD, version=1)
    ports.people.save_state(StoredState("p1"))
    ports.people.save_attributes(CARD)
    for stale in ((tomb._replace(version=0), attributes), (tomb, CARD)):
        with pytest.raises(Conflict):
            ports.people.absorb(*stale)
    assert ports.people.load([], ["p1"], with_attributes=True)[1:3] == (
        {"p1": StoredState("p1", version=1)},
        {"p1": attributes},
    )
    ports.people.absorb(tomb, attributes)
    for late in (
        lambda: ports.people.save_state(StoredState("p1", version=1)),
        lambda: ports.people.save_attributes(attributes),
    ):
        with pytest.raises(Conflict):
            late()
    assert ports.people.load([], ["p1"], fresh=True)[1] == {"p1": tomb._replace(version=2)}


def test_what_was_never_stored_is_absorbed_too(ports: Ports) -> None:
    ports.people.absorb(StoredState("p1", merged_into="p2"), ProfileAttributes("p1"))
    assert ports.people.load([], ["p1"], fresh=True)[1] == {"p1": StoredState("p1", merged_into="p2", version=1)}


def test_a_held_visitor_is_stored_and_is_a_page_only_for_whoever_asks(ports: Ports) -> None:
    visitor = ProfileAttributes("p1", identifiers=frozenset({"anonymous_id:d1"}), first_seen=5, held=True)
    ports.people.save_attributes(visitor)
    ports.people.save_state(StoredState("p2"))
    ports.people.save_attributes(ProfileAttributes("p2"))
    assert replace(visitor, version=1) == ports.people.load([], ["p1"], with_attributes=True).attributes["p1"]
    assert ["p2"] == [state.profile for page, _ in ports.people.pages() for state in page]
    shown = [state for page, _ in ports.people.pages(with_held=True) for state in page]
    assert [("p1", 0), ("p2", 1)] == sorted((state.profile, state.version) for state in shown)
    ports.people.save_attributes(replace(visitor, held=False, version=1))
    assert ["p2"] == [state.profile for page, _ in ports.people.pages(with_held=True) for state in page]


def test_pages_show_every_live_profile_once_and_can_be_resumed(ports: Ports) -> None:
    for n in range(23):
        ports.people.save_state(StoredState(f"p{n}"))
        ports.people.save_attributes(ProfileAttributes(f"p{n}"))
    seen: list[str] = []
    start = None
    while True:
        page, start = next(ports.people.pages(start, size=5))
        seen += [stored_state.profile for stored_state in page]
        if start is None:
            break
    assert sorted(f"p{n}" for n in range(23)) == sorted(seen)
    assert seen == [stored_state.profile for page, _ in ports.people.pages(size=4) for stored_state in page]


def test_lanes_have_each_live_profile_once_between_them_and_each_can_be_resumed(ports: Ports) -> None:
    for n in range(40):
        ports.people.save_state(StoredState(f"p{n}"))
        ports.people.save_attributes(ProfileAttributes(f"p{n}"))
    seen: list[str] = []
    for lane in range(3):
        start = None
        while True:
            page, start = next(ports.people.pages(start, size=7, lane=lane, of=3))
            seen += [stored_state.profile for stored_state in page]
            if start is None:
                break
    assert sorted(f"p{n}" for n in range(40)) == sorted(seen)


def test_more_lanes_than_profiles_leave_some_empty(ports: Ports) -> None:
    ports.people.save_state(StoredState("p1"))
    lanes = [
        [stored_state.profile for page, _ in ports.people.pages(lane=lane, of=8) for stored_state in page]
        for lane in range(8)
    ]
    assert [["p1"]] == [lane for lane in lanes if lane]


def test_profiles_are_counted_by_their_rows(ports: Ports) -> None:
    assert 0 == ports.people.count()
    for n in range(3):
        ports.people.save_state(StoredState(f"p{n}"))
        ports.people.save_attributes(ProfileAttributes(f"p{n}"))
    assert 3 == ports.people.count()


def test_a_forgotten_profile_leaves_nothing(place: Aws, ports: Ports, environment: dict[str, str]) -> None:
    ports.people.point([Pointer("user_id:1", "p1", 5, "s"), Pointer("user_id:2", "p2", 5, "s")])
    ports.people.save_state(StoredState("p1", due=5))
    ports.people.save_attributes(CARD)
    ports.people.forget("p1", ["user_id:1"])
    ports.people.forget("p1", ["user_id:1"])
    client = place.clients.get("dynamodb")
    assert 0 == client.scan(TableName=environment["TABLE_PROFILES"])["Count"]
    assert 1 == client.scan(TableName=environment["TABLE_IDENTIFIERS"])["Count"]


def test_what_lambda_sees_in_the_stream_is_the_state() -> None:
    image = {"pk": {"S": "p1"}, "part": {"S": "state"}, "s": {"B": "AP8="}, "v": {"N": "3"}, "due": {"N": "7"}}
    assert StoredState("p1", b"\x00\xff", due=7, version=3) == DynamoPeople.from_image(image)


def test_names_without_room_are_found_by_their_profile_and_go_with_it(ports: Ports) -> None:
    links = [Link("identifiers", f"anonymous_id:d#{number}", number) for number in range(60)]
    ports.people.link("p1", [*links, Link("absorbed", "p9")])
    ports.people.link("p1", [Link("identifiers", "anonymous_id:d#7", 7)])
    ports.people.link("p2", [Link("visited", "email:ann@x.org")])
    ports.people.save_attributes(CARD)
    ports.people.save_state(StoredState("p1"))
    assert {Link("absorbed", "p9"), *links} == set(ports.people.links("p1"))
    assert 61 == len(ports.people.links("p1"))
    assert [["p1"]] == [[state.profile for state in states] for states, _ in ports.people.pages()]
    ports.people.unlink("p1", [*links[:58], Link("parted", "p7")])
    assert {Link("absorbed", "p9"), *links[58:]} == set(ports.people.links("p1"))
    ports.people.forget("p1", [])
    assert [] == ports.people.links("p1")
    assert [Link("visited", "email:ann@x.org")] == ports.people.links("p2")


def test_the_limits_that_were_reached_are_kept(ports: Ports) -> None:
    ports.people.save_attributes(replace(CARD, limits=frozenset({"traits"}), leaving=frozenset({Link("parted", "p3")})))
    stored = ports.people.load([], ["p1"], with_attributes=True).attributes["p1"]
    assert {"traits"} == stored.limits
    assert frozenset() == stored.leaving


def test_a_row_that_is_too_large_is_an_error_of_its_own_before_the_call(
    place: Aws, environment: dict[str, str]
) -> None:
    people = DynamoPeople(Calls(lambda: place.clients.get("dynamodb"), lambda table: f"segue-{table}"), SHARDS)
    with pytest.raises(RowTooLarge, match="400 KB"):
        people.save_state(StoredState("p1", b"x" * 409_600))
