"""What the use cases ask of the outside, and the records that cross that border.

Every port raises only errors of ``functions.core.errors``. Times are seconds UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from functions.core.events import Consent, Event, Suppression

if TYPE_CHECKING:
    # What collect imports stays small.
    from functions.core.segments.keeping import Keeping


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which profile an identifier names.

    ``shared`` holds the accounts that the identifier was seen with and may not join, with the time of the
    earliest such event: a device that several people use.
    """

    identifier: str
    profile: str
    first_seen: int
    source: str
    shared: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trait:
    """The latest statement of one trait; ``tie`` orders statements of the same second."""

    value: Any
    time: int
    source: str
    tie: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """Part ``card`` of a profile: who somebody is and what they allow.

    ``consent`` and ``suppression`` are kept per identifier they were stated with, so that merging is a union
    and the strictest answer wins. ``absorbed`` are the profiles that were merged into this one.
    """

    profile: str
    identifiers: frozenset[str] = frozenset()
    traits: Mapping[str, Trait] = field(default_factory=dict)
    consent: Mapping[str, tuple[Consent, int]] = field(default_factory=dict)
    suppression: Mapping[str, tuple[Suppression, int]] = field(default_factory=dict)
    absorbed: frozenset[str] = frozenset()
    first_seen: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Hot:
    """Part ``state`` of a profile: packed timelines and memberships. ``merged_into`` makes it a tombstone.

    ``news`` is said when writing: whether the change is one that flows or the event bus ask about. The stream
    passes over what is no news.
    """

    profile: str
    packed: bytes = b""
    due: int | None = None
    merged_into: str | None = None
    version: int = 0
    news: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One row of a due index: a profile (``key`` is "state") or a run."""

    profile: str
    key: str
    due: int


@dataclass(frozen=True, slots=True)
class Run:
    """One person's way through one flow.

    ``entry`` names what started it (an instant, or the value of the flow's key); it is part of every cause.
    ``since`` is when that happened. ``step`` is the next step. ``due`` is None once it has ended, with ``outcome``.
    """

    profile: str
    flow: str
    entry: str
    since: int
    started: int
    step: int = 0
    due: int | None = None
    outcome: str | None = None
    version: int = 0

    @property
    def id(self) -> str:
        """The range key: flow#entry."""
        return f"{self.flow}#{self.entry}"


MessageState = Literal["claimed", "released", "sent", "held", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the ledger: one e-mail to one person for one cause, sent or held back.

    ``claimed`` means that SES was, or is about to be, called and its answer is not known yet; ``released`` that
    the call is known to have had no effect and may be made again.
    ``reason`` says in words why it was sent or held back.
    """

    profile: str
    cause: str
    flow: str
    template: str
    state: MessageState
    at: int
    reason: str = ""
    address: str = ""
    subject: str = ""
    ses_id: str = ""
    attempt: int = 1
    opens: int = 0
    clicks: int = 0
    feedback: str = ""


# Borders are no text that anybody writes: the nightly refresh keeps them.
Kind = Literal["segments", "scores", "flows", "templates", "borders"]


@dataclass(frozen=True, slots=True)
class Wish:
    """That those whom a new version of a segment brings in be treated as entering now.

    ``before`` is the condition of those who were in before and are not meant; None when nobody was.
    """

    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a definition: the text as saved, and the JSON it compiles from.

    ``replaces`` is the version that was current before; 0 for the first. ``revision`` is that of its publication.
    ``kept`` is what it asks of timelines, and since which publication; 0 is its own, whose number is known when it is
    stored.
    """

    kind: str
    id: str
    version: int
    text: str
    body: Mapping[str, Any]
    author: str
    time: int
    replaces: int = 0
    revision: int = 0
    wish: Wish | None = None
    kept: "Keeping" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lane:
    """How far a pass over everybody has come in one of its lanes, counted from the lane's beginning.

    ``place`` is where it goes on. ``finished`` is when it came to its end.
    """

    number: int
    pages: int = 0
    seen: int = 0
    place: str | None = None
    finished: int | None = None

    def after(self, seen: int, place: str | None, now: int) -> "Lane":
        """One page further; a page without a place to go on from is the last."""
        return Lane(self.number, self.pages + 1, self.seen + seen, place, now if place is None else None)


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass over everybody for what was published with a revision.

    ``cause`` names the definition. ``of`` is the number of lanes, ``about`` that of profiles when it was asked for.
    ``lanes`` are those that have begun.
    """

    revision: int
    cause: str
    began: int
    of: int
    about: int
    lanes: tuple[Lane, ...] = ()

    @property
    def seen(self) -> int:
        """The profiles that were seen."""
        return sum(lane.seen for lane in self.lanes)

    @property
    def done(self) -> int:
        """The lanes that have come to their end."""
        return sum(lane.finished is not None for lane in self.lanes)

    @property
    def finished(self) -> int | None:
        """When the last lane came to its end."""
        return max(lane.finished or 0 for lane in self.lanes) if self.done >= self.of else None


@dataclass(frozen=True, slots=True)
class Product:
    """What the catalogue says of a product: for images, links and prices of cart lines. Price in minor units."""

    id: str
    title: str
    image: str = ""
    url: str = ""
    price: int | None = None
    currency: str = ""
    category: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A genuine request that was not understood, whole."""

    source: str
    id: str
    reason: str
    headers: Mapping[str, str]
    body: str
    received: int


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A message for a queue, visible after ``delay`` seconds (0 to 900)."""

    queue: str
    body: Mapping[str, Any]
    delay: int = 0


class Log(Protocol):
    """The append-only record of every accepted event."""

    def append(self, events: Sequence[Event]) -> int:
        """Write the events, in parallel, the first write of a key wins; return how many were new."""

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        """The partition's events whose sender's time is ``since`` or later, oldest first."""

    def erase(self, identifier: str) -> int:
        """Delete the partition; return how many events it held."""


class People(Protocol):
    """Profiles and the identifiers that lead to them."""

    def load(
        self, identifiers: Iterable[str], profiles: Iterable[str], *, cards: bool = False, fresh: bool = False
    ) -> tuple[dict[str, Pointer], dict[str, Hot], dict[str, Card]]:
        """Read pointers, states and, if asked, cards in one round trip; ``fresh`` reads strongly."""

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        """Write the pointers; unless ``moving``, raises Conflict when one leads to another profile already."""

    def save_state(self, hot: Hot) -> None:
        """Write the state if its stored version is still ``hot.version``; raises Conflict. Stores version + 1."""

    def save_card(self, card: Card) -> None:
        """Write the card if its stored version is still ``card.version``; raises Conflict. Stores version + 1."""

    def absorb(self, hot: Hot, card: Card) -> None:
        """Make the profile a tombstone and close its card; raises Conflict unless both are as they were read.

        Both are written or neither. Whoever read them before can write neither, and learns of the merge.
        """

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Profiles of the shard whose ``due`` lies before the instant, earliest first."""

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[Hot], str | None]]:
        """Every live profile's state, a page at a time, each with the place to go on from.

        With ``of`` several lanes, each profile is in one of them, however often and in whatever order they are read.
        """

    def count(self) -> int:
        """About how many profiles there are; hours may go by before it follows."""

    def forget(self, profile: str, identifiers: Iterable[str]) -> None:
        """Delete the profile and the identifiers."""


