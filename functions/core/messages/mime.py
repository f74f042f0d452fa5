"""The MIME message: multipart/alternative in UTF-8, with the headers that mailbox providers require of senders.

List-Unsubscribe and List-Unsubscribe-Post provide the one-click unsubscribe of RFC 8058, which Gmail and Yahoo require
of bulk senders; List-Id (RFC 2919) groups the shop's marketing; Auto-Submitted (RFC 3834) prevents out-of-office
replies. Message-ID and Feedback-ID are left out, since SES writes its own.

The text is built here because the standard library's EmailMessage parses every header it is given, which takes thirty
times as long for a message.
"""

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from functions.core.base.errors import Unsendable
from functions.core.messages.header_text import CRLF, mailbox, unstructured
from functions.core.messages.render import Rendered
from functions.core.messages.safety import header

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
_URL = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]{1,1900}\Z")

Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sender and recipient of a message: ``sender`` is ``Name <address>`` or an address.

    ``unsubscribe_url`` is set for marketing and empty for transactional messages.
    """

    sender: str
    recipient: str
    reply_to: str = ""
    unsubscribe_url: str = ""
    list_id: str = ""


def build(rendered: Rendered, envelope: Envelope, *, now: int, seed: str) -> bytes:
    """Return the complete message as bytes, the same for the same arguments; raises Unsendable for an invalid address.

    ``now`` (seconds UTC) is the date; ``seed``, the message's cause, determines the MIME boundary. Raises Unsendable
    also for an invalid ``unsubscribe_url`` or ``list_id``.
    """
    boundary = f"=_{hashlib.sha256(seed.encode()).hexdigest()[:32]}"
    fields = [
        ("From", address("From", envelope.sender)),
        ("To", address("To", envelope.recipient)),
        *([("Reply-To", address("Reply-To", envelope.reply_to))] if envelope.reply_to else []),
        ("Subject", unstructured("Subject", header(rendered.subject))),
        ("Date", format_datetime(datetime.fromtimestamp(now, UTC))),
        ("Auto-Submitted", "auto-generated"),
        *(_subscription(envelope.unsubscribe_url, envelope.list_id) if envelope.unsubscribe_url else ()),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;{CRLF} boundary="{boundary}"'),
    ]
    # RFC 2046 orders alternatives from the simplest to the richest; an AMP part would go between the two.
    parts = (_part("plain", rendered.text), _part("html", rendered.html))
    body = "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts)
    return f"{_head(fields)}{body}--{boundary}--{CRLF}".encode()


def address(name: str, value: str) -> str:
    """The mailbox of a header; raises Unsendable, naming only the header, if the value is not one plain address."""
    display, bracket, spec = value.rpartition("<")
    if bracket:
        display, spec = display.strip().strip('"'), spec[:-1] if spec.endswith(">") else ""
    local, _, domain = spec.rpartition("@")
    host = _host(domain)
    if not (_LOCAL.match(local) and host) or len(local) > 64:
        raise Unsendable(name, "not an address that mail can be sent to")
    return mailbox(name, header(display), f"{local}@{host}")


def _host(domain: str) -> str:
    """The domain in ASCII; empty if it is invalid."""
    try:
        ascii_domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return ""
    labels = ascii_domain.split(".")
    fine = len(ascii_domain) <= 253 and len(labels) > 1 and all(map(_LABEL.match, labels))
    return ascii_domain if fine else ""


def _subscription(url: str, list_id: str) -> Iterator[Field]:
    """Yield the unsubscribe headers; links are never folded, since a client may take the space for part of them."""
    if not _URL.match(url):
        raise Unsendable("List-Unsubscribe", "not a link of the web")
    yield "List-Unsubscribe", f"<{url}>"
    yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if list_id:
        if not all(map(_LABEL.match, list_id.split("."))):
            raise Unsendable("List-Id", "not a name in the form of a domain")
        yield "List-Id", f"<{list_id}>"


def _part(subtype: str, content: str) -> str:
    """A MIME part with its headers, in quoted-printable with lines of at most 76 characters."""
    fields = (("Content-Type", f'text/{subtype}; charset="utf-8"'), ("Content-Transfer-Encoding", "quoted-printable"))
    return _head(fields) + b2a_qp(content.encode()).decode().replace("\n", CRLF)


def _head(fields: "list[Field] | tuple[Field, ...]") -> str:
    return "".join(f"{name}: {value}{CRLF}" for name, value in fields) + CRLF
