"""SES."""

import email
from collections.abc import Callable, Mapping
from email import policy
from email.utils import parseaddr

from functions.core.base.errors import SendRefused


class FakeMailer:
    """Messages with their tags, oldest first; ``sender`` is the one address that is verified, empty for any.

    ``taken`` is told of each in place of being kept.
    """

    def __init__(self, sender: str = "", taken: Callable[[bytes, Mapping[str, str]], None] | None = None) -> None:
        self.sent: list[tuple[bytes, Mapping[str, str]]] = []
        self._sender = sender
        self._taken = taken or self._keep
        self._number = 0

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        if self._sender and parseaddr(_from(raw))[1] != self._sender:
            raise SendRefused("MessageRejected")
        self._taken(raw, tags)
        self._number += 1
        return f"ses-{self._number}"

    def _keep(self, raw: bytes, tags: Mapping[str, str]) -> None:
        self.sent.append((raw, tags))


def _from(raw: bytes) -> str:
    return str(email.message_from_bytes(raw, policy=policy.default)["from"])
