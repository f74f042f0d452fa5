"""Check right before sending whether a message may be sent: goal, segment, consent, and caps by person and hour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from functions.core.base.instants import holds
from functions.core.base.trust import is_trusted
from functions.core.definitions.ruleset import Ruleset
from functions.core.flows.flow import TAKEN_BACK, belongs, reached, taken_back
from functions.core.messages.pace import Kind
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.core.segments.engine import evaluate
from functions.usecases.context import Context
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.situation import Situation

NO_ADDRESS = "no address"
DAY = 86_400
HOUR = 3_600
# The source of what SES reports, which is about the messages themselves.
_FEEDBACK = "ses"
# The counter, and with ``Refused`` the metric, of messages that only public events ask for.
PUBLIC_MESSAGES = "PublicMessages"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a message is not sent; with ``ends`` the run ends with this reason, else it takes its next step."""

    reason: str
    ends: bool


def objection_to(
    context: Context, run_situation: Situation, address: str | None, messages: Sequence[Message]
) -> Objection | None:
    """The first objection to sending the message of the run's step to the address; None if there is none.

    ``messages`` are all that the situation has.
    """
    run, flow, person = run_situation.run, run_situation.flow, run_situation.person
    if reached(flow, run_situation.state, run_situation.version.catalogue, run.entry, run.since):
        return Objection(f"goal reached: {' or '.join(flow.goal)}", ends=True)
    if taken_back(flow, run_situation.state, run_situation.version.catalogue, run.entry, context.now):
        return Objection(TAKEN_BACK, ends=True)
    if _has_left(run_situation, context.ruleset, context.now):
        return Objection(f"left {flow.segment}", ends=True)
    if kind_of(context, run_situation) == "transactional":
        unable = address is None or profile_attributes.is_suppressed(person.attributes, address)
        return Objection(NO_ADDRESS if address is None else "suppressed", ends=False) if unable else None
    # The run goes on: what its other steps send may be transactional, which a "no" to marketing does not mean.
    objection = profile_attributes.objection(
        person.attributes, address, implied=context.settings.consent_default == "implied"
    )
    if objection:
        return Objection(objection, ends=False)
    if _sent_today(person, messages, context.now) >= context.settings.messages_per_day:
        return Objection(f"{context.settings.messages_per_day} messages in a day already", ends=False)
    return None


def crowded_out(
    context: Context, run_situation: Situation, message: Message, messages: Sequence[Message]
) -> Objection | None:
    """The objection that too many messages of this hour are asked for by public events alone; None if there is none.

    Counts the message, once for all tries of its cause: call this when nothing else stands in the way. It is held for
    good, since under an attack those that waited would crowd out the next hour; the run's next step may be sent.
    """
    tried = any((row.profile, row.cause) == (message.profile, message.cause) for row in messages)
    if tried or not _is_asked_by_public(run_situation):
        return None
    most = context.settings.public_messages_per_hour
    if context.ports.counters.take(PUBLIC_MESSAGES, context.now // HOUR, most):
        return None
    return Objection(f"{most} messages in this hour already that only browsers and apps asked for", ends=False)


def _is_asked_by_public(run_situation: Situation) -> bool:
    """True if only the write key told of what the message is about; for a segment, of all that is new of the person."""
    flow, run = run_situation.flow, run_situation.run
    events = [event for event in run_situation.person.tail if event.source != _FEEDBACK]
    if flow.events:
        events = [event for event in events if belongs(flow, event, run.entry)]
    return bool(events) and not any(is_trusted(event.trust) for event in events)


def kind_of(context: Context, run_situation: Situation) -> Kind:
    """The kind of the template that the run's step sends."""
    step = run_situation.flow.step(run_situation.run.step)
    is_transactional = step is not None and context.ruleset.templates[step.template]["kind"] == "transactional"
    return "transactional" if is_transactional else "marketing"


def _has_left(run_situation: Situation, ruleset: Ruleset, now: int) -> bool:
    """True if the stay in the segment that started the run is over; another stay has a run of its own.

    A membership found by a backfill, or after people were divided, does not tell when the stay began.
    """
    flow, run = run_situation.flow, run_situation.run
    if not flow.segment or flow.on != "enter":
        return False
    if flow.segment not in ruleset.catalogue.active:
        # The flow starts by another segment now, so memberships in this one are no longer stored.
        return not holds(evaluate(run_situation.person.state, ruleset.catalogue, now, [flow.segment])[flow.segment])
    membership = run_situation.person.state.memberships.get(flow.segment)
    return membership is None or (membership.cause != "backfill" and membership.since > run.since)


def _sent_today(person: CurrentPerson, messages: Iterable[Message], now: int) -> int:
    own = {person.profile, *person.attributes.absorbed}
    return sum(
        message.profile in own and message.state in ("sent", "claimed") and message.at > now - DAY
        for message in messages
    )
