"""Ask an address by e-mail to confirm a yes that its owner may not have said: at most one e-mail a day and address.

The row of the ledger lies under the id that the address's own profile would have, with the day as its cause, and
follows ``message_claim.py`` as that of every message does. It holds no address, since nobody may be known there. The
checks come first, so that nobody's refusal costs a row or a place in the hour.
"""

from collections.abc import Iterable
from dataclasses import replace

from functions.core.base import erased
from functions.core.base.errors import Unsendable
from functions.core.base.identity import profile_id
from functions.core.base.tasks import LONGEST_DELAY, Dispatch
from functions.core.base.tasks.steps import AskConfirmation
from functions.core.messages import confirmation
from functions.core.messages.confirmation import CAMPAIGN, DAY
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from functions.core.timelines import consents
from functions.usecases import erasure_marks, profile_session
from functions.usecases.context import Context
from functions.usecases.message_claim import Outcome, claim, close, hand_over, room, unsettled
from functions.usecases.profile_session import LAG
from functions.usecases.profile_update import SKEW
from functions.usecases.stored_profiles import read

HOUR = 3_600
# The counter, and with ``Refused`` the metric, of e-mails that ask for a confirmation.
CONFIRMATION_MAILS = "ConfirmationMails"
_REASON = "a visitor said yes to marketing"


def ask_confirmation(context: Context, task: AskConfirmation) -> None:
    """Send the e-mail unless it may not or need not go; what is not settled is queued again.

    Raises Unavailable.
    """
    if context.settings.double_opt_in == "no" or context.now >= task.asked + DAY or _is_unwanted(context, task):
        return
    outcome = _send(context, task)
    if outcome and outcome.retry_at is not None:
        context.ports.queues.send([Dispatch(task, min(outcome.retry_at - context.now, LONGEST_DELAY))])


def _is_unwanted(context: Context, task: AskConfirmation) -> bool:
    """True if the address has answered, cannot be reached, or was erased since or with a no."""
    salts = context.ports.secrets.get(erasure_marks.SALT)
    keys = {erased.key(task.address, salt) for salt in salts}
    stored = read(context, [task.address], with_attributes=True, fresh=True, marks=keys)
    mark = erased.by_identifier(stored.marks, [task.address], salts).get(task.address)
    if mark and (task.asked <= mark.at or mark.said_no or mark.suppression):
        return True
    attributes = _attributes(context, task, stored.profile_of(task.address))
    return (
        profile_attributes.is_suppressed(attributes, task.address.partition(":")[2])
        or consents.is_refused(attributes.consent)
        or consents.answer(attributes.consent) == "subscribed"
    )


def _attributes(context: Context, task: AskConfirmation, profile: str | None) -> ProfileAttributes:
    """The attributes of whoever has the address as the log knows them now; of nobody, what was said of the address."""
    person = profile_session.current(context, profile, task.asked) if profile else None
    if person:
        return person.attributes
    said = context.ports.log.read(task.address, min(task.asked, context.now - LAG) - SKEW)
    return profile_attributes.apply(ProfileAttributes(""), said)


def _send(context: Context, task: AskConfirmation) -> Outcome | None:
    """The outcome of the e-mail of the day; None if it has one already, or if it would be one too many."""
    template = context.ruleset.templates.get(context.settings.opt_in_template)
    message = Message(
        profile=profile_id(task.address),
        cause=confirmation.cause_of(task.asked),
        flow=CAMPAIGN,
        template=template["id"] if template else "",
        state="claimed",
        at=context.now,
        reason=_REASON,
    )
    rows = {row.cause: row for row in context.ports.ledger.of(message.profile) if confirmation.is_cause(row.cause)}
    before = rows.get(message.cause)
    if before and (waiting := unsettled(before, context.now)):
        return waiting
    tried = before is not None and before.state in ("claimed", "released")
    if not tried and (before or _is_recent(rows.values(), context.now) or not _has_room(context)):
        return None
    if waiting := room(context, message, before, "transactional"):
        return waiting
    # Composing imports libraries that a step without an e-mail does not need.
    from functions.usecases import compose_confirmation

    try:
        draft = compose_confirmation.compose(context, task, message, template)
    except Unsendable as unable:
        return close(context, replace(message, state="failed", reason=str(unable)), False)
    claimed, waiting = claim(context, replace(message, subject=draft.subject))
    return waiting or hand_over(context, claimed, draft.raw, "transactional")


def _is_recent(rows: Iterable[Message], now: int) -> bool:
    """True if one of the e-mails went within a day: a day of the calendar may have begun since."""
    return any(row.state in ("claimed", "sent") and row.at > now - DAY for row in rows)


def _has_room(context: Context) -> bool:
    """Count the e-mail in this hour; False if the hour is full, and whoever said yes has to say it again."""
    most = context.settings.opt_in_mails_per_hour
    return context.ports.counters.take(CONFIRMATION_MAILS, context.now // HOUR, most)
