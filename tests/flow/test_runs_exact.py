"""Whoever turns out to be whom, in whatever order, each entry of a flow leads to each of its mails once.

Random people sign up by devices, accounts and addresses that they share; they are identified, merged and divided late,
in any order, between the look and the claim of a mail, and while nothing is folded. Who is one person, and which
entries the rule counts as one, is told from what could be known when each mail went out: all that was folded, and what
was said meanwhile under the names of whoever got it. Who says under another name that they are the same person is
known once that is folded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.base.rfc3339 import text as written
from functions.core.flows.flow import name_of, start_spec
from functions.core.messages.records import Message
from functions.core.profiles.grouping import grouped
from functions.core.timelines.matching import match
from functions.settings import read
from functions.usecases.advance import advance
from tests.fakes.ledger import FakeLedger
from tests.flow.in_memory_app import SETTINGS, InMemoryApp
from tests.notes import note
from tests.unit.strategies import one, thorough

START, HOUR, DAY = 1_900_000_000, 3600, 86_400
PERIOD = 2 * DAY
FLOW = """
id: welcome
name: Welcome
start: {start}
reentry: {reentry}
steps:
  - wait: 1 hour
  - send: first
  - wait: 2 hours
  - send: second
"""
ONCE, OFTEN, KEYED, RARELY = "once", "every time", "by cart", "once per 2 days"
RULES = {
    ONCE: ("{event: Signed Up}", ONCE),
    OFTEN: ("{event: Signed Up}", OFTEN),
    KEYED: ("{event: Signed Up, by: cart_id}", OFTEN),
    RARELY: ("{event: Signed Up}", RARELY),
}


class Sent(NamedTuple):
    """A mail, and the events that could be known when it went out."""

    template: str
    entry: str
    to: str
    known: tuple[Event, ...]


class RacedLedger(FakeLedger):
    """A ledger before whose claims something may happen."""

    def __init__(self, before: Callable[[Message], None]) -> None:
        super().__init__()
        self._before = before

    def claim(self, message: Message) -> Message | None:
        self._before(message)
        return super().claim(message)


@dataclass
class Shop(InMemoryApp):
    """A shop in memory that remembers what was known when, and in which something may happen just before a claim."""

    told: list[Event] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    race: tuple[str, ...] = ()
    rule: str = ONCE

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ledger = RacedLedger(self.before_claim)

    def open(self, rule: str) -> None:
        self.rule = rule
        start, reentry = RULES[rule]
        for name in ("first", "second"):
            self.publish_text("templates", name, note(name))
        self.publish_text("flows", "welcome", FLOW.format(start=start, reentry=reentry))

    def tell(self, name: str, names: tuple[str, ...], lag: int, cart: str) -> None:
        at, number = self.now - lag, len(self.told)
        sort = f"{written(at).removesuffix('Z')}.000Z#{number}"
        properties = {"cart_id": cart} if cart else {}
        self.told.append(Event(name, at, self.now, names, sort, "test", properties))
        self.log.append([self.told[-1]])

    def before_claim(self, message: Message) -> None:
        names, self.race = self.race, ()
        if names and message.state == "claimed":
            self.tell("Identified", names, 0, "")
            self.meanwhile(message)

    def meanwhile(self, message: Message) -> None:
        """Another process takes every other run that is due as far as it goes."""
        for rows in list(self.runs.rows.values()):
            for run in list(rows.values()):
                if run.due is not None and run.due <= self.now and run.entry != message.entry:
                    advance(self.context, run.profile, run.id)

    def mailed(self, raw: bytes, tags: Mapping[str, str]) -> None:
        row = self.ledger.get(tags["profile"], tags["cause"])
        assert row
        names = self.people.attributes[row.profile].identifiers | {f"email:{row.address}"}
        self.sent.append(Sent(row.template, row.entry, row.address, self.known(names)))

    # What the log says

    def known(self, names: frozenset[str]) -> tuple[Event, ...]:
        """What is folded, and what waits under the names or under those that it adds to them."""
        waiting = {event.id for event in self.log.stream}
        while True:
            known = tuple(event for event in self.told if event.id not in waiting)
            groups = grouped(known)
            names = names.union(*(groups.names(groups.at(name, self.now)) for name in names))
            found = {event.id for event in self.told if event.id in waiting and event.identifier in names}
            if not found:
                return known
            waiting -= found

    def people_of(self, told: Sequence[Event]) -> list[list[Event]]:
        """The events of each person, as far as these tell."""
        groups = grouped(told)
        people: dict[int, list[Event]] = {}
        for event in told:
            people.setdefault(groups.of(event), []).append(event)
        return list(people.values())

    def entry(self, event: Event) -> str:
        spec = start_spec(self.ruleset.flows["welcome"])
        assert spec
        made = match(spec, event)
        assert made
        return name_of(made)

    def begun(self, events: list[Event]) -> dict[str, list[Event]]:
        """The start events among these, by entry."""
        found: dict[str, list[Event]] = {}
        for event in events:
            if event.name == "Signed Up" and (self.rule != KEYED or event.properties):
                found.setdefault(self.entry(event), []).append(event)
        return found

    def counted(self, events: list[Event]) -> list[set[str]]:
        """The ids of the start events of one person, those together that the rule counts as one."""
        groups: list[tuple[int, set[str]]] = []
        begun = sorted((min(each.time for each in several), entry) for entry, several in self.begun(events).items())
        for at, entry in begun:
            again = self.rule in (OFTEN, KEYED) or (self.rule == RARELY and groups and at >= groups[-1][0] + PERIOD)
            if again or not groups:
                groups.append((at, set()))
            groups[-1][1].update(event.id for event in self.begun(events)[entry])
        return [ids for _, ids in groups]

    def began(self, mail: Sent) -> tuple[set[str], set[str]]:
        """What began the run of a mail, and all that was one with it for whoever got it, as was known then."""
        told = [events for events in self.people_of(mail.known) if mail.entry in self.begun(events)]
        theirs = [events for events in told if any(f"email:{mail.to}" in event.identifiers for event in events)]
        own = {event.id for events in theirs or told for event in self.begun(events)[mail.entry]}
        return own, own.union(*(group for events in theirs for group in self.counted(events) if own & group))

    # What holds

    def nothing_is_sent_twice(self) -> None:
        for place, mail in enumerate(self.sent):
            before = [each for each in self.sent[:place] if each.template == mail.template]
            _, group = self.began(mail)
            twice = [each for each in before if self.began(each)[0] & group]
            assert not twice, (mail, twice)

    def nobody_is_passed_over(self) -> None:
        """Whoever could be written to when the moment came has had each mail, as far as was known who they were."""
        for events in self.people_of(self.told):
            for group in self.counted(events):
                if any(event.id in group and self.was_reachable(event) for event in events):
                    had = {mail.template for mail in self.sent if group & self.began(mail)[1]}
                    assert had == {"first", "second"}, (group, had)

    def was_reachable(self, event: Event) -> bool:
        last = max(
            (place for place, each in enumerate(self.told) if each.received <= event.time + 20 * HOUR), default=0
        )
        mine = next(events for events in self.people_of(self.told[: last + 1]) if any(each is event for each in events))
        return any(name.startswith("email:") for each in mine for name in each.identifiers)


DEVICES = st.sampled_from(["anonymous_id:phone", "anonymous_id:tablet"])
ACCOUNTS = st.sampled_from(["user_id:1", "user_id:2"])
ADDRESSES = st.sampled_from(["email:ann@x.org", "email:ben@x.org"])
some = st.one_of(
    st.tuples(DEVICES),
    st.tuples(ACCOUNTS),
    st.tuples(ADDRESSES),
    st.tuples(ADDRESSES, DEVICES),
    st.tuples(ACCOUNTS, ADDRESSES),
)
links = st.one_of(
    st.tuples(ACCOUNTS, DEVICES),
    st.tuples(ADDRESSES, DEVICES),
    st.tuples(ACCOUNTS, ADDRESSES),
    st.tuples(ACCOUNTS, ADDRESSES, DEVICES),
)
lags = st.sampled_from([0, 0, 0, 1, 40, 20 * 60])
spans = st.sampled_from([1, 30, 10 * 60, HOUR - 1, HOUR, 2 * HOUR, 2 * HOUR, 7 * HOUR, PERIOD])


def step(name: str, *arguments: st.SearchStrategy) -> st.SearchStrategy:
    return st.tuples(st.just(name), *arguments)


steps = one(
    (
        *(4 * (step("sign_up", some, lags, st.sampled_from(["c1", "c2", ""])),)),
        *(3 * (step("identify", links, lags),)),
        *(4 * (step("wait", spans),)),
        step("stall", spans),
        *(2 * (step("identify_before_a_claim", links),)),
    )
)


class Life:
    """What may happen to a shop."""

    def __init__(self, rule: str) -> None:
        self.shop = Shop(START, settings=read({**SETTINGS, "CONSENT_DEFAULT": "implied", "MESSAGES_PER_DAY": "999"}))
        self.shop.open(rule)

    def sign_up(self, names: tuple[str, ...], lag: int, cart: str) -> None:
        self.shop.tell("Signed Up", names, lag, cart)

    def identify(self, names: tuple[str, ...], lag: int) -> None:
        self.shop.tell("Identified", names, lag, "")

    def wait(self, span: int) -> None:
        self.shop.to(self.shop.now + span)

    def stall(self, span: int) -> None:
        """Nothing is folded for at most two hours."""
        self.shop.stalled = True
        self.shop.to(self.shop.now + min(span, 2 * HOUR))
        self.shop.stalled = False

    def identify_before_a_claim(self, names: tuple[str, ...]) -> None:
        self.shop.race = names


def lived(rule: str, told: list[tuple]) -> Shop:
    life = Life(rule)
    for name, *arguments in told:
        getattr(life, name)(*arguments)
        life.shop.now += 1
    life.wait(3 * DAY)
    return life.shop


@thorough
@given(st.sampled_from(sorted(RULES)), st.lists(steps, min_size=3, max_size=14))
def test_each_entry_leads_to_each_mail_once(rule: str, told: list[tuple]) -> None:
    shop = lived(rule, told)
    shop.nothing_is_sent_twice()
    shop.nobody_is_passed_over()


def test_a_device_and_an_account_that_turn_out_to_be_one_are_welcomed_once() -> None:
    shop = lived(
        ONCE,
        [
            ("sign_up", ("email:ann@x.org", "anonymous_id:phone"), 0, ""),
            ("wait", 600),
            ("sign_up", ("user_id:1", "email:ben@x.org"), 0, ""),
            ("wait", 60),
            ("identify", ("user_id:1", "anonymous_id:phone"), 0),
        ],
    )
    assert ["first", "second"] == [mail.template for mail in shop.sent]
    outcomes = sorted(str(run.outcome) for rows in shop.runs.rows.values() for run in rows.values())
    assert ["completed", "joined the run that began earlier"] == outcomes


PHONE = ("anonymous_id:phone",)


def test_whoever_sees_a_merge_that_another_run_cannot_see_sends_nothing_before_it_is_folded() -> None:
    shop = lived(
        ONCE,
        [
            ("sign_up", PHONE, 0, ""),
            ("sign_up", ("user_id:1",), 0, ""),
            ("wait", HOUR + 60),
            # Both are due at once, and each has an address.
            ("identify", ("user_id:1", "email:ann@x.org"), 0),
            ("identify", ("email:ben@x.org", *PHONE), 0),
            # The run of user 1 is about to be sent; what joins the two lies under ben's name.
            ("identify_before_a_claim", ("user_id:1", "email:ben@x.org")),
        ],
    )
    assert ["first", "second"] == [mail.template for mail in shop.sent]


def test_a_merge_that_is_never_folded_holds_back_mails_for_half_a_day() -> None:
    life = Life(ONCE)
    life.sign_up(("email:ben@x.org", *PHONE), 0, "")
    life.identify(("user_id:1", "email:ann@x.org"), 0)
    life.wait(60)
    life.identify(("user_id:1", "email:ben@x.org"), 0)
    life.shop.log.stream.clear()
    life.wait(11 * HOUR)
    assert [] == life.shop.sent
    life.wait(8 * HOUR)
    assert ["first", "second"] == [mail.template for mail in life.shop.sent]


def test_an_account_that_is_given_an_address_of_another_while_its_mail_is_claimed_is_welcomed_once() -> None:
    lived(
        ONCE,
        [
            ("sign_up", ("user_id:1",), 0, "c1"),
            ("sign_up", ("anonymous_id:phone",), 0, "c1"),
            ("sign_up", ("anonymous_id:phone",), 0, "c1"),
            ("stall", 3599),
            ("identify", ("user_id:2", "anonymous_id:phone"), 0),
            ("sign_up", ("email:ben@x.org", "anonymous_id:phone"), 0, "c1"),
            ("identify_before_a_claim", ("user_id:2", "email:ann@x.org")),
            ("sign_up", ("anonymous_id:phone",), 0, "c1"),
            ("sign_up", ("user_id:1", "email:ann@x.org"), 0, "c1"),
        ],
    ).nothing_is_sent_twice()
