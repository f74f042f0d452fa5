"""What SES reports of our messages, as EventBridge brings it: at least once and in any order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Event, Suppression
from functions.core.base.intake import Report, Request, Translation
from functions.sources.base import Source, digest
from functions.sources.shapes import compact, instant, mapping, mappings, names, stamp, text


@dataclass(frozen=True, slots=True)
class Told:
    """One event of SES: of which message, to whom, for which cause. ``said`` is the part named by its type."""

    kind: str
    said: Mapping[str, Any]
    mail: Mapping[str, Any]
    message: str
    sent: int
    received: int

    @property
    def at(self) -> int:
        """When it happened, in milliseconds."""
        found = instant(self.said.get("timestamp"))
        return self.sent if found is None else found

    def tag(self, name: str) -> str:
        """Our tag on the message; empty without one."""
        values = mapping(self.mail.get("tags")).get(name)
        return (text(values[0], 512) or "") if isinstance(values, list) and values else ""

    def report(self, kind: Any, feedback: str = "") -> tuple[Report, ...]:
        """A report to the ledger; none for a message that is not ours."""
        profile, cause = self.tag("profile"), self.tag("cause")
        if not profile or not cause:
            return ()
        return (Report(kind, profile, cause, self.at // 1000, self.message, feedback),)

    def events(
        self,
        name: str,
        addresses: Sequence[Any],
        properties: Mapping[str, Any],
        suppression: Suppression | None = None,
        key: str = "",
    ) -> tuple[Event, ...]:
        """One event for each address."""
        found = [names(("email", address)) for address in map(_address, addresses)]
        if not any(found):
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
            for identifiers in found
            if identifiers
        )

    def _about(self) -> dict[str, Any]:
        cause = self.tag("cause")
        subject = mapping(self.mail.get("commonHeaders")).get("subject")
        return {
            "message_id": self.message,
            "email_subject": text(subject),
            "campaign_name": cause.partition("_")[0],
            "cause": cause,
        }


def _address(value: Any) -> str | None:
    """The address inside ``Ann <ann@x.org>``."""
    found = text(value, 512)
    return found.rpartition("<")[2].rstrip("> ") if found else None


def _sent(told: Told) -> Translation:
    return Translation(reports=told.report("settle"))


def _delivered(told: Told) -> Translation:
    return Translation(told.events("Email Delivered", _destination(told), {}), reports=told.report("settle"))


def _opened(told: Told) -> Translation:
    return Translation(told.events("Email Opened", _destination(told), {}), reports=told.report("opens"))


def _clicked(told: Told) -> Translation:
    link = text(told.said.get("link"), 2048)
    events = told.events("Email Link Clicked", _destination(told), {"link_url": link}, key=f":{digest(link or '')[:8]}")
    return Translation(events, reports=told.report("clicks"))


def _bounced(told: Told) -> Translation:
    kind = (text(told.said.get("bounceType")) or "Undetermined").lower()
    reports = (*told.report("settle"), *told.report("feedback", f"bounce: {kind}"))
    if kind != "permanent":
        return Translation(reports=reports)
    recipients = [item.get("emailAddress") for item in mappings(told.said.get("bouncedRecipients"))]
    properties = {"bounce_type": kind, "bounce_reason": text(told.said.get("bounceSubType"))}
    return Translation(told.events("Email Bounced", recipients, properties, "bounce"), reports=reports)


def _complained(told: Told) -> Translation:
    kind = text(told.said.get("complaintFeedbackType")) or ""
    if kind == "not-spam":
        # The recipient took the message out of the spam folder: the opposite of a complaint.
        return Translation(reports=told.report("feedback", "not spam"))
    recipients = [item.get("emailAddress") for item in mappings(told.said.get("complainedRecipients"))]
    events = told.events("Email Marked as Spam", recipients, {"complaint_type": kind}, "complaint")
    return Translation(events, reports=(*told.report("settle"), *told.report("feedback", "complaint")))


def _delayed(told: Told) -> Translation:
    return Translation(reports=told.report("feedback", f"delayed: {text(told.said.get('delayType')) or 'unknown'}"))


def _rejected(told: Told) -> Translation:
    return Translation(reports=told.report("feedback", "rejected"))


def _unrendered(told: Told) -> Translation:
    return Translation(reports=told.report("feedback", "rendering failed"))


def _unused(told: Told) -> Translation:
    return Translation(unused=told.kind)


def _destination(told: Told) -> list[Any]:
    found = told.mail.get("destination")
    return found if isinstance(found, list) else []


# Each type of SES, the part of the event that speaks of it, and what it means.
TYPES: Mapping[str, tuple[str, Callable[[Told], Translation]]] = {
    "Send": ("send", _sent),
    "Delivery": ("delivery", _delivered),
    "Open": ("open", _opened),
    "Click": ("click", _clicked),
    "Bounce": ("bounce", _bounced),
    "Complaint": ("complaint", _complained),
    "DeliveryDelay": ("deliveryDelay", _delayed),
    "Reject": ("reject", _rejected),
    "Rendering Failure": ("failure", _unrendered),
    "Subscription": ("subscription", _unused),
}


def emit(request: Request, body: Any) -> Translation:
    """Hand the event to its type."""
    detail = mapping(mapping(body).get("detail"))
    kind = text(detail.get("eventType")) or text(detail.get("notificationType")) or ""
    if kind not in TYPES:
        raise NotUnderstood("detail.eventType is not a known type")
    part, meaning = TYPES[kind]
    mail = mapping(detail.get("mail"))
    message, sent = text(mail.get("messageId"), 200), instant(mail.get("timestamp"))
    if message is None or sent is None:
        raise NotUnderstood(f"{kind}: mail.messageId or mail.timestamp is missing")
    return meaning(Told(kind, mapping(detail.get(part)), mail, message, sent, request.received))


def verify(_request: Request, _secrets: Sequence[str]) -> None:
    """Only EventBridge can call: the rule lets through what ``aws.ses`` said, and IAM nobody else."""


SOURCE = Source(
    name="ses",
    label="Amazon SES",
    secret="",
    verify=verify,
    emit=emit,
    limit=1_000_000,
    namespaces=("email",),
)
