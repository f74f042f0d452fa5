"""People who meet, merge and part in unlucky orders: what chance found in ``test_people_exact``."""

from functions.core.base.events import Event
from functions.core.segments import engine
from functions.usecases import people, profile_session
from functions.usecases.erase import erase_people
from functions.usecases.fold import fold
from tests.flow.in_memory_app import InMemoryApp

START, HOUR = 1_700_000_000, 3600


def shop_with(**texts: str) -> InMemoryApp:
    """A shop with announced segments of these conditions."""
    shop = InMemoryApp(START)
    for name, when in texts.items():
        shop.publish_text("segments", name, f"id: {name}\nname: {name}\nannounce: true\nwhen: |\n  {when}\n")
    return shop


def tell(shop: InMemoryApp, *told: tuple[str, ...], name: str = "A", at: int = START) -> None:
    """One batch of events, each with these identifiers."""
    number = sum(map(len, shop.log.rows.values()))
    events = [Event(name, at, at, names, f"2026#{number + place:03d}", "t") for place, names in enumerate(told)]
    shop.log.append(events)
    assert fold(shop.context, events) == {}


def living(shop: InMemoryApp) -> set[frozenset[str]]:
    """Everybody's identifiers."""
    ids = [stored_state.profile for stored_state in shop.people.states.values() if not stored_state.merged_into]
    groups = {people.by_id(shop.context, profile).attributes.identifiers for profile in ids}
    assert len(ids) == len(groups)
    for name in {name for group in groups for name in group}:
        assert people.by_identifier(shop.context, name).attributes.identifiers in [
            group for group in groups if name in group
        ]
    return groups


def test_a_name_that_comes_while_its_profile_is_merged_is_not_lost() -> None:
    shop = shop_with()
    tell(shop, ("anonymous_id:phone",), ("email:ann@x.org", "shopify_cart:c1"))
    tell(shop, ("user_id:1", "shopify_cart:c1"), ("email:ann@x.org", "anonymous_id:phone"))
    assert living(shop) == {frozenset({"user_id:1", "shopify_cart:c1", "email:ann@x.org", "anonymous_id:phone"})}


def test_two_accounts_that_meet_on_a_new_device_at_once_stay_two_people() -> None:
    shop = shop_with()
    tell(shop, ("anonymous_id:phone",))
    tell(shop, ("user_id:1", "anonymous_id:phone"), ("user_id:2", "anonymous_id:phone"))
    assert living(shop) == {
        frozenset({"user_id:1", "anonymous_id:phone"}),
        frozenset({"user_id:2", "anonymous_id:phone"}),
    }


def test_a_profile_that_no_part_goes_on_as_is_nobody_any_more() -> None:
    shop = shop_with()
    tell(shop, ("anonymous_id:tablet",), ("user_id:2", "email:ann@x.org", "anonymous_id:phone"))
    tell(shop, ("user_id:1", "anonymous_id:phone"), ("user_id:2", "anonymous_id:tablet"), at=START - 9)
    assert living(shop) == {
        frozenset({"user_id:1", "anonymous_id:phone"}),
        frozenset({"user_id:2", "email:ann@x.org", "anonymous_id:tablet", "anonymous_id:phone"}),
    }


def test_who_is_parted_from_the_profile_that_began_with_their_name_begins_another() -> None:
    shop = shop_with()
    tell(shop, ("user_id:1", "email:ann@x.org"), ("email:ben@x.org", "anonymous_id:phone"))
    tell(shop, ("user_id:1", "anonymous_id:phone"))
    tell(shop, ("user_id:2", "anonymous_id:phone"), at=START - 1)
    assert living(shop) == {
        frozenset({"user_id:1", "email:ann@x.org", "anonymous_id:phone"}),
        frozenset({"user_id:2", "email:ben@x.org", "anonymous_id:phone"}),
    }


def test_a_device_that_was_folded_early_does_not_join_two_accounts() -> None:
    shop = shop_with()
    tell(shop, ("user_id:2", "shopify_cart:c1"))
    tell(shop, ("email:ben@x.org", "shopify_cart:c1"), at=START + 9)
    tell(shop, ("user_id:1", "email:ben@x.org"), at=START + 5)
    ben = frozenset({"user_id:1", "email:ben@x.org", "shopify_cart:c1"})
    assert living(shop) == {frozenset({"user_id:2", "shopify_cart:c1"}), ben}


def test_an_address_passes_to_the_account_that_turns_out_to_have_had_it_first() -> None:
    shop = shop_with()
    tell(shop, ("user_id:2", "shopify_cart:c1"))
    tell(shop, ("email:ben@x.org", "shopify_cart:c1"), at=START + 5)
    tell(shop, ("user_id:1", "email:ben@x.org"), at=START + 9)
    assert living(shop) == {frozenset({"user_id:2", "shopify_cart:c1", "email:ben@x.org"}), frozenset({"user_id:1"})}
    tell(shop, ("user_id:1", "email:ben@x.org"), at=START + 2)
    ben = frozenset({"user_id:1", "email:ben@x.org", "shopify_cart:c1"})
    assert living(shop) == {frozenset({"user_id:2", "shopify_cart:c1"}), ben}


