"""One event of SES, and the reports to the ledger and recipients' events that its types are translated to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Event, Suppression
from functions.core.base.translation import Report
from functions.sources.event_parts import compact, names, stamp
from functions.sources.ses.models import Happening, Mail

H = TypeVar("H", bound=Happening)


@dataclass(frozen=True, slots=True)
class Notice(Generic[H]):
    """An event about a message: ``message`` is SES's message id, ``sent`` when it was sent (milliseconds UTC)."""

    kind: str
    happening: H
    mail: Mail
    message: str
    sent: int
    received: int

    @property
    def at(self) -> int:
        """When it happened (milliseconds UTC)."""
        at = self.happening.timestamp
        return self.sent if at is None else at

    def report(self, kind: Literal["settle", "opens", "clicks", "feedback"], feedback: str = "") -> tuple[Report, ...]:
        """A report to the ledger; none for a message without our tags."""
        profile, cause = self.mail.profile, self.mail.cause
        if not profile or not cause:
            return ()
        return (Report(kind, profile, cause, self.at // 1000, self.message, feedback),)

    def events(
        self,
        name: str,
        addresses: Iterable[str | None],
        properties: Mapping[str, Any],
        suppression: Suppression | None = None,
        key: str = "",
    ) -> tuple[Event, ...]:
        """One event for each of the addresses."""
        people = [names(("email", address)) for address in addresses]
        if not any(people):
            raise NotUnderstood(f"{self.kind}: no recipient")
        return tuple(
            Event(
                name=name,
                time=min(self.at // 1000, self.received),
                received=self.received,
                identifiers=identifiers,
                sort=f"{stamp(self.at)}#{self.message}:{self.kind}{key}",
                source="ses",
                properties=compact({**self._about(), **properties}),
                suppression=suppression,
            )
            for identifiers in people
            if identifiers
        )

    def _about(self) -> dict[str, Any]:
        return {
            "message_id": self.message,
            "email_subject": self.mail.subject,
            "campaign_name": self.mail.cause.partition("_")[0],
            "cause": self.mail.cause,
        }
