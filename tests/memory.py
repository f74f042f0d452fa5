"""Ports in memory, for tests of what stands on them; one ``Memory`` is one small world."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from functions.core.base.errors import SegueError, Unavailable
from functions.core.base.events import Event
from functions.core.base.identity import Span, within
from functions.core.base.intake import Product, Quarantined
from functions.core.base.tasks import Dispatch
from functions.core.definitions.ruleset import Ruleset
from functions.core.deliveries.records import Answer
from functions.core.deliveries.records import Request as Outgoing
from functions.core.messages.records import Message
from functions.usecases.context import Context


@dataclass
class MemoryLog:
    """The first write of a key wins."""

    rows: dict[str, Event] = field(default_factory=dict)
    appends: int = 0

    def append(self, events: Sequence[Event]) -> int:
        self.appends += 1
        new = 0
        for event in events:
            new += event.id not in self.rows
            self.rows.setdefault(event.id, event)
        return new

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        found = [event for event in self.rows.values() if event.identifier == identifier and event.time >= since]
        return iter(sorted(found, key=lambda event: event.sort))

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        own = {key: event for key, event in self.rows.items() if event.identifier == identifier}
        gone = [key for key, event in own.items() if within(spans, event.time)]
        for key in gone:
            del self.rows[key]
        return len(gone)


@dataclass
class MemoryQuarantine:
    """Keyed by source and id."""

    rows: dict[tuple[str, str], Quarantined] = field(default_factory=dict)

    def put(self, item: Quarantined) -> None:
        self.rows.setdefault((item.source, item.id), item)

    def of(self, source: str) -> list[Quarantined]:
        return [item for item in self.rows.values() if item.source == source]

    def remove(self, source: str, item_id: str) -> None:
        self.rows.pop((source, item_id), None)


@dataclass
class MemoryProducts:
    """A later revision stays."""

    rows: dict[str, Product] = field(default_factory=dict)

    def put(self, product: Product) -> None:
        known = self.rows.get(product.id)
        if known is None or known.revision <= product.revision:
            self.rows[product.id] = product

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        return {one: self.rows[one] for one in ids if one in self.rows}


@dataclass
class MemorySecrets:
    """The accepted values of each secret, remembered until they are refreshed."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, name: str) -> tuple[str, ...]:
        return self.known.setdefault(name, self.values[name])

    def refresh(self, name: str) -> tuple[str, ...]:
        self.known[name] = self.values[name]
        return self.values[name]


@dataclass
class MemoryQueues:
    """What was sent, oldest first."""

    sent: list[Dispatch] = field(default_factory=list)

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        self.sent.extend(dispatches)

    def of(self, queue: str) -> list[Any]:
        return [each for each in self.sent if each.queue == queue]


@dataclass
class MemoryLedger:
    """Messages by profile and cause; a report about an unknown message changes nothing."""

    rows: dict[tuple[str, str], Message] = field(default_factory=dict)

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        found = self.rows.get((profile, cause))
        if found and found.state == "claimed":
            self.rows[profile, cause] = replace(found, state="sent", ses_id=ses_id, at=at)

    def tally(self, profile: str, cause: str, kind: str) -> None:
        found = self.rows.get((profile, cause))
        if found:
            self.rows[profile, cause] = replace(found, **{kind: getattr(found, kind) + 1})

    def report(self, profile: str, cause: str, feedback: str) -> None:
        found = self.rows.get((profile, cause))
        if found:
            self.rows[profile, cause] = replace(found, feedback=feedback)


@dataclass
class MemorySender:
    """What was handed over, oldest first; answers are taken from ``answers``, then all is taken."""

    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    answers: list[Answer | SegueError] = field(default_factory=list)

    def send(self, destination: str, request: Outgoing) -> Answer:
        self.sent.append((destination, request))
        answer = self.answers.pop(0) if self.answers else Answer()
        if isinstance(answer, SegueError):
            raise answer
        return answer


class Unreachable:
    """A port whose every call fails, as AWS does on a bad day."""

    def __getattr__(self, name: str) -> object:
        def fail(*_args: object, **_kwargs: object) -> None:
            raise Unavailable(name, "ServiceUnavailable")

        return fail


@dataclass
class Memory:
    """Every port that collecting uses, with the settings beside them."""

    log: MemoryLog = field(default_factory=MemoryLog)
    quarantine: MemoryQuarantine = field(default_factory=MemoryQuarantine)
    products: MemoryProducts = field(default_factory=MemoryProducts)
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets(dict(SECRETS)))
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    names: object = None
    sender: MemorySender = field(default_factory=MemorySender)
    settings: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(shop_currency="EUR"))

    @property
    def context(self) -> Context:
        """What collecting works with, which asks for neither definitions nor the time."""
        return self.at(0)

    def at(self, now: int) -> Context:
        """What is worked with at the instant; the use cases that stand on these ports ask for no definitions."""
        return Context(self, self.settings, _not_asked_for, now)

    @property
    def events(self) -> list[Event]:
        """Everything in the log, in the order of acceptance."""
        return list(self.log.rows.values())


def _not_asked_for() -> Ruleset:
    raise AssertionError("no use case on these ports needs definitions")


SECRETS = {"write-key": ("WK", "WK-before"), "shopify": ("hush", "hush-before"), "signing-key": ("signing",)}
