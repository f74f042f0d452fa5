"""Rows of the message ledger. Times are seconds UTC."""

from dataclasses import dataclass
from typing import Literal

MessageState = Literal["claimed", "released", "sent", "held", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the ledger: one e-mail to one person for one cause, sent or held back.

    State ``claimed``: SES was called or is about to be, and its answer is not known yet. State ``released``: the call
    is known to have had no effect and may be repeated. ``reason`` is the reason in words for sending or holding it
    back.
    """

    profile: str
    cause: str
    flow: str
    template: str
    state: MessageState
    at: int
    reason: str = ""
    address: str = ""
    subject: str = ""
    ses_id: str = ""
    attempt: int = 1
    opens: int = 0
    clicks: int = 0
    feedback: str = ""

    @property
    def entry(self) -> str:
        """The entry of the flow run that the message belongs to: the part of the cause between flow and step."""
        return self.cause.removeprefix(f"{self.flow}_").rpartition("_")[0]
