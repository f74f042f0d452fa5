"""Send one e-mail per cause, or record why not.

The check before sending may object: then the message is held. What follows a claim is drawn in message_claim.py; here
a claim may also be released, since another run of the same person may be sending it: one of the two retries later.

A claim is made under the living profile, and people may be merged between the check and the claim: two runs that have
become one then claim under two profiles. So after each claim the person is read again. The later claim sees the other
one and is released; if both see each other both are released, and at the next try only the run that goes on is left.

An event that joins two people is stored under one identifier, so until it is folded only one of them may see it. The
run that sees it sends nothing before it is folded, because the other one may be sending the same message unaware of it.
"""

from collections.abc import Iterable
from dataclasses import replace

from functions.core.base.errors import Unsendable
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.usecases.context import Context
from functions.usecases.message_claim import Outcome, claim, close, hand_over, room, unsettled
from functions.usecases.pre_send_check import crowded_out, kind_of, objection_to
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.situation import Situation, situation

# How long a claim gives way to another one of the same person that is not known to be waiting for SES (seconds).
YIELD = 60
# How long an event that joins two people may wait to be folded before mails go on without that (seconds): one that
# cannot be folded at all may not hold them back for ever, and a step is not taken when it is a day late.
MERGE_WAIT = 12 * 3_600


def send(context: Context, run_situation: Situation) -> Outcome:
    """Send the message of the run's step at most once, whatever earlier tries did; return the outcome."""
    run, flow, person = run_situation.run, run_situation.flow, run_situation.person
    step = flow.step(run.step)
    assert step
    cause = f"{flow.id}_{run.entry}_{run.step}"
    address = next(iter(profile_attributes.addresses(person.attributes)), None)
    message = Message(person.profile, cause, flow.id, step.template, "claimed", context.now, address=address or "")
    messages = run_situation.messages(context)
    if decided := _sent_before(message, run_situation.of_runs(messages), context.now):
        return decided
    if objection := objection_to(context, run_situation, address, messages):
        return close(context, replace(message, state="held", reason=objection.reason), objection.ends)
    if merging := _merging(person, context.now):
        return merging
    if objection := crowded_out(context, run_situation, message, messages):
        return close(context, replace(message, state="held", reason=objection.reason), objection.ends)
    before = next((row for row in messages if (row.profile, row.cause) == (message.profile, message.cause)), None)
    if waiting := before and unsettled(before, context.now):
        return waiting
    if waiting := room(context, message, before, kind_of(context, run_situation)):
        return waiting
    # Rendering imports libraries that a waiting run does not need; they would double a cold start.
    from functions.usecases import compose_message

    try:
        draft = compose_message.compose(context, run_situation, message)
    except Unsendable as unable:
        return close(context, replace(message, state="failed", reason=str(unable)), False)
    claimed, waiting = claim(context, replace(message, subject=draft.subject, reason=draft.reason))
    if waiting:
        return waiting
    again = situation(context, run, run_situation.version)
    if again and (
        rival := _sent_before(claimed, again.sent(context), context.now) or _merging(again.person, context.now)
    ):
        context.ports.ledger.save(replace(claimed, state="released"), expected=("claimed", claimed.attempt))
        return replace(rival, retry_at=rival.retry_at or context.now + YIELD)
    return hand_over(context, claimed, draft.raw, kind_of(context, run_situation))


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
        if elsewhere and (own or same) and (waiting := unsettled(row, now)):
            return waiting
    return None
