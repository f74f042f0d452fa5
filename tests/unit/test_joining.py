"""How many addresses and accounts join a person in a day, and what an event that would join too many may still name."""

from dataclasses import replace

import pytest

from functions.core.base.events import Event
from functions.core.profiles.joining import RELEASE, TooManyJoin, counted, held_back
from functions.core.profiles.records import ProfileAttributes

DAY, MOST = 20_000, 3
ANN, DEVICE = "email:ann@x.org", "anonymous_id:z"


def addresses(*numbers):
    return frozenset(f"email:{number}@x.org" for number in numbers)


def event(*names, source="segment", merges=False):
    return Event("Identified", 5, 5, names, "5", source, merges=merges)


def person(*numbers, joined=(0, 0), name="p"):
    return ProfileAttributes(name, addresses(*numbers), joined=joined)


@pytest.mark.parametrize(
    ("parts", "names", "day", "after"),
    [
        # Whoever is new has one address or account without having been joined by it.
        ([], addresses(1), DAY, (0, 0)),
        ([], addresses(1, 2), DAY, (DAY, 1)),
        ([], addresses(1, 2, 3, 4), DAY, (DAY, 3)),
        ([], {DEVICE, "anonymous_id:y"}, DAY, (0, 0)),
        ([person(1)], addresses(1), DAY, (0, 0)),
        ([person(1)], addresses(1, 2), DAY, (DAY, 1)),
        # Those of the day before count no more, and those of the day do, of all profiles that become one.
        ([person(1, 2, joined=(DAY - 1, 3))], addresses(1, 2, 3), DAY, (DAY, 1)),
        ([person(1, 2, joined=(DAY, 2))], addresses(1, 2, 3), DAY, (DAY, 3)),
        ([person(1, 2, joined=(DAY, 1)), person(3, joined=(DAY, 1), name="q")], addresses(1, 2, 3), DAY, (DAY, 3)),
        # However many there are, on the day itself it is known how many of them joined.
        ([person(1, 2, 3, joined=(DAY, 1))], addresses(1, 2, 3, 4), DAY, (DAY, 2)),
        # Of several profiles the largest is who the person is.
        ([person(1), person(2, 3, 4, name="q")], addresses(1, 2, 3, 4), DAY, (DAY, 1)),
        # An event of an earlier day that comes late does not turn the day back.
        ([person(1, 2, joined=(DAY + 1, 1))], addresses(1, 2, 3), DAY, (DAY + 1, 1)),
        ([person(1, 2, joined=(DAY + 1, 1))], addresses(1, 2), DAY, (DAY + 1, 1)),
    ],
)
def test_what_joins_is_counted_by_day(parts, names, day, after):
    assert counted(names, parts, [event(*sorted(names))], day, MOST) == after


@pytest.mark.parametrize(
    ("parts", "names", "day"),
    [
        ([], addresses(1, 2, 3, 4, 5), DAY),
        ([person(1)], addresses(1, 2, 3, 4, 5), DAY),
        ([person(1, 2, joined=(DAY, 3))], addresses(1, 2, 3), DAY),
        ([person(1, 2, joined=(DAY, 2)), person(3, joined=(DAY, 1), name="q")], addresses(1, 2, 3), DAY),
        # Nobody knows any more how many joined on that day.
        ([person(1, 2, 3, joined=(DAY + 1, 1))], addresses(1, 2, 3, 4), DAY),
    ],
)
def test_more_than_a_day_allows_are_refused(parts, names, day):
    with pytest.raises(TooManyJoin) as refused:
        counted(names, parts, [event(*sorted(names))], day, MOST)
    assert refused.value.names == (parts[0].identifiers if parts else frozenset())


@pytest.mark.parametrize("allowed", [{"merges": True}, {"source": RELEASE}])
def test_what_the_shop_itself_joins_is_not_counted(allowed):
    parts, events = [person(1, joined=(DAY, 3))], [event(ANN), replace(event(ANN), **allowed)]
    assert counted(addresses(*range(50)), parts, events, DAY, MOST) == (DAY, 3)


def test_who_the_person_is_does_not_hang_on_the_order_of_profiles_of_one_size():
    parts = [person(1, 2, 3, joined=(DAY, 3)), person(4, 5, 6, name="q")]
    for several in (parts, parts[::-1]):
        with pytest.raises(TooManyJoin) as refused:
            counted(addresses(*range(1, 7)), several, [event(ANN)], DAY, MOST)
        assert refused.value.names == addresses(4, 5, 6)


@pytest.mark.parametrize(
    ("event_names", "person_has", "held"),
    [
        # It lies under the address, which is the person's: whatever is not the person's is held back.
        ((ANN, DEVICE, "email:b@x.org"), {ANN}, (DEVICE, "email:b@x.org")),
        ((ANN, DEVICE, "email:b@x.org"), {ANN, DEVICE}, ("email:b@x.org",)),
        ((ANN,), {ANN}, ()),
        # It lies under an address of somebody else: whatever is the person's is held back.
        ((ANN, DEVICE, "anonymous_id:y"), {DEVICE}, (DEVICE,)),
        ((ANN, DEVICE), {"anonymous_id:y"}, ()),
    ],
)
def test_an_event_that_joins_too_many_stays_about_one_of_them(event_names, person_has, held):
    assert held_back(event(*event_names), frozenset(person_has)) == held