def test_an_address_of_the_second_in_which_a_device_passes_on_is_of_whoever_had_it_before() -> None:
    shop = shop_with()
    tell(shop, ("user_id:1", "anonymous_id:tablet"))
    tell(shop, ("user_id:2", "anonymous_id:tablet"))
    # Logins of one second are taken in the order of their ids, in which the address comes first.
    tell(shop, ("email:ann@x.org", "anonymous_id:tablet"))
    assert living(shop) == {
        frozenset({"user_id:1", "email:ann@x.org", "anonymous_id:tablet"}),
        frozenset({"user_id:2", "anonymous_id:tablet"}),
    }


def test_a_name_that_comes_while_people_are_divided_is_not_lost() -> None:
    shop = shop_with()
    tell(shop, ("user_id:2", "email:ben@x.org", "shopify_cart:c1"))
    tell(shop, ("user_id:2", "email:ann@x.org"), ("user_id:1", "email:ben@x.org"))
    two = frozenset({"user_id:2", "email:ann@x.org", "email:ben@x.org", "shopify_cart:c1"})
    assert living(shop) == {frozenset({"user_id:1"}), two}


def test_whoever_is_parted_is_drawn_for_shares_as_the_profile_they_are() -> None:
    shares = {f"s{number}": f'random 50% of "{number}"' for number in range(20)}
    shop = shop_with(**shares)
    tell(shop, ("user_id:1", "anonymous_id:phone"))
    tell(shop, ("user_id:2", "anonymous_id:phone"))
    for stored_state in shop.people.states.values():
        state = shop.ruleset.state(stored_state)
        assert set(state.memberships) == set(
            engine.rebuild([], shop.ruleset.catalogue, START, stored_state.profile).memberships
        )


def test_an_instant_that_somebody_waited_for_is_no_past_when_people_part() -> None:
    shop = shop_with(left='did "A" then not "B" for 1 hour')
    tell(shop, ("user_id:1", "anonymous_id:phone"))
    shop.now = START + HOUR + 1
    tell(shop, ("user_id:2", "anonymous_id:phone"), name="C", at=shop.now)
    somebody = people.by_identifier(shop.context, "user_id:1")
    assert shop.ruleset.state(somebody.stored_state).memberships == {"left": (START + HOUR, "time")}


def test_the_erasure_of_an_account_leaves_the_owner_of_an_address_that_it_named() -> None:
    shop = shop_with()
    tell(shop, ("user_id:1", "email:ann@x.org"))
    tell(shop, ("user_id:2", "email:ann@x.org"))
    assert 2 == len(living(shop))
    erase_people(shop.context, ["user_id:2"])
    assert living(shop) == {frozenset({"user_id:1", "email:ann@x.org"})}
    assert [("user_id:1", "email:ann@x.org")] == [event.identifiers for event in shop.log.events]


def test_the_erasure_of_an_address_takes_it_out_of_the_profiles_of_others_who_named_it() -> None:
    shop = shop_with()
    tell(shop, ("user_id:1", "email:ann@x.org"))
    tell(shop, ("user_id:2", "email:ann@x.org"))
    erase_people(shop.context, ["user_id:1"])
    assert living(shop) == {frozenset({"user_id:2"})}
    assert "ann" not in str(people.by_identifier(shop.context, "user_id:2").attributes)
    assert not shop.log.events


def test_what_somebody_else_did_on_a_shared_device_is_not_taken_for_a_visitors_before_it_is_folded() -> None:
    shop = shop_with()
    visitor = "visitor:phone/bob"
    tell(shop, ("user_id:ann", "anonymous_id:phone"))
    tell(shop, ("anonymous_id:phone", visitor), at=START + 20)
    cart = ("anonymous_id:phone", "shopify_cart:c1")
    waiting = [
        Event("Product Added", START + 10, START + 30, cart, "2026#101", "t"),
        Event("Checkout Started", START + 30, START + 30, (*cart, visitor), "2026#102", "t"),
    ]
    shop.log.append(waiting)
    shop.now = START + 40
    bob = people.by_identifier(shop.context, visitor).attributes.profile
    looked = profile_session.current(shop.context, bob, START)
    assert looked
    assert "Product Added" not in [event.name for event in looked.tail]
    assert fold(shop.context, waiting) == {}
    assert [visitor] == [name for name in people.by_id(shop.context, bob).attributes.identifiers if "visitor" in name]
    assert "user_id:ann" not in people.by_id(shop.context, bob).attributes.identifiers
