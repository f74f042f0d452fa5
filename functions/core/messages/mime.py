"""The message as it goes out: multipart/alternative in UTF-8, with the headers that mailbox providers ask of senders.

List-Unsubscribe and List-Unsubscribe-Post make the one-click unsubscribe of RFC 8058, which Gmail and Yahoo ask of
whoever writes to many; List-Id (RFC 2919) groups the shop's marketing; Auto-Submitted (RFC 3834) keeps
out-of-office replies away. Message-ID and Feedback-ID are left out, since SES writes its own.
"""

import hashlib
import re
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, Policy
from email.utils import format_datetime

from functions.core.errors import Unsendable
from functions.core.messages.render import Rendered
from functions.core.messages.safety import header

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
_URL = re.compile(r"https?://[\x21-\x3b\x3d\x3f-\x7e]{1,1900}\Z")


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header that is never folded: the standard library would write a long link as encoded words."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "EmailPolicy[EmailMessage]":
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "list-unsubscribe-post", "list-id"):
        registry.map_to_type(name, _Verbatim)
    return SMTP.clone(header_factory=registry)


def build(
    rendered: Rendered,
    *,
    sender: str,
    recipient: str,
    now: int,
    seed: str,
    reply_to: str = "",
    unsubscribe_url: str = "",
    list_id: str = "",
) -> bytes:
    """The whole message; the same arguments give the same bytes. Raises Unsendable for an unusable address.

    ``sender`` is ``Name <address>`` or an address; ``seed`` (the cause) makes the boundary. ``unsubscribe_url`` is
    given for marketing and left out for transactional messages.
    """
    message = EmailMessage(policy=_policy())
    message["From"] = mailbox("From", sender)
    message["To"] = mailbox("To", recipient)
    if reply_to:
        message["Reply-To"] = mailbox("Reply-To", reply_to)
    message["Subject"] = header(rendered.subject)
    message["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe_url:
        _subscribe(message, unsubscribe_url, list_id)
    _parts(message, rendered)
    message.set_boundary(f"=_{hashlib.sha256(seed.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def mailbox(name: str, value: str) -> Address:
    """The mailbox of a header; raises Unsendable, naming the header only, if it is not one plain address."""
    display, bracket, address = value.rpartition("<")
    if bracket:
        display, address = display.strip().strip('"'), address[:-1] if address.endswith(">") else ""
    local, _, domain = address.rpartition("@")
    host = _host(domain)
    if not (_LOCAL.match(local) and host) or len(local) > 64:
        raise Unsendable(name, "not an address that mail can be sent to")
    return Address(display_name=header(display), username=local, domain=host)


def _host(domain: str) -> str:
    """The domain in ASCII; empty if it is not one."""
    try:
        ascii_domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        return ""
    labels = ascii_domain.split(".")
    fine = len(ascii_domain) <= 253 and len(labels) > 1 and all(map(_LABEL.match, labels))
    return ascii_domain if fine else ""


def _subscribe(message: EmailMessage, url: str, list_id: str) -> None:
    if not _URL.match(url):
        raise Unsendable("List-Unsubscribe", "not a link of the web")
    message["List-Unsubscribe"] = f"<{url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if list_id:
        if not all(map(_LABEL.match, list_id.split("."))):
            raise Unsendable("List-Id", "not a name in the form of a domain")
        message["List-Id"] = f"<{list_id}>"


def _parts(message: EmailMessage, rendered: Rendered) -> None:
    """Least faithful first, as RFC 2046 orders alternatives; an AMP part belongs between the two."""
    message.set_content(rendered.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", charset="utf-8", cte="quoted-printable")
