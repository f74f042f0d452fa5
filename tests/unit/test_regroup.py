"""What is drawn anew from the log around a shared device stays what it was otherwise."""

from dataclasses import replace

from functions import wiring
from functions.core.segments import engine
from tests.console import HOUR, event


def seen(ago, *names):
    return replace(event("Product Viewed", names[0], ago), identifiers=names)


def test_who_is_in_a_random_share_stays_in_it_when_people_are_divided(world):
    """The share is drawn by the profile's id, which the state has to know."""
    world.save('id: half\nname: Half\nannounce: true\nwhen: random 50% of "autumn"\n')
    for number in range(12):
        device = f"anonymous_id:d{number}"
        world.tell(seen(2 * HOUR, f"user_id:a{number}", device))
        world.tell(seen(3 * HOUR, f"user_id:b{number}", device))
    ruleset = wiring.ruleset(fresh=True)
    found = {profile: "half" in state.memberships for profile, state in world.states().items()}
    fresh = {profile: engine.fresh(ruleset.catalogue, profile) for profile in found}
    assert 24 == len(found)
    assert {True, False} == {*found.values()}
    assert {
        profile: engine.evaluate(state, ruleset.catalogue, 0, ["half"])["half"] > 0 for profile, state in fresh.items()
    } == found
