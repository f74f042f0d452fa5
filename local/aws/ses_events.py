"""SES's events about an e-mail, as it publishes them on a topic."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from local.runtime.clock import now, rfc3339_millis
from local.runtime.lambda_events import ACCOUNT, REGION

_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 10_3_3 like Mac OS X) AppleWebKit/603.3.8 (KHTML, like Gecko) Mobile/14G60"
_MTA = "dsn; mta.example.com"


@dataclass(frozen=True, slots=True)
class Sending:
    """What SES stores of an e-mail that it accepted."""

    id: str
    source: str
    destination: tuple[str, ...]
    subject: str
    headers: tuple[tuple[str, str], ...]
    tags: Mapping[str, str]
    configuration_set: str | None
    at: int


_TYPES = {
    "send": "Send",
    "delivery": "Delivery",
    "open": "Open",
    "click": "Click",
    "bounce": "Bounce",
    "complaint": "Complaint",
}


def ses_event(sending: Sending, kind: str, link: str = "") -> dict[str, Any]:
    """The event of this kind: send, delivery, open, click, bounce (permanent) or complaint."""
    return {"eventType": _TYPES[kind], "mail": _mail(sending, kind), kind: _happening(sending, kind, link)}


def _mail(sending: Sending, kind: str) -> dict[str, Any]:
    tags = {
        "ses:configuration-set": [sending.configuration_set],
        "ses:source-ip": ["192.0.2.0"],
        "ses:from-domain": [parseaddr(sending.source)[1].rpartition("@")[2]],
        "ses:caller-identity": ["segue-send"],
        **({"ses:outgoing-ip": ["192.0.2.0"]} if kind == "delivery" else {}),
        **{name: [value] for name, value in sending.tags.items()},
    }
    return {
        "timestamp": rfc3339_millis(sending.at),
        "source": sending.source,
        "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{parseaddr(sending.source)[1]}",
        "sendingAccountId": ACCOUNT,
        "messageId": sending.id,
        "destination": list(sending.destination),
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in sending.headers],
        "commonHeaders": {
            "from": [sending.source],
            "to": list(sending.destination),
            "messageId": sending.id,
            "subject": sending.subject,
        },
        "tags": tags,
    }


def _happening(sending: Sending, kind: str, link: str) -> dict[str, Any]:
    at = rfc3339_millis(now())
    reader = {"ipAddress": "192.0.2.1", "timestamp": at, "userAgent": _PHONE}
    feedback = {"timestamp": at, "feedbackId": f"{uuid.uuid4()}-000000"}
    happenings: dict[str, dict[str, Any]] = {
        "send": {},
        "delivery": {
            "timestamp": at,
            "processingTimeMillis": 0,
            "recipients": list(sending.destination),
            "smtpResponse": "250 2.6.0 Message received",
            "reportingMTA": "mta.example.com",
        },
        "open": reader,
        "click": {**reader, "link": link, "linkTags": None},
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": address,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
                for address in sending.destination
            ],
            **feedback,
            "reportingMTA": _MTA,
        },
        "complaint": {
            "complainedRecipients": [{"emailAddress": address} for address in sending.destination],
            **feedback,
            "userAgent": _PHONE,
            "complaintFeedbackType": "abuse",
            "arrivalDate": at,
        },
    }
    return happenings[kind]
