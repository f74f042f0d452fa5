"""Messages: what was sent, what was held back and why."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from functions.core.base import errors
from functions.handlers.models.base import Answer, Instant, Parameters, WholeUpTo

MessageState = Literal["claimed", "released", "sent", "held", "failed"]


class MessagesQuery(Parameters):
    """Which messages are listed."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "state": errors.Fault("no such state", suggestion=", ".join(get_args(MessageState))),
    }

    state: MessageState | None = Field(None, description="only those in this state")
    flow: str | None = Field(None, description="only those of this flow")
    template: str | None = Field(None, description="only those of this template")
    limit: Annotated[int, WholeUpTo(1000)] = Field(100, description="at most so many")
    next: str | None = Field(None, description="the place that the page before named")


class Message(Answer):
    """A message of the ledger."""

    profile: str
    cause: str
    flow: str
    template: str
    state: MessageState
    reason: str
    at: Instant
    address: str
    subject: str
    ses_id: str
    opens: int
    clicks: int
    feedback: str


class Messages(Answer):
    """One page of messages, newest first."""

    messages: list[Message]


class MessagePage(Messages):
    """Sent, held back with the reason, or failed."""

    next: str | None = Field(description="hand it back as ?next= for the following page; null on the last")
