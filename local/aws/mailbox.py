"""The e-mails that SES accepted, and the actions of recipients and mail systems on them."""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email import message_from_string
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from typing import Any

from local.aws.ses_events import Sending, ses_event
from local.runtime.clock import now, rfc3339

SUBTYPES = {"text": "plain", "html": "html", "amp": "x-amp-html"}
ACTIONS = ("open", "click", "bounce", "complaint")


class NoLink(ValueError):
    """The e-mail has no link to click."""


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One accepted e-mail; ``packed`` is the whole message, compressed because a run may send thousands."""

    sending: Sending
    packed: bytes
    at: int

    @property
    def id(self) -> str:
        """SES's message id."""
        return self.sending.id

    def summary(self) -> dict[str, Any]:
        """The e-mail in a list, as JSON."""
        tags = self.sending.tags
        return {
            "id": self.id,
            "to": ", ".join(self.sending.destination),
            "subject": self.sending.subject,
            "profile": tags.get("profile"),
            "cause": tags.get("cause"),
            "at": rfc3339(self.at),
        }

    def as_json(self) -> dict[str, Any]:
        """The whole e-mail as JSON."""
        return {**self.summary(), "headers": dict(self.sending.headers), **self.parts()}

    def parts(self) -> dict[str, str]:
        """The parts text, html, amp and raw, parsed on demand as most e-mails are never viewed."""
        raw = zlib.decompress(self.packed).decode()
        message = message_from_string(raw)
        return {name: _part(message, subtype) for name, subtype in SUBTYPES.items()} | {"raw": raw}

    def first_link(self) -> str:
        """The first link in the body that is not for unsubscribing; raises NoLink."""
        parts = self.parts()
        in_text = re.findall(r"https?://\S+", parts["text"])
        for link in re.findall(r'href="(https?://[^"]+)"', parts["html"]) + in_text:
            if "/u/" not in link:
                return str(link).replace("&amp;", "&")
        raise NoLink(f'{self.id} holds no link: name one with {{"link": …}}')


Accepted = tuple[str, str, Mapping[str, str], str | None]


@dataclass(slots=True)
class Mailbox:
    """E-mails, oldest first.

    ``fresh`` returns those that SES accepted since its last call; ``pending`` are SES's events that are not delivered
    yet.
    """

    fresh: Callable[[], Iterable[Accepted]]
    mails: dict[str, ReceivedMail] = field(default_factory=dict)
    pending: list[dict[str, Any]] = field(default_factory=list)

    def collect(self) -> None:
        """Take the e-mails that SES accepted since the last call."""
        for accepted in self.fresh():
            self.accept(*accepted)

    def accept(self, message_id: str, raw: str, tags: Mapping[str, str], configuration_set: str | None) -> None:
        """Store an accepted e-mail, and queue SES's events that it was sent and delivered."""
        mail = parsed(message_id, raw, tags, configuration_set)
        self.mails[mail.id] = mail
        for kind in ("send", "delivery"):
            self._tell(mail, kind)

    def act(self, message_id: str, action: str, link: str | None = None) -> None:
        """Queue SES's event of the action; raises KeyError for an unknown e-mail, NoLink for a click without a link."""
        mail = self.mails[message_id]
        self._tell(mail, action, (link or mail.first_link()) if action == "click" else "")

    def _tell(self, mail: ReceivedMail, kind: str, link: str = "") -> None:
        # Without a configuration set SES publishes nothing.
        if mail.sending.configuration_set:
            self.pending.append(ses_event(mail.sending, kind, link))


def parsed(message_id: str, raw: str, tags: Mapping[str, str], configuration_set: str | None) -> ReceivedMail:
    """Parse the headers of a raw MIME message.

    By hand, since the email package's newer policy takes ten times as long.
    """
    headers = tuple((name, _decoded(value)) for name, value in headers_of(raw).items())
    named = {name.lower(): value for name, value in headers}
    in_header = (part.strip().split("=", 1) for part in named.get("x-ses-message-tags", "").split(",") if "=" in part)
    sending = Sending(
        id=message_id,
        source=named.get("from", ""),
        destination=tuple(
            address for _, address in getaddresses([named.get("to", ""), named.get("cc", "")]) if address
        ),
        subject=named.get("subject", ""),
        headers=headers,
        tags={**dict(in_header), **tags},
        configuration_set=configuration_set or named.get("x-ses-configuration-set"),
        at=now(),
    )
    return ReceivedMail(sending, zlib.compress(raw.encode(), 1), now())


def headers_of(raw: str) -> Message:
    """The message's headers, without its body, which would take most of the time to parse."""
    head, _, _ = raw.replace("\r\n", "\n").partition("\n\n")
    return HeaderParser().parsestr(f"{head}\n\n")


def _decoded(value: str) -> str:
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    return str(make_header(decode_header(unfolded))) if "=?" in unfolded else unfolded


def _part(message: Message, subtype: str) -> str:
    for part in message.walk():
        if part.get_content_type() == f"text/{subtype}":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode(part.get_content_charset("utf-8"), "replace").replace("\r\n", "\n")
    return ""
