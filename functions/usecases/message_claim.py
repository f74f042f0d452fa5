"""Claim a message in the ledger, hand it to SES, and record what came of it: what every e-mail goes through.

claim ──► SES ──► sent            the row is written before SES is called
  │        ├────► released        SES confirmed that it did nothing: claimed again at the next try
  │        ├────► failed          SES refuses it for good
  │        └────► claimed         outcome unknown: SES's Send event settles it, or after SETTLE it is tried again
  ├─ released                     there was no room for it (pace.py): it waits, and is looked at and claimed later
  └─ held, failed                 closed without a call of SES
"""

from dataclasses import dataclass, replace

from functions.core.base.errors import OutcomeUnknown, SendRefused, Unavailable
from functions.core.messages.pace import Kind
from functions.core.messages.records import Message, MessageState
from functions.usecases import pace
from functions.usecases.context import Context

# How long SES's Send event is waited for before a claim of unknown outcome is tried again (seconds).
SETTLE = 900


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for a message; it is tried again at ``retry_at`` (seconds UTC), and its run ends if ``ends``."""

    state: MessageState
    reason: str = ""
    retry_at: int | None = None
    ends: bool = False


def close(context: Context, closed: Message, ends: bool) -> Outcome:
    """Record that nothing is sent, unless an earlier try may have reached SES."""
    existing = context.ports.ledger.claim(closed)
    if existing and (waiting := unsettled(existing, context.now)):
        return waiting
    if existing and existing.state in ("claimed", "released"):
        context.ports.ledger.save(
            replace(closed, attempt=existing.attempt), expected=(existing.state, existing.attempt)
        )
    return Outcome(closed.state, closed.reason, ends=ends)


def claim(context: Context, message: Message) -> tuple[Message, Outcome | None]:
    """The claimed message, and None; or an outcome instead if it was decided before or may have reached SES."""
    existing = context.ports.ledger.claim(message)
    if existing is None:
        return message, None
    if existing.state not in ("claimed", "released"):
        return existing, Outcome(existing.state, existing.reason)
    if waiting := unsettled(existing, context.now):
        return existing, waiting
    message = replace(message, attempt=existing.attempt + 1)
    context.ports.ledger.save(message, expected=(existing.state, existing.attempt))
    return message, None


def unsettled(row: Message, now: int) -> Outcome | None:
    """The outcome that retries later, while an earlier call may still prove to have reached SES; else None."""
    if row.state != "claimed" or now >= row.at + SETTLE:
        return None
    return Outcome("claimed", "waiting for SES to say whether it has the message", row.at + SETTLE)


def room(context: Context, message: Message, before: Message | None, kind: Kind) -> Outcome | None:
    """None if SES has room for the message now; else the outcome that waits, which is recorded.

    ``before`` is the message's row, if there is one: then nothing is written.
    """
    wait = pace.admit(context, message, kind)
    if wait is None:
        return None
    if before is None:
        context.ports.ledger.claim(replace(message, state="released", reason=wait.reason))
    return Outcome("released", wait.reason, wait.until)


def hand_over(context: Context, message: Message, raw: bytes, kind: Kind) -> Outcome:
    """Give the claimed message to SES and record the outcome; one that SES has no room for waits.

    Raises Unavailable if SES did nothing for another reason.
    """
    mine: tuple[MessageState, int] = ("claimed", message.attempt)
    try:
        ses_id = context.ports.mailer.send(raw, {"profile": message.profile, "cause": message.cause})
    except OutcomeUnknown:
        return Outcome("claimed", "waiting for SES to say whether it has the message", context.now + SETTLE)
    except SendRefused as refused:
        failed = replace(message, state="failed", reason=f"SES refused it: {refused.code}")
        context.ports.ledger.save(failed, expected=mine)
        return Outcome("failed", failed.reason)
    except Unavailable as error:
        wait = pace.refused(context, message, kind, error)
        released = replace(message, state="released", reason=wait.reason if wait else message.reason)
        context.ports.ledger.save(released, expected=mine)
        if wait is None:
            raise
        return Outcome("released", wait.reason, wait.until)
    context.ports.ledger.settle(message.profile, message.cause, ses_id, context.now)
    return Outcome("sent", message.reason)
