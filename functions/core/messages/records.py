"""Rows of the ledger of messages. Times are seconds UTC."""

from dataclasses import dataclass
from typing import Literal

MessageState = Literal["claimed", "released", "sent", "held", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the ledger: one e-mail to one person for one cause, sent or held back.

    ``claimed`` means that SES was, or is about to be, called and its answer is not known yet; ``released`` that
    the call is known to have had no effect and may be made again.
    ``reason`` says in words why it was sent or held back.
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
        """The entry of the run that the message is of: what stands in the cause between the flow and the step."""
        return self.cause.removeprefix(f"{self.flow}_").rpartition("_")[0]
