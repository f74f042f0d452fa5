"""Whoever turns out to be whom, and whatever is published meanwhile, everybody is in the segments of their own events.

Random people with accounts, addresses, devices and carts that they share; what they do is folded late, twice and in
any order, while definitions are edited. Then everybody is as the log says: the people whom it makes, each in the
segments that a scan of their events finds, and the nightly check finds nothing to repair.
"""

from dataclasses import replace
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.identity import is_strong
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.profiles import bounds
from functions.usecases import links, people
from functions.usecases.backfill import update
from functions.usecases.fold import fold
from functions.usecases.refresh_check import check
from functions.usecases.wake import wake
from tests.flow.in_memory_app import InMemoryApp
from tests.publishing import publish
from tests.unit.reference import groups as reference
from tests.unit.reference import member
from tests.unit.strategies import START, answers, definitions, happened, happenings, one, thorough

HOUR, DAY = 3600, 86_400

ACCOUNTS = st.sampled_from(["user_id:1", "user_id:2", "shopify:3"])
ADDRESSES = st.sampled_from(["email:ann@x.org", "email:ben@x.org"])
DEVICES = st.sampled_from(["anonymous_id:phone", "anonymous_id:tablet", "shopify_cart:c1"])
names = st.one_of(
    st.tuples(DEVICES),
    st.tuples(DEVICES),
    st.tuples(ACCOUNTS),
    st.tuples(ACCOUNTS, DEVICES),
    st.tuples(ACCOUNTS, DEVICES),
    st.tuples(ADDRESSES, DEVICES),
    st.tuples(ACCOUNTS, ADDRESSES),
    st.tuples(ACCOUNTS, ADDRESSES, DEVICES),
    # Whoever uses the phone or the tablet claims an account, without proof.
    st.sampled_from(["phone", "tablet"]).flatmap(
        lambda device: st.tuples(
            st.just(f"anonymous_id:{device}"), st.sampled_from([f"visitor:{device}/1", f"visitor:{device}/2"])
        )
    ),
)
# Rarely, the storefront says that two accounts are one person.
merging = st.integers(0, 30).map(lambda number: number == 0)
lags = st.integers(0, 45) | st.sampled_from([0, 2 * HOUR, DAY, 12 * DAY])
told = st.lists(st.tuples(happenings, lags, names, answers, merging), min_size=1, max_size=4)
picks = st.lists(st.integers(0, 20), min_size=1, max_size=4)
spans = st.integers(0, 45) | st.sampled_from([5400, 3 * HOUR, 2 * DAY])
everything = {"s0", "s1", "s2", "s3"}
announced = st.just(everything) | st.sets(st.sampled_from(sorted(everything)))
dropped = st.sets(st.sampled_from(["s0", "s1", "s2"]), max_size=1)


