"""The interfaces through which use cases reach storage, queues, mail and other services.

Every port raises only errors of ``functions.core.errors``. Times are seconds UTC.

Records are imported for type checkers only: a function that uses one port does not load the records of all others, each
of which costs its start a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from functions.core.base.erased import Mark
    from functions.core.base.events import Event
    from functions.core.base.identity import Span
    from functions.core.base.product import Product
    from functions.core.base.quarantine import Quarantined, QuarantineEntry
    from functions.core.base.rates import Rates
    from functions.core.base.shop_erasure import ShopErasure
    from functions.core.base.tasks import Dispatch
    from functions.core.definitions.records import Backfill, Definition, Lane
    from functions.core.definitions.vocabulary.seen import Names
    from functions.core.deliveries.records import ReceiverAnswer, Request
    from functions.core.flows.records import Due, Run
    from functions.core.messages.records import Message, MessageState
    from functions.core.profiles.records import LoadedProfiles, Pointer, ProfileAttributes, StoredState


class Log(Protocol):
    """The append-only record of every accepted event."""

    def append(self, events: Sequence[Event]) -> int:
        """Write the events in parallel; of one key the first write wins. Return how many were new."""

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        """The partition's events whose sender's time is ``since`` (seconds UTC) or later, oldest first."""

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        """Delete the partition's events, or only those within the spans; return how many were deleted."""

    def remove(self, events: Iterable[Event]) -> int:
        """Delete these events; return how many they were."""


class People(Protocol):
    """Profiles and the identifiers that lead to them."""

    def load(
        self,
        identifiers: Iterable[str],
        profiles: Iterable[str],
        marks: Iterable[str] = (),
        *,
        with_attributes: bool = False,
        fresh: bool = False,
    ) -> LoadedProfiles:
        """Read pointers, states and, if asked, attributes in one round trip; with ``fresh`` consistently.

        ``marks`` are the keys of erased identifiers whose marks are read as well.
        """

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        """Write the pointers; unless ``moving``, raises Conflict if one leads to another profile already."""

    def save_state(self, stored_state: StoredState) -> None:
        """Write the state if its version is still the stored one, as version + 1; raises Conflict."""

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        """Write the attributes if their version is still the stored one, as version + 1; raises Conflict."""

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        """Make the profile a tombstone and close its attributes; raises Conflict if either has changed since read.

        Both are written or neither. A writer that read them before can then write neither, and so learns of the merge.
        """

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Profiles of the shard whose ``due`` is before the instant (seconds UTC), earliest first."""

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[StoredState], str | None]]:
        """Every live profile's state, page by page, each page with the start of the next; None after the last.

        ``of`` splits the profiles into that many lanes: each profile is in exactly one, however often and in whatever
        order the lanes are read.
        """

    def count(self) -> int:
        """The approximate number of profiles, which may be hours old."""

    def forget(self, profile: str, identifiers: Iterable[str]) -> None:
        """Delete the profile and the identifiers' pointers."""


class Runs(Protocol):
    """The stored flow runs of all profiles."""

    def start(self, run: Run) -> bool:
        """Write a new run; False if it exists."""

    def get(self, profile: str, run_id: str) -> Run | None:
        """The run, read consistently; None if there is none."""

    def of(self, profile: str, flow: str | None = None) -> list[Run]:
        """The profile's runs, only those of ``flow`` if given."""

    def save(self, run: Run) -> None:
        """Write the run if its version is still the stored one; raises Conflict."""

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Runs of the shard that are due before the instant (seconds UTC), earliest first; ``key`` is the run's id."""

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        """Profile and id of runs that wait for their paused flow; some may have been resumed already."""

    def forget(self, profile: str, runs: Iterable[str] | None = None) -> None:
        """Delete the profile's runs: all, or those of these ids."""


class Ledger(Protocol):
    """Messages: sent, held back and failed ones, with the reason."""

    def claim(self, message: Message) -> Message | None:
        """Write the message unless one of its cause is stored; return None if written, else the stored one."""

    def save(self, message: Message, *, expected: tuple[MessageState, int]) -> None:
        """Replace the row if its (state, attempt) is still ``expected``; raises Conflict."""

    def get(self, profile: str, cause: str) -> Message | None:
        """The message, read consistently; None if there is none."""

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        """Mark a claimed message as sent, since SES has accepted it; any other row is left unchanged."""

    def tally(self, profile: str, cause: str, kind: Literal["opens", "clicks"]) -> None:
        """Add one to the message's opens or clicks."""

    def report(self, profile: str, cause: str, feedback: str) -> None:
        """Record a bounce, complaint, rejection or delay on the message."""

    def of(self, profile: str) -> list[Message]:
        """The profile's messages."""

    def page(
        self, states: Sequence[MessageState], limit: int, start: str | None = None
    ) -> tuple[list[Message], str | None]:
        """Everybody's messages in one of the states, newest first, and the start of the next page; None after the last.

        A page may be shorter than ``limit``. Raises Malformed for a start that no page returned.
        """

    def forget(self, profile: str, causes: Iterable[str] | None = None) -> None:
        """Delete the profile's messages: all, or those of these causes."""


