"""SES."""

import email
from collections.abc import Callable, Mapping
from email import policy
from email.utils import parseaddr

from functions.core.base.errors import SendRefused
from functions.core.messages.pace import Allowance


class FakeMailer:
    """Messages with their tags, oldest first; ``sender`` is the one address that is verified, empty for any.

    ``taken`` is told of each in place of being kept. ``allowed`` is what it says that it allows the account.
    """

    def __init__(self, sender: str = "", taken: Callable[[bytes, Mapping[str, str]], None] | None = None) -> None:
        self.sent: list[tuple[bytes, Mapping[str, str]]] = []
        self._sender = sender
        self._taken = taken or self._keep
        self._number = 0
        self.allowed = Allowance(rate=1_000_000, per_day=None, sent=0)

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        if self._sender and parseaddr(_from(raw))[1] != self._sender:
            raise SendRefused("MessageRejected")
        self._taken(raw, tags)
        self._number += 1
        return f"ses-{self._number}"

    def allowance(self) -> Allowance:
        return self.allowed

    def _keep(self, raw: bytes, tags: Mapping[str, str]) -> None:
        self.sent.append((raw, tags))


def _from(raw: bytes) -> str:
    return str(email.message_from_bytes(raw, policy=policy.default)["from"])