class Runs(Protocol):
    """Flow runs."""

    def start(self, run: Run) -> bool:
        """Write a new run; False if it exists."""

    def get(self, profile: str, run_id: str) -> Run | None:
        """The run, read strongly."""

    def of(self, profile: str, flow: str | None = None) -> list[Run]:
        """The profile's runs, of one flow if named."""

    def save(self, run: Run) -> None:
        """Write the run if its stored version is still ``run.version``; raises Conflict."""

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Runs of the shard that are due before the instant, earliest first; ``key`` is the run's id."""

    def forget(self, profile: str) -> None:
        """Delete the profile's runs."""


class Ledger(Protocol):
    """Messages: what was sent, what was held back, and why."""

    def claim(self, message: Message) -> Message | None:
        """Write the message unless its cause is there; return None when written, else what is there."""

    def save(self, message: Message, *, expected: tuple[MessageState, int]) -> None:
        """Replace the row if it still has this (state, attempt); raises Conflict."""

    def get(self, profile: str, cause: str) -> Message | None:
        """The message, read strongly."""

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        """SES says that it has the message: a claimed row becomes sent; nothing else changes."""

    def tally(self, profile: str, cause: str, kind: Literal["opens", "clicks"]) -> None:
        """Count an open or a click."""

    def report(self, profile: str, cause: str, feedback: str) -> None:
        """Note a bounce, complaint, rejection or delay on the message."""

    def of(self, profile: str) -> list[Message]:
        """The profile's messages."""

    def recent(self, limit: int) -> list[Message]:
        """Messages of everybody, newest first."""

    def forget(self, profile: str) -> None:
        """Delete the profile's messages."""


