"""What the use cases ask of the outside.

Every port raises only errors of ``functions.core.errors``. Times are seconds UTC.

Records are imported for type checkers only: a function that uses one port does not load the records of all others, each
of which costs its start a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from functions.core.base.events import Event
    from functions.core.base.identity import Span
    from functions.core.base.intake import Product, Quarantined, QuarantineEntry
    from functions.core.base.tasks import Dispatch
    from functions.core.definitions.records import Backfill, Definition, Lane
    from functions.core.definitions.vocabulary.seen import Names
    from functions.core.deliveries.records import Answer, Request
    from functions.core.flows.records import Due, Run
    from functions.core.messages.records import Message, MessageState
    from functions.core.profiles.records import LoadedProfiles, Pointer, ProfileAttributes, StoredState


class Log(Protocol):
    """The append-only record of every accepted event."""

    def append(self, events: Sequence[Event]) -> int:
        """Write the events, in parallel, the first write of a key wins; return how many were new."""

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        """The partition's events whose sender's time is ``since`` or later, oldest first."""

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        """Delete the partition, or what happened within the spans; return how many events that were."""


class People(Protocol):
    """Profiles and the identifiers that lead to them."""

    def load(
        self, identifiers: Iterable[str], profiles: Iterable[str], *, with_attributes: bool = False, fresh: bool = False
    ) -> LoadedProfiles:
        """Read pointers, states and, if asked, attributes in one round trip; ``fresh`` reads strongly."""

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        """Write the pointers; unless ``moving``, raises Conflict when one leads to another profile already."""

    def save_state(self, stored_state: StoredState) -> None:
        """Write the state if its stored version is still ``hot.version``; raises Conflict. Stores version + 1."""

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        """Write the attributes unless their stored version has changed; raises Conflict. Stores version + 1."""

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        """Make the profile a tombstone and close its attributes; raises Conflict unless both are as they were read.

        Both are written or neither. Whoever read them before can write neither, and learns of the merge.
        """

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Profiles of the shard whose ``due`` lies before the instant, earliest first."""

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[StoredState], str | None]]:
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

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        """Profile and id of runs that wait for their paused flow; some that go on already may still be among them."""

    def forget(self, profile: str, runs: Iterable[str] | None = None) -> None:
        """Delete the profile's runs: all, or those of these ids."""


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

    def page(
        self, states: Sequence[MessageState], limit: int, start: str | None = None
    ) -> tuple[list[Message], str | None]:
        """Everybody's messages in one of the states, newest first, and where to go on; None after the last.

        A page may be shorter than ``limit``. Raises Malformed for a start that no page gave.
        """

    def forget(self, profile: str, causes: Iterable[str] | None = None) -> None:
        """Delete the profile's messages: all, or those of these causes."""


class Definitions(Protocol):
    """Versioned definitions; ``current`` points at one version of each."""

    def revision(self) -> int:
        """A number that grows with every publication."""

    def current(self) -> list[Definition]:
        """The current version of every definition, read strongly."""

    def latest(self, kind: str, name: str) -> int:
        """The number of the current version, read strongly in one round trip; 0 if there is none."""

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        """One stored version."""

    def versions(self, kind: str, name: str) -> list[Definition]:
        """Every version that is or was current, oldest first."""

    def publish(self, definition: Definition, *, seen: int | None = None) -> Definition:
        """Store the next version and make it current, or the definition gone if it is ``withdrawn``; return it with its
        version. Raises Conflict when the version that is current is not the one that it says it replaces (0 says
        nothing), or when the revision is another than the one that was ``seen`` (None says nothing)."""

    def publish_together(self, definitions: Sequence[Definition], *, seen: int | None = None) -> list[Definition]:
        """Store the next version of each under one revision and make all current, or none. Raises Conflict likewise."""


class Backfills(Protocol):
    """Backfills, and how far each has come."""

    def begin(self, made: Backfill) -> None:
        """Record a backfill, without its lanes; one that is recorded stays as it is."""

    def newest(self) -> int:
        """The revision of the latest backfill; 0 before the first."""

    def lane(self, revision: int, number: int) -> Lane:
        """How far the lane is, read strongly; at its beginning if nobody has begun."""

    def go_on(self, revision: int, lane: Lane) -> Lane:
        """Record how far the lane is unless it is further already; return what is recorded."""

    def latest(self, count: int) -> list[Backfill]:
        """The latest backfills with their lanes, newest first."""


class Queues(Protocol):
    """SQS."""

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Queue them all; raises Unavailable unless every one was taken."""


class Sender(Protocol):
    """Makes the requests that destinations ask for."""

    def send(self, destination: str, request: Request) -> Answer:
        """Make it once; raises Undeliverable where it may not be made, Unavailable without an answer."""


class Mailer(Protocol):
    """SES."""

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        """Send a complete MIME message; return SES's message id. Raises OutcomeUnknown when it may have gone."""


class Quarantine(Protocol):
    """Genuine requests that were not understood."""

    def put(self, item: Quarantined) -> None:
        """Keep the request; a repetition changes nothing."""

    def get(self, source: str, item_id: str) -> Quarantined | None:
        """One request, whole."""

    def page(
        self, sources: Sequence[str], limit: int, start: str | None = None
    ) -> tuple[list[QuarantineEntry], str | None]:
        """What the sources left, newest first, without contents, and where to go on; None after the last.

        A page may be shorter than ``limit``. Raises Malformed for a start that no page gave.
        """

    def remove(self, source: str, item_id: str) -> None:
        """Delete it; nothing happens if it is gone."""


class Products(Protocol):
    """The catalogue."""

    def put(self, product: Product) -> None:
        """Write it unless a later revision is there."""

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Those that are known."""


class SeenNames(Protocol):
    """Names of events, properties and categories that events used."""

    def all(self) -> Names:
        """Every name that was seen."""

    def note(self, names: Names) -> None:
        """Remember the names, up to so many of each sort; those that this process knows cost nothing."""


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
    def backfills(self) -> Backfills: ...
    @property
    def queues(self) -> Queues: ...
    @property
    def sender(self) -> Sender: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def quarantine(self) -> Quarantine: ...
    @property
    def products(self) -> Products: ...
    @property
    def names(self) -> SeenNames: ...
    @property
    def secrets(self) -> Secrets: ...
