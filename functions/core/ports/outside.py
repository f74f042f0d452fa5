"""Whoever is spoken to beyond the tables: queues, receivers, SES, secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from functions.core.base.tasks import Dispatch, RefusedDispatch
    from functions.core.deliveries.records import ReceiverAnswer, Request
    from functions.core.messages.pace import Allowance


class Queues(Protocol):
    """The queues of SQS."""

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Queue all dispatches; raises Unavailable unless every one was accepted."""

    def offer(self, dispatches: Sequence[Dispatch]) -> list[RefusedDispatch]:
        """Queue what can be queued, in batches side by side; return what was refused, however often it was offered."""

    def bring_back(self, queue: str, most: int) -> int:
        """Move up to so many tasks from the queue's dead letters to the queue, to be done now; return how many.

        A task that is moved while this fails may be in both for a time.
        """


class Sender(Protocol):
    """Makes the requests of destinations."""

    def send(self, destination: str, request: Request) -> ReceiverAnswer:
        """Make the request once; raises Undeliverable if it may not be made, Unavailable if no answer came."""


class Mailer(Protocol):
    """SES."""

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        """Send a complete MIME message; return SES's message id.

        Raises OutcomeUnknown if it may have been sent; Throttled, QuotaUsedUp or SendingPaused if SES takes no more.
        """

    def allowance(self) -> Allowance:
        """What SES allows the account, and how much it has sent of that; raises Unavailable."""


class Secrets(Protocol):
    """The secrets of Secrets Manager."""

    def has(self, name: str) -> bool:
        """True if this function was given the secret: those of storefronts that the shop does not have are missing."""

    def get(self, name: str) -> tuple[str, ...]:
        """The values that are accepted now: the current one, then the previous one during a rotation."""

    def refresh(self, name: str) -> tuple[str, ...]:
        """The accepted values read again, for a signature that fails, since the secret may have been rotated."""
