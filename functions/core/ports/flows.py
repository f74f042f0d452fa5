"""Runs of flows, the messages that they send, and the ticks that wake them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from functions.core.flows.due_windows import Progress
    from functions.core.flows.records import Due, DueWindow, Run
    from functions.core.messages.records import Message, MessageState


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

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        """The first ``limit`` rows of the window behind ``after``, which need not exist any more; fewer at the end."""

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        """The first page of each window, read side by side; None for one that could not be read."""

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        """Profile and id of runs that wait for their paused flow; some may have been resumed already."""

    def pages(
        self, start: str | None = None, size: int = 1_000, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[Run], str | None]]:
        """Everybody's runs under way, and where the next page begins; a page reads ``size`` rows, ended ones too.

        A lane is one of so many parts, each of which can be read by itself.
        """

    def forget(self, profile: str, runs: Iterable[str] | None = None) -> None:
        """Delete the profile's runs: all, or those of these ids."""


class Ticks(Protocol):
    """How far ticks have come."""

    def read(self) -> Progress:
        """The stored progress, read consistently; an empty one before the first tick."""

    def save(self, progress: Progress) -> Progress:
        """Write the progress if its version is still the stored one; return it as stored. Raises Conflict."""


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