class Definitions(Protocol):
    """Versioned definitions; ``current`` points at one version of each."""

    def revision(self) -> int:
        """A number that grows with every publication."""

    def current(self) -> list[Definition]:
        """The current version of every definition, read strongly."""

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        """One stored version."""

    def versions(self, kind: str, name: str) -> list[Definition]:
        """Every version that is or was current, oldest first."""

    def publish(self, definition: Definition) -> Definition:
        """Store the next version and make it current; return it with its version. Raises Conflict when the version
        that is current is not the one that it says it replaces; 0 says nothing."""


class Passes(Protocol):
    """Passes over everybody, and how far each has come."""

    def begin(self, made: Pass) -> None:
        """Record a pass, without its lanes; one that is recorded stays as it is."""

    def newest(self) -> int:
        """The revision of the latest pass; 0 before the first."""

    def lane(self, revision: int, number: int) -> Lane:
        """How far the lane is, read strongly; at its beginning if nobody has begun."""

    def go_on(self, revision: int, lane: Lane) -> Lane:
        """Record how far the lane is unless it is further already; return what is recorded."""

    def latest(self, count: int) -> list[Pass]:
        """The latest passes with their lanes, newest first."""


class Queues(Protocol):
    """SQS."""

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Queue them all; raises Unavailable unless every one was taken."""


class Bus(Protocol):
    """The event bus for anybody else."""

    def publish(self, kind: str, details: Sequence[Mapping[str, Any]]) -> None:
        """Put events of this detail-type; raises Unavailable unless every one was taken."""


class Mailer(Protocol):
    """SES."""

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        """Send a complete MIME message; return SES's message id. Raises OutcomeUnknown when it may have gone."""


class Quarantine(Protocol):
    """Genuine requests that were not understood."""

    def put(self, item: Quarantined) -> None:
        """Keep the request; a repetition changes nothing."""

    def of(self, source: str) -> list[Quarantined]:
        """What the source left."""

    def remove(self, source: str, item_id: str) -> None:
        """Drop it after it was replayed."""


class Products(Protocol):
    """The catalogue."""

    def put(self, product: Product) -> None:
        """Write it unless a later revision is there."""

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Those that are known."""


class Secrets(Protocol):
    """Secrets Manager."""

    def get(self, name: str) -> tuple[str, ...]:
        """The values that are accepted now: the current one, then the previous one during a rotation."""

    def refresh(self, name: str) -> tuple[str, ...]:
        """The same, read again: for a signature that fails, which a rotation may explain."""


class Ports(Protocol):
    """Every port, as the wiring hands them to a use case."""

    @property
    def log(self) -> Log: ...
    @property
    def people(self) -> People: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def definitions(self) -> Definitions: ...
    @property
    def passes(self) -> Passes: ...
    @property
    def queues(self) -> Queues: ...
    @property
    def bus(self) -> Bus: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def quarantine(self) -> Quarantine: ...
    @property
    def products(self) -> Products: ...
    @property
    def secrets(self) -> Secrets: ...