class Shop:
    """A shop whose events wait to be folded."""

    def __init__(self, given, announced):
        self.app, self.events, self.waiting = InMemoryApp(START), [], []
        self.publish(given, announced)

    # Steps

    def publish(self, given, announced):
        nodes, score, borders = given
        segments = [{"id": name, "when": node, "announce": name in announced} for name, node in nodes.items()]
        bodies = [("scores", {**score, "name": "E"}), *(("segments", body) for body in segments)]
        bodies += [("borders", {"id": "rfm", **borders})] if borders else []
        new = {
            (kind, body["id"]): Definition(kind, body["id"], 0, "", body, "ann", self.app.now) for kind, body in bodies
        }
        gone = [each for each in self.app.definitions.current() if (each.kind, each.id) not in new]
        self.older = self.app.ruleset
        publish(self.app.definitions, *new.values(), *(replace(each, replaces=0, withdrawn=True) for each in gone))
        self.app.ruleset = load(self.app.definitions.current(), self.app.definitions.revision())

    def happen(self, told):
        """Things happen and are logged; nobody has folded them."""
        for happening, lag, named, consent, merges in told:
            number = len(self.events)
            event = happened(number, happening, self.app.now - lag - START, "", consent, ())
            identifiers = ("user_id:1", "user_id:2") if merges else named
            # What the public says names a device alone.
            trust = "signed" if any(map(is_strong, identifiers)) and event.trust == "public" else event.trust
            event = replace(event, identifiers=identifiers, received=self.app.now, trust=trust, merges=merges)
            assert self.app.log.append([event]) == 1
            self.events.append(event)
            self.waiting.append(event)

    def fold(self, picks, again):
        """Some of what waits is folded, and some that was or was not is told again."""
        batch = [self.waiting.pop(pick % len(self.waiting)) for pick in picks if self.waiting]
        self.fold_all([*(self.events[pick % len(self.events)] for pick in again), *batch])

    def fold_by_older_definitions(self, pick):
        """Somebody has not heard of the last publication yet."""
        batch = [self.waiting.pop(pick % len(self.waiting))] if self.waiting else []
        assert fold(replace(self.app.context, load_ruleset=lambda: self.older), batch) == {}

    def wait(self, span):
        self.app.now += span

    def wake_who_is_due(self):
        for due in self.app.people.due(0, self.app.now + 1):
            wake(self.app.context, due.profile)

    def bring_everybody_up_to_date(self):
        for stored_state in list(self.app.people.states.values()):
            if not stored_state.merged_into:
                update(self.app.context, stored_state)

    def settle(self, size, ahead):
        """Everything is folded; then whoever asks is told the truth."""
        while self.waiting:
            self.fold_all(self.waiting[-size:])
            del self.waiting[-size:]
        for at in (self.app.now, self.app.now + ahead):
            self.ask(at)

    def check_at_night(self):
        self.settle(3, 0)
        self.app.now += 2 * HOUR
        self.wake_who_is_due()
        self.bring_everybody_up_to_date()
        for stored_state in list(self.app.people.states.values()):
            assert not check(self.app.context, stored_state)

    # What holds

    def fold_all(self, batch):
        assert fold(self.app.context, batch) == {}

    def ask(self, at):
        living = {
            stored_state.profile for stored_state in self.app.people.states.values() if not stored_state.merged_into
        }
        everybody = reference.people(self.events)
        assert len(everybody) == len(living)
        for names, own in everybody:
            profile = people.by_identifier(self.app.context, reference.first(names)).stored_state.profile
            somebody = people.by_id(self.app.context, profile)
            assert self.names_of(somebody) == names
            told = people.view(replace(self.app.context, now=at), somebody)
            assert {each["id"] for each in told["segments"]} == self.truth(own, at, somebody.stored_state.profile)
        self.ask_for_devices(everybody)

    def ask_for_devices(self, everybody):
        """A device leads to somebody who has it, and to its only person if there is one."""
        for name in {name for names, _ in everybody for name in names}:
            having = [names for names, _ in everybody if name in names]
            assert self.names_of(people.by_identifier(self.app.context, name)) in having

    def names_of(self, somebody):
        return links.complete(self.app.context, somebody.attributes).identifiers

    def truth(self, events, at, profile):
        nodes = {name: body["when"] for name, body in self.app.ruleset.segments.items()}
        return {name for name, node in nodes.items() if member(node, events, at, nodes, profile)}


def step(name, *arguments):
    return st.tuples(st.just(name), *arguments)


happen = step("happen", told)
steps = one(
    (
        *(4 * (happen,)),
        *(4 * (step("fold", picks, st.lists(st.integers(0, 20), max_size=2)),)),
        *(2 * (step("settle", st.integers(1, 5), spans),)),
        step("publish", definitions, announced),
        step("fold_by_older_definitions", st.integers(0, 20)),
        step("wait", spans),
        step("wake_who_is_due"),
        step("bring_everybody_up_to_date"),
        step("check_at_night"),
    )
)


def live(given, announced, first, then, size, ahead):
    shop = Shop(given, announced)
    for name, *arguments in (first, *then):
        getattr(shop, name)(*arguments)
    shop.settle(size, ahead)


a_life = given(definitions, announced, happen, st.lists(steps, min_size=4, max_size=12), st.integers(1, 5), spans)


@thorough
@a_life
def test_everybody_is_in_the_segments_of_their_own_events(given, announced, first, then, size, ahead):
    live(given, announced, first, then, size, ahead)


@thorough
@a_life
def test_so_they_are_where_a_row_has_no_room_for_more_than_one_or_two_names(given, announced, first, then, size, ahead):
    with patch.multiple(bounds, IDENTIFIER_BYTES=20, VISITED_BYTES=1, MOST_PROFILES=1):
        live(given, announced, first, then, size, ahead)
