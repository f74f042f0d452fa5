"""Visitors for whom a day has no profile left are held, and whoever is held is missed by nothing once they are made.

The random people of test_people_exact.py, of whom the public tells most, in a shop that lets the public ask for few
profiles a day. At every moment each person is as the log says or, if only the public has told of them, is held; and
when the held come again on a day that has room, everybody is as if they had been folded at once.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import NotFound
from functions.core.base.trust import is_trusted
from functions.settings import read
from functions.usecases import people
from functions.usecases.refresh_check import check
from tests.flow.in_memory_app import SETTINGS
from tests.flow.test_people_exact import DAY, DEVICES, HOUR, Shop, lags, picks, spans, step, told
from tests.unit.reference import groups as reference
from tests.unit.strategies import START, definitions, happened, happenings, one, thorough

visitors = st.one_of(
    st.tuples(DEVICES),
    st.tuples(DEVICES),
    st.tuples(DEVICES, DEVICES).map(lambda two: tuple(dict.fromkeys(two))),
    st.sampled_from(["phone", "tablet"]).flatmap(
        lambda device: st.tuples(
            st.just(f"anonymous_id:{device}"), st.sampled_from([f"visitor:{device}/1", f"visitor:{device}/2"])
        )
    ),
)
public = st.tuples(st.sampled_from([None, None, "unsubscribed", "subscribed"]), st.just("public"), st.booleans())
by_visitors = st.lists(st.tuples(happenings, lags, visitors, public, st.just(False)), min_size=1, max_size=4)


class FullShop(Shop):
    """A shop that lets the public ask for so many profiles a day."""

    def __init__(self, given, announced, bound):
        super().__init__(given, announced)
        self.bound(bound)

    def bound(self, most):
        self.app.settings = read({**SETTINGS, "PUBLIC_PROFILES_PER_DAY": str(most)})

    def ask(self, at):
        everybody = reference.people(self.events)
        living = [state.profile for state in self.app.people.states.values() if not state.merged_into]
        assert len(everybody) == len(living) + sum(map(self.is_held, everybody))
        for names, own in everybody:
            if self.is_held((names, own)):
                assert not any(is_trusted(event.trust) for event in own)
            else:
                self.ask_for(names, own, at)

    def ask_for(self, names, own, at):
        profile = people.by_identifier(self.app.context, reference.first(names)).stored_state.profile
        somebody = people.by_id(self.app.context, profile)
        assert somebody.attributes.identifiers == names
        found = people.view(replace(self.app.context, now=at), somebody)
        assert {each["id"] for each in found["segments"]} == self.truth(own, at, somebody.stored_state.profile)

    def is_held(self, person):
        names, _ = person
        try:
            people.by_identifier(self.app.context, reference.first(names))
        except NotFound:
            return True
        return False

    def make_everybody(self):
        """Whoever is held comes again on a day that has room for everybody."""
        self.settle(3, 0)
        self.app.now += DAY
        self.bound(100)
        for names, _ in filter(self.is_held, reference.people(self.events)):
            number, (name, *_rest) = len(self.events), sorted(names, key=reference.rank)
            event = happened(number, ("Z", {}, {}, None, 0), self.app.now - START, "", (None, "public", False), ())
            event = replace(event, identifiers=(name,), received=self.app.now, trust="public")
            self.app.log.append([event])
            self.events.append(event)
            self.fold_all([event])
        self.settle(3, 0)
        assert not any(map(self.is_held, reference.people(self.events)))


steps = one(
    (
        *(4 * (step("happen", by_visitors),)),
        step("happen", told),
        *(4 * (step("fold", picks, st.lists(st.integers(0, 20), max_size=2)),)),
        *(2 * (step("settle", st.integers(1, 5), spans),)),
        step("wait", spans),
        step("bound", st.integers(0, 3)),
        step("wake_who_is_due"),
        step("bring_everybody_up_to_date"),
        step("make_everybody"),
    )
)


@thorough
@given(definitions, step("happen", by_visitors), st.lists(steps, min_size=3, max_size=12), st.integers(0, 2))
def test_whoever_was_held_is_as_if_they_had_been_folded_at_once(given, first, then, bound):
    shop = FullShop(given, {"s0", "s1"}, bound)
    for name, *arguments in (first, *then):
        getattr(shop, name)(*arguments)
    shop.make_everybody()
    shop.app.now += 2 * HOUR
    shop.wake_who_is_due()
    for stored_state in list(shop.app.people.states.values()):
        assert not check(shop.app.context, stored_state)
