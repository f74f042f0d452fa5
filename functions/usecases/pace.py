"""Keep to what SES allows the account: messages a second, messages a day, and nothing while sending is paused.

    admit ──► the budget of all functions, in one row ──► SES
      │            ▲ once a minute: what SES allows, and how much was sent
      └─► no room: the message waits in the line of its kind, and is looked at anew when its turn comes

A message that waits is no failure: it uses up no attempt of a queue. Two lines never mix: what waits for a second does
not stand behind what waits for the next day, nor an order's confirmation behind a campaign.
"""

import zlib
from typing import NamedTuple

from functions.core.base.errors import QuotaUsedUp, SendingPaused, Throttled, Unavailable
from functions.core.messages import pace
from functions.core.messages.pace import Budget, Kind, Shortage
from functions.core.messages.records import Message
from functions.usecases.context import Context

# How long an allowance is good for, and how long whoever asks for a new one has for it (seconds).
REFRESH, LEASE = 60, 30
# Nobody waits longer without a look (seconds): the account may leave the sandbox, or its pause may end.
LONGEST = 6 * 3_600
# Without a budget to ask, messages come again within so many seconds.
_SOON = 60

# The metric, and the reason in the ledger, by what there is too little of.
METRICS = {"rate": "SendsThrottled", "day": "SendQuotaUsedUp", "paused": "SendingPaused"}
REASONS = {
    "rate": "waiting: SES takes so many messages a second and no more",
    "day": "waiting: the account's daily quota of SES is used up",
    "paused": "waiting: SES has paused sending",
}
# The metric of times that SES did not say what it allows.
UNREAD = "SendAllowanceUnread"


class Wait(NamedTuple):
    """A message is to be looked at again at ``until`` (seconds UTC)."""

    until: int
    reason: str


def admit(context: Context, message: Message, kind: Kind) -> Wait | None:
    """None if the message may go to SES now, which counts it; else how long it waits.

    While it is not known what SES allows, nothing is held back, and SES itself refuses what is too much.
    """
    try:
        budget = _budget(context)
        shortage = budget and _taken(context, budget, kind)
        return _wait(context, message, kind, shortage) if shortage else None
    except Throttled:
        # Too many ask for the one row at once.
        return _later(context, message, "rate")


def refused(context: Context, message: Message, kind: Kind, error: Unavailable) -> Wait | None:
    """How long a message waits that SES has not taken; None if that is for no lack of room."""
    shortage = _shortage(error)
    if shortage is None:
        return None
    try:
        context.ports.pace.note(shortage)
        return _wait(context, message, kind, shortage)
    except Unavailable:
        return _later(context, message, shortage)


def _shortage(error: Unavailable) -> Shortage | None:
    if isinstance(error, SendingPaused):
        return "paused"
    if isinstance(error, QuotaUsedUp):
        return "day"
    return "rate" if isinstance(error, Throttled) else None


def _budget(context: Context) -> Budget | None:
    """The budget, with an allowance that is some minutes old at most; None while nobody knows one."""
    ports = context.ports
    known = ports.pace.budget(context.now)
    if known and context.now < known.read + REFRESH:
        return known
    if not ports.pace.lease(context.now, context.now + LEASE):
        return known
    try:
        fresh = ports.mailer.allowance()
    except Unavailable:
        context.counts[UNREAD] += 1
        return known
    ports.pace.store(fresh, context.now)
    return ports.pace.budget(context.now)


def _taken(context: Context, budget: Budget, kind: Kind) -> Shortage | None:
    """Count the message; what is known to be used up until SES is asked again costs no call."""
    if not budget.allowance.is_sending:
        return "paused"
    bounds = pace.bounds(budget.allowance, kind, context.settings.transactional_reserve)
    return "day" if budget.left <= bounds.least else context.ports.pace.take(context.now, bounds)


def _wait(context: Context, message: Message, kind: Kind, shortage: Shortage) -> Wait:
    """A place at the end of the line; beyond the longest wait, some time in its second half."""
    budget = context.ports.pace.budget(context.now)
    if budget is None:
        return _later(context, message, shortage)
    bounds = pace.bounds(budget.allowance, kind, context.settings.transactional_reserve)
    step, last = pace.step(budget.allowance, bounds, shortage), (context.now + LONGEST) * 1000
    place = context.ports.pace.queue_up(f"{shortage}_{kind}", context.now * 1000, step, last)
    if place is None:
        until = context.now + LONGEST - _jitter(context, message, LONGEST // 2)
    else:
        until = max(context.now + 1, -(-place // 1000))
    context.counts[METRICS[shortage]] += 1
    return Wait(until, REASONS[shortage])


def _later(context: Context, message: Message, shortage: Shortage) -> Wait:
    context.counts[METRICS[shortage]] += 1
    return Wait(context.now + 1 + _jitter(context, message, _SOON), REASONS[shortage])


def _jitter(context: Context, message: Message, span: int) -> int:
    """A number below ``span`` that another message, or this one at another time, does not share."""
    return zlib.crc32(f"{message.profile} {message.cause} {context.now}".encode()) % span
