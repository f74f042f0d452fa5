"""A shop in memory with a flow of two mails, which remembers what was known when each went out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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
        groups = grouped(self.told[: last + 1])
        # An address that another account had first is not theirs, though their events name it.
        return any(name.startswith("email:") for name in groups.names(groups.of(event)))


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
