"""Who is who, from events and what is stored alone: nothing is read, and nothing is written."""

from collections.abc import Iterable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.profiles.records import StoredState
from functions.core.profiles.resolution import MergePlan, resolve
from functions.core.profiles.stored import StoredProfiles
from tests.unit.reference import groups as reference

# Each person has devices and a cart of their own, so that the order of events does not matter.
OWN = {
    "ann": ("user_id:1", "email:ann@x.org", "anonymous_id:phone", "shopify_cart:c1"),
    "ben": ("user_id:2", "email:ben@x.org", "anonymous_id:tablet", "shopify_cart:c2"),
    "eve": ("shopify:3", "email:eve@x.org", "anonymous_id:desk", "shopify_cart:c3"),
}
_of_one = st.one_of([st.sets(st.sampled_from(own), min_size=1) for own in OWN.values()])
_of_any = st.sets(st.sampled_from([name for own in OWN.values() for name in own]), min_size=1, max_size=3)


def events(names: st.SearchStrategy[set[str]]) -> st.SearchStrategy[list[Event]]:
    return st.lists(st.tuples(names, st.integers(0, 9)), min_size=1, max_size=9).map(
        lambda told: [
            Event("Page Viewed", at, at, tuple(sorted(names)), f"t#{place}", "test")
            for place, (names, at) in enumerate(told)
        ]
    )


class Rows:
    """What is stored, and what a plan makes of it."""

    def __init__(self) -> None:
        self.stored = StoredProfiles({}, {}, {})

    def fold(self, events: list[Event]) -> bool:
        """Whether the events could be resolved without the log."""
        plans = resolve(events, self.stored, lambda profile: 0)
        for plan in plans or ():
            self._apply(plan)
        return plans is not None

    def _apply(self, plan: MergePlan) -> None:
        assert plan.attributes is not None
        assert not {pointer.identifier for pointer in plan.created} & self.stored.pointers.keys()
        self.stored.pointers.update({pointer.identifier: pointer for pointer in (*plan.created, *plan.repointed)})
        self.stored.attributes[plan.profile] = plan.attributes
        self.stored.states[plan.profile] = StoredState(plan.profile, version=1)
        for profile in plan.absorbed:
            self.stored.states[profile] = StoredState(profile, merged_into=plan.profile, version=2)

    def people(self) -> set[frozenset[str]]:
        living = {stored_state.profile for stored_state in self.stored.states.values() if not stored_state.merged_into}
        found = {self.stored.attributes_of(profile).identifiers for profile in living}
        for name in self.stored.pointers:
            assert name in self.stored.attributes_of(self.stored.profile_of(name) or "").identifiers
        return found


def people_of(events: Iterable[Event]) -> set[frozenset[str]]:
    return {names for names, _ in reference.people(list(events))}


def parts(events: list[Event], sizes: list[int]) -> Iterator[list[Event]]:
    for size in sizes:
        yield events[:size]
        events = events[size:]
    yield events


@given(events(_of_one), st.lists(st.integers(1, 3), max_size=4), st.randoms())
def test_people_who_share_nothing_are_the_same_in_any_order_and_in_any_batches(told, sizes, random):
    rows = Rows()
    shuffled = random.sample(told, len(told))
    for part in parts(shuffled, sizes):
        assert not part or rows.fold(part)
    assert people_of(told) == rows.people()


@given(events(_of_any))
def test_events_of_any_names_are_resolved_as_the_log_says_or_left_to_it(told):
    rows = Rows()
    if rows.fold(told):
        assert people_of(told) == rows.people()


@given(events(_of_one))
def test_what_is_folded_already_changes_nothing(told):
    rows = Rows()
    rows.fold(told)
    (before, pointers) = (dict(rows.stored.attributes), dict(rows.stored.pointers))
    assert rows.fold(told)
    assert (before, pointers) == (rows.stored.attributes, rows.stored.pointers)


def test_a_device_that_passes_from_one_account_to_another_is_left_to_the_log():
    first = Event("A", 1, 1, ("user_id:1", "anonymous_id:phone"), "t#1", "test")
    second = Event("A", 2, 2, ("user_id:2", "anonymous_id:phone"), "t#2", "test")
    assert resolve([first, second], StoredProfiles({}, {}, {}), lambda profile: 0) is None


def test_of_two_profiles_that_are_one_the_first_seen_goes_on():
    rows = Rows()
    rows.fold([Event("A", 5, 5, ("user_id:1",), "t#1", "test")])
    rows.fold([Event("A", 3, 3, ("email:ann@x.org",), "t#2", "test")])
    older = rows.stored.profile_of("email:ann@x.org")
    both = Event("A", 9, 9, ("user_id:1", "email:ann@x.org"), "t#3", "test")
    plans = resolve([both], rows.stored, lambda profile: 0)
    assert plans
    (plan,) = plans
    assert (older, 1, ["user_id:1"]) == (
        plan.profile,
        len(plan.absorbed),
        [pointer.identifier for pointer in plan.repointed],
    )