class Definitions(Protocol):
    """Versioned definitions; ``current`` points at one version of each."""

    def revision(self) -> int:
        """A number that grows with every publication; 0 before the first."""

    def current(self) -> list[Definition]:
        """The current version of every definition, read consistently."""

    def latest(self, kind: str, name: str) -> int:
        """The number of the current version, read consistently in one round trip; 0 if there is none."""

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        """One stored version, current or not; None if there is none."""

    def versions(self, kind: str, name: str) -> list[Definition]:
        """Every version that is or was current, including withdrawals, oldest first."""

    def publish(self, definition: Definition, *, revision: int | None = None) -> Definition:
        """Store the next version and make it current, or withdraw the definition; return it with its version.

        Raises Conflict if the current version is not the one in ``replaces`` (0 accepts any), or if the current
        revision is not ``revision`` (None accepts any).
        """

    def publish_together(self, definitions: Sequence[Definition], *, revision: int | None = None) -> list[Definition]:
        """Store the next versions under one revision and make all current, or none; raises Conflict."""


class Backfills(Protocol):
    """Backfills and the progress of their lanes."""

    def begin(self, backfill: Backfill) -> None:
        """Record a backfill without its lanes; one that is recorded already is left unchanged."""

    def newest(self) -> int:
        """The revision of the latest backfill; 0 before the first."""

    def lane(self, revision: int, number: int) -> Lane:
        """The lane's progress, read consistently; one that has not begun is at its start."""

    def go_on(self, revision: int, lane: Lane) -> Lane:
        """Record the lane's progress unless more is recorded already; return what is recorded."""

    def latest(self, count: int) -> list[Backfill]:
        """The latest backfills with their lanes, newest first."""


class Queues(Protocol):
    """The queues of SQS."""

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Queue all dispatches; raises Unavailable unless every one was accepted."""


class Sender(Protocol):
    """Makes the requests of destinations."""

    def send(self, destination: str, request: Request) -> ReceiverAnswer:
        """Make the request once; raises Undeliverable if it may not be made, Unavailable if no answer came."""


class Mailer(Protocol):
    """SES."""

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        """Send a complete MIME message; return SES's message id. Raises OutcomeUnknown if it may have been sent."""


class Quarantine(Protocol):
    """Genuine requests that were not understood."""

    def put(self, item: Quarantined) -> None:
        """Store the request; repeating it changes nothing."""

    def get(self, source: str, item_id: str) -> Quarantined | None:
        """One request with its body; None if there is none."""

    def page(
        self, sources: Sequence[str], limit: int, start: str | None = None
    ) -> tuple[list[QuarantineEntry], str | None]:
        """Requests of the sources, newest first, without bodies, and the start of the next page; None after the last.

        A page may be shorter than ``limit``. Raises Malformed for a start that no page returned.
        """

    def remove(self, source: str, item_id: str) -> None:
        """Delete the request; nothing happens if it does not exist."""


class Erasures(Protocol):
    """Requests to erase shops, and the marks of erased people."""

    def mark(self, marks: Iterable[Mark]) -> None:
        """Write the marks; the latest of each key stays, and what one of them says of a refusal."""

    def ask(self, shop: str, at: int) -> None:
        """Store that the shop is to be erased; a request that waits already keeps its instant."""

    def shop(self, shop: str) -> ShopErasure | None:
        """The latest request to erase the shop, read consistently; None if there was none."""

    def confirm(self, shop: str, at: int, author: str) -> None:
        """Record who confirmed the request; nothing happens without one."""


class Products(Protocol):
    """The product catalogue."""

    def put(self, product: Product) -> None:
        """Write the product unless a later revision is stored."""

    def get(self, ids: Sequence[str]) -> dict[str, Product]:
        """Read the products that are stored, by id; others are absent from the answer."""


class Counters(Protocol):
    """How much of one thing there was in an hour, over all functions."""

    def take(self, name: str, hour: int, most: int) -> bool:
        """Count one more in the hour (hours since 1970); False, and nothing is counted, if there have been ``most``.

        A call that is repeated since its answer was lost counts twice.
        """


class SeenNames(Protocol):
    """Names of events, properties and categories that events used."""

    def all(self) -> Names:
        """Every name that events have used, by sort."""

    def note(self, names: Names) -> None:
        """Store the names, up to a limit per sort; names that this process knows to be stored cost no call."""


class Revocations(Protocol):
    """Which tokens of the API were taken back."""

    def revoke(self, token: str, until: int) -> None:
        """Take the token of this id back; nobody needs to know of it after ``until``."""

    def revoke_issued(self, until: int) -> None:
        """Take back every token that was issued up to this instant."""

    def covers(self, token: str, issued: int) -> bool:
        """True if the token of this id, issued then, was taken back; one consistent read."""


class Secrets(Protocol):
    """The secrets of Secrets Manager."""

    def get(self, name: str) -> tuple[str, ...]:
        """The values that are accepted now: the current one, then the previous one during a rotation."""

    def refresh(self, name: str) -> tuple[str, ...]:
        """The accepted values read again, for a signature that fails, since the secret may have been rotated."""


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
    def erasures(self) -> Erasures: ...
    @property
    def products(self) -> Products: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def names(self) -> SeenNames: ...
    @property
    def rates(self) -> Rates: ...
    @property
    def revocations(self) -> Revocations: ...
    @property
    def secrets(self) -> Secrets: ...
