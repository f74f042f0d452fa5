"""The types of SES's events, and the translation of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request, Translation
from functions.sources.event_parts import digest
from functions.sources.fields import mapping
from functions.sources.payload import understand
from functions.sources.ses.models import Bounce, Click, Complaint, Delay, Happening, Report
from functions.sources.ses.notice import H, Notice


def _sent(notice: Notice[Happening]) -> Translation:
    return Translation(reports=notice.report("settle"))


def _delivered(notice: Notice[Happening]) -> Translation:
    events = notice.events("Email Delivered", notice.mail.destination, {})
    return Translation(events, reports=notice.report("settle"))


def _opened(notice: Notice[Happening]) -> Translation:
    return Translation(notice.events("Email Opened", notice.mail.destination, {}), reports=notice.report("opens"))


def _clicked(notice: Notice[Click]) -> Translation:
    link = notice.happening.link
    key = f":{digest(link or '')[:8]}"
    events = notice.events("Email Link Clicked", notice.mail.destination, {"link_url": link}, key=key)
    return Translation(events, reports=notice.report("clicks"))


def _bounced(notice: Notice[Bounce]) -> Translation:
    bounce = notice.happening
    kind = (bounce.bounce_type or "Undetermined").lower()
    reports = (*notice.report("settle"), *notice.report("feedback", f"bounce: {kind}"))
    if kind != "permanent":
        return Translation(reports=reports)
    recipients = [each.email_address for each in bounce.bounced_recipients]
    properties = {"bounce_type": kind, "bounce_reason": bounce.bounce_sub_type}
    return Translation(notice.events("Email Bounced", recipients, properties, "bounce"), reports=reports)


def _complained(notice: Notice[Complaint]) -> Translation:
    complaint = notice.happening
    kind = complaint.complaint_feedback_type or ""
    if kind == "not-spam":
        # The recipient took the message out of the spam folder: the opposite of a complaint.
        return Translation(reports=notice.report("feedback", "not spam"))
    recipients = [each.email_address for each in complaint.complained_recipients]
    events = notice.events("Email Marked as Spam", recipients, {"complaint_type": kind}, "complaint")
    return Translation(events, reports=(*notice.report("settle"), *notice.report("feedback", "complaint")))


def _delayed(notice: Notice[Delay]) -> Translation:
    return Translation(reports=notice.report("feedback", f"delayed: {notice.happening.delay_type or 'unknown'}"))


def _rejected(notice: Notice[Happening]) -> Translation:
    return Translation(reports=notice.report("feedback", "rejected"))


def _unrendered(notice: Notice[Happening]) -> Translation:
    return Translation(reports=notice.report("feedback", "rendering failed"))


def _unused(notice: Notice[Happening]) -> Translation:
    return Translation(unused=notice.kind)


@dataclass(frozen=True, slots=True)
class Type(Generic[H]):
    """A type of event; ``part`` is its field in the detail, validated by ``model``."""

    part: str
    model: type[H]
    translate: Callable[[Notice[H]], Translation]


TYPES: Mapping[str, Type[Any]] = {
    "Send": Type("send", Happening, _sent),
    "Delivery": Type("delivery", Happening, _delivered),
    "Open": Type("open", Happening, _opened),
    "Click": Type("click", Click, _clicked),
    "Bounce": Type("bounce", Bounce, _bounced),
    "Complaint": Type("complaint", Complaint, _complained),
    "DeliveryDelay": Type("deliveryDelay", Delay, _delayed),
    "Reject": Type("reject", Happening, _rejected),
    "Rendering Failure": Type("failure", Happening, _unrendered),
    "Subscription": Type("subscription", Happening, _unused),
}


def translate(request: Request, body: Any) -> Translation:
    """Translate the event by its type."""
    said = mapping(body)
    # EventBridge, by which the release before was told, wraps the report; quarantine may still hold some.
    said = mapping(said["detail"]) if "detail" in said else said
    report = understand(Report, said, "event")
    kind = report.event_type or report.notification_type or ""
    if kind not in TYPES:
        raise NotUnderstood("eventType is not a known type")
    mail = report.mail
    if mail.message_id is None or mail.timestamp is None:
        raise NotUnderstood(f"{kind}: mail.messageId or mail.timestamp is missing")
    type_ = TYPES[kind]
    happening = understand(type_.model, mapping(said.get(type_.part)), kind)
    notice = Notice(kind, happening, mail, mail.message_id, mail.timestamp, request.received)
    return replace(type_.translate(notice), message=(mail.profile, mail.cause))
