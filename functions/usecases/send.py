"""Send one e-mail per cause, or record why not.

claim ──► SES ──► sent            the row is written before SES is called
  │        ├────► released        SES confirmed that it did nothing: claimed again at the next try
  │        ├────► failed          SES refuses it for good
  │        └────► claimed         outcome unknown: SES's Send event settles it, or after SETTLE it is tried again
  ├────► released                 another run of the same person may be sending it: one of the two retries later
  └─ held                         the check before sending objected

A claim is made under the living profile, and people may be merged between the check and the claim: two runs that have
become one then claim under two profiles. So after each claim the person is read again. The later claim sees the other
one and is released; if both see each other both are released, and at the next try only the run that goes on is left.

An event that joins two people is stored under one identifier, so until it is folded only one of them may see it. The
run that sees it sends nothing before it is folded, because the other one may be sending the same message unaware of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from functions.core.base.errors import OutcomeUnknown, SendRefused, Unavailable, Unsendable
from functions.core.messages.records import Message, MessageState
from functions.core.profiles import attributes as profile_attributes
from functions.usecases.context import Context
from functions.usecases.pre_send_check import crowded_out, objection_to
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.situation import Situation, situation

if TYPE_CHECKING:
    from functions.usecases.compose_message import ComposedMessage

# How long SES's Send event is waited for before a claim of unknown outcome is tried again (seconds).
SETTLE = 900
# How long a claim gives way to another one of the same person that is not known to be waiting for SES (seconds).
YIELD = 60
# How long an event that joins two people may wait to be folded before mails go on without that (seconds): one that
# cannot be folded at all may not hold them back for ever, and a step is not taken when it is a day late.
MERGE_WAIT = 12 * 3_600


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for a message; the run retries at ``retry_at`` (seconds UTC), or ends if ``ends``."""

    state: MessageState
    reason: str = ""
    retry_at: int | None = None
    ends: bool = False


def send(context: Context, run_situation: Situation) -> Outcome:
    """Send the message of the run's step at most once, whatever earlier tries did; return the outcome."""
    run, flow, person = run_situation.run, run_situation.flow, run_situation.person
    step = flow.step(run.step)
    assert step
    cause = f"{flow.id}_{run.entry}_{run.step}"
    address = next(iter(profile_attributes.addresses(person.attributes)), None)
    message = Message(person.profile, cause, flow.id, step.template, "claimed", context.now, address=address or "")
    messages = run_situation.messages(context)
    if before := _sent_before(message, run_situation.of_runs(messages), context.now):
        return before
    if objection := objection_to(context, run_situation, address, messages):
        return _close(context, replace(message, state="held", reason=objection.reason), objection.ends)
    if merging := _merging(person, context.now):
        return merging
    if objection := crowded_out(context, run_situation, message, messages):
        return _close(context, replace(message, state="held", reason=objection.reason), objection.ends)
    # Rendering imports libraries that a waiting run does not need; they would double a cold start.
    from functions.usecases import compose_message

    try:
        draft = compose_message.compose(context, run_situation, message)
    except Unsendable as unable:
        return _close(context, replace(message, state="failed", reason=str(unable)), False)
    claim, waiting = _claim(context, replace(message, subject=draft.subject, reason=draft.reason))
    if waiting:
        return waiting
    again = situation(context, run, run_situation.version)
    if again and (
        rival := _sent_before(claim, again.sent(context), context.now) or _merging(again.person, context.now)
    ):
        context.ports.ledger.save(replace(claim, state="released"), expected=("claimed", claim.attempt))
        return replace(rival, retry_at=rival.retry_at or context.now + YIELD)
    return _hand_over(context, claim, draft)


def _merging(person: CurrentPerson, now: int) -> Outcome | None:
    """The outcome that retries later, while a merge is not folded that the other profile cannot see yet; else None."""
    if person.unmerged is None or now >= person.unmerged + MERGE_WAIT:
        return None
    return Outcome("released", "two profiles are being merged", now + YIELD)


def _sent_before(message: Message, rows: Iterable[Message], now: int) -> Outcome | None:
    """The outcome of the same message if it was sent or decided before; None if it may be sent.

    A message is the same if it has the same cause or, whatever its step, the same template, in this run or one that
    counts as the same run. A held or failed message blocks only its own cause. The message's own row is left to the
    claim.
    """
    for row in rows:
        own, same = row.cause == message.cause, row.template == message.template
        if row.state == "sent" and (own or same):
            return Outcome("sent", row.reason)
        if row.state in ("failed", "held") and own:
            return Outcome(row.state, row.reason)
        elsewhere = (row.profile, row.cause) != (message.profile, message.cause)
        if elsewhere and (own or same) and (waiting := _unsettled(row, now)):
            return waiting
    return None


def _close(context: Context, closed: Message, ends: bool) -> Outcome:
    """Record that nothing is sent, unless an earlier try may have reached SES."""
    existing = context.ports.ledger.claim(closed)
    if existing and (waiting := _unsettled(existing, context.now)):
        return waiting
    if existing and existing.state in ("claimed", "released"):
        context.ports.ledger.save(
            replace(closed, attempt=existing.attempt), expected=(existing.state, existing.attempt)
        )
    return Outcome(closed.state, closed.reason, ends=ends)


def _claim(context: Context, message: Message) -> tuple[Message, Outcome | None]:
    """The claimed message, and None; or an outcome instead if it was decided before or may have reached SES."""
    existing = context.ports.ledger.claim(message)
    if existing is None:
        return message, None
    if existing.state not in ("claimed", "released"):
        return existing, Outcome(existing.state, existing.reason)
    if waiting := _unsettled(existing, context.now):
        return existing, waiting
    message = replace(message, attempt=existing.attempt + 1)
    context.ports.ledger.save(message, expected=(existing.state, existing.attempt))
    return message, None


def _unsettled(row: Message, now: int) -> Outcome | None:
    """The outcome that retries later, while an earlier call may still prove to have reached SES; else None."""
    if row.state != "claimed" or now >= row.at + SETTLE:
        return None
    return Outcome("claimed", "waiting for SES to say whether it has the message", row.at + SETTLE)


def _hand_over(context: Context, message: Message, draft: "ComposedMessage") -> Outcome:
    mine: tuple[MessageState, int] = ("claimed", message.attempt)
    try:
        ses_id = context.ports.mailer.send(draft.raw, {"profile": message.profile, "cause": message.cause})
    except OutcomeUnknown:
        return Outcome("claimed", "waiting for SES to say whether it has the message", context.now + SETTLE)
    except SendRefused as refused:
        failed = replace(message, state="failed", reason=f"SES refused it: {refused.code}")
        context.ports.ledger.save(failed, expected=mine)
        return Outcome("failed", failed.reason)
    except Unavailable:
        context.ports.ledger.save(replace(message, state="released"), expected=mine)
        raise
    context.ports.ledger.settle(message.profile, message.cause, ses_id, context.now)
    return Outcome("sent", message.reason)
