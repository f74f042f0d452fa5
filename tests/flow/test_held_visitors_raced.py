"""Two folds at once of one visitor without a profile: whoever comes second sees what the first did, or repeats it."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.core.base.events import Event
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.usecases import people
from functions.usecases.fold import fold
from tests.fakes.people import FakePeople
from tests.flow.told_shop import START, ToldShop

DEVICE, CART, ANN = "anonymous_id:d1", "shopify_cart:c1", "user_id:ann"


class Interrupted(FakePeople):
    """People before whose next write of one kind something else happens, once."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[str, Callable[[], None]] = {}

    def _happen(self, kind: str) -> None:
        self.before.pop(kind, lambda: None)()

    def save_state(self, stored_state: StoredState) -> None:
        self._happen("save_state")
        super().save_state(stored_state)

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        self._happen("save_attributes")
        super().save_attributes(attributes)

    def point(self, pointers: Any, *, moving: bool = False) -> None:
        several: list[Pointer] = list(pointers)
        if several:
            self._happen("point")
        super().point(several, moving=moving)


def event(number: int, *names: str, trust: Any = "public") -> Event:
    return Event("A", START - 9 + number, START, names, f"2026#{number}", "t", trust=trust)


def shop() -> tuple[ToldShop, Interrupted]:
    """A shop that lets the public make no profile; a visitor of the device is held."""
    app, raced = ToldShop(PUBLIC_PROFILES_PER_DAY="0"), Interrupted()
    app.people = raced
    app.publish_text("segments", "thrice", 'id: thrice\nname: Thrice\nwhen: did "A" at least 3 times\n')
    tell(app, event(1, DEVICE))
    return app, raced


def tell(app: ToldShop, told: Event) -> None:
    app.log.append([told])
    assert {} == fold(app.context, [told])


def assert_nothing_is_missing(app: ToldShop, name: str, *names: str) -> None:
    """Whoever has the name has the others, and did what the three events say, as the stored timelines know."""
    person = people.by_identifier(app.context, name)
    assert {name, *names} == person.attributes.identifiers
    assert ["thrice"] == [each["id"] for each in people.view(app.context, person)["segments"]]


@pytest.mark.parametrize("kind", ["save_state", "save_attributes", "point"])
@pytest.mark.parametrize("names", [(DEVICE,), (DEVICE, CART)], ids=["known device", "another cart"])
def test_an_event_that_is_held_while_its_visitor_is_made_counts(kind: str, names: tuple[str, ...]) -> None:
    app, raced = shop()
    raced.before[kind] = lambda: tell(app, event(2, *names))
    tell(app, event(3, ANN, DEVICE, trust="signed"))
    assert_nothing_is_missing(app, ANN, *{DEVICE, *names})


def test_a_visitor_who_is_made_while_an_event_of_theirs_is_held_has_that_event() -> None:
    app, raced = shop()
    raced.before["point"] = lambda: tell(app, event(2, ANN, DEVICE, CART, trust="signed"))
    tell(app, event(3, DEVICE, CART))
    assert_nothing_is_missing(app, ANN, DEVICE, CART)
