"""The record of what happened: accepted events, requests that were not understood, and who was erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from functions.core.base.erased import Mark
    from functions.core.base.events import Event
    from functions.core.base.identity import Span
    from functions.core.base.newest import Newest
    from functions.core.base.quarantine import Quarantined, QuarantineEntry
    from functions.core.base.received import ReceivedPage
    from functions.core.base.shop_erasure import ShopErasure


class Log(Protocol):
    """The append-only record of every accepted event."""

    def append(self, events: Sequence[Event]) -> int:
        """Write the events in parallel; of one key the first write wins. Return how many were new."""

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        """The partition's events whose sender's time is ``since`` (seconds UTC) or later, oldest first."""

    def read_several(self, identifiers: Iterable[str], since: int = 0) -> dict[str, list[Event]]:
        """The same of several partitions, read side by side; those are left out that hold nothing.

        They come in the order of the identifiers, and hold as much as may be read at once: the newest, of all of them
        from one place on. Raises the error of the first one that cannot be read.
        """

    def read_newest(self, identifiers: Iterable[str], since: int = 0) -> Newest:
        """The same, which says whether it is everything."""

    def received(self, since: int, until: int, start: str | None = None, *, lane: int = 0, of: int = 1) -> ReceivedPage:
        """A page of the events received from ``since`` to ``until`` (seconds UTC), in no order; a lane is a part.

        It reads the whole log, whatever the span.
        """

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        """Delete the partition's events, or only those within the spans; return how many were deleted."""

    def hold_back(self, event: Event, names: Sequence[str]) -> None:
        """Let the event name these of its identifiers no more, whoever reads it; that of its partition it names still.

        Nothing happens if the event is not there.
        """

    def remove(self, events: Iterable[Event]) -> int:
        """Delete these events; return how many they were."""


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

    def restate(self, item: Quarantined, reason: str) -> None:
        """Store why the request still is not understood; nothing happens if it does not exist."""

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
