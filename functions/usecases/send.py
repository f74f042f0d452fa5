"""Send one e-mail for one cause, or say why not.

claim ──► SES ──► sent            the row is written before SES is called
  │        ├────► released        SES said that it did nothing: claimed again at the next try
  │        ├────► failed          SES will never take it
  │        └────► claimed         nobody knows: SES's own Send event settles it, or after SETTLE it is tried again
  └─ held                         the last look objected
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from functions.core import card as cards
from functions.core.catalogue import Loaded
from functions.core.errors import OutcomeUnknown, SendRefused, Unavailable, Unsendable
from functions.core.flows.flow import Flow, reached
from functions.core.ports import Ports
from functions.core.records import Message, MessageState, Run
from functions.settings import Settings
from functions.usecases.look import Look

if TYPE_CHECKING:
    from functions.usecases.letter import Letter

# How long SES's Send event is waited for before a claim of unknown outcome is tried again (seconds).
SETTLE = 900
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message. ``retry_at`` asks to come back; ``ends`` closes the run with the reason."""

    state: MessageState
    reason: str = ""
    retry_at: int | None = None
    ends: bool = False


def send(
    run: Run, step: int, flow: Flow, seen: Look, ports: Ports, settings: Settings, loaded: Loaded, now: int
) -> Outcome:
    """Take the step's message to SES once, whatever was tried before."""
    template = loaded.templates[flow.steps[step].template]
    cause = f"{flow.id}_{run.entry}_{step}"
    address = next(iter(cards.addresses(seen.card)), None)
    message = Message(seen.profile, cause, flow.id, flow.steps[step].template, "claimed", now, address=address or "")
    if known := _sent_before(seen, cause, ports):
        return Outcome(known.state, known.reason)
    if objection := _objection(run, flow, template, seen, address, ports, settings, loaded, now):
        return _close(replace(message, state="held", reason=objection.reason), objection.ends, ports, now)
    # Rendering brings libraries that a run which only waits does not need: they would double a cold start.
    from functions.usecases import letter

    try:
        draft = letter.write(run, flow, template, seen, message, ports, settings, now)
    except Unsendable as unable:
        return _close(replace(message, state="failed", reason=str(unable)), False, ports, now)
    return _claim_and_send(message, draft, ports, now)


def _sent_before(seen: Look, cause: str, ports: Ports) -> Message | None:
    """A message for this cause that was settled, under this profile or one that was merged into it."""
    for profile in sorted({seen.profile, *seen.card.absorbed}):
        known = ports.ledger.get(profile, cause)
        if known and (known.state in ("sent", "failed", "held") or profile != seen.profile):
            return known
    return None


@dataclass(frozen=True, slots=True)
class _Objection:
    reason: str
    ends: bool


def _objection(
    run: Run,
    flow: Flow,
    template: Mapping[str, Any],
    seen: Look,
    address: str | None,
    ports: Ports,
    settings: Settings,
    loaded: Loaded,
    now: int,
) -> _Objection | None:
    if reached(flow, seen.state, loaded.catalogue, run.entry, run.since):
        return _Objection(f"goal reached: {' or '.join(flow.goal)}", ends=True)
    if flow.segment and flow.on == "enter" and flow.segment not in seen.state.memberships:
        return _Objection(f"left {flow.segment}", ends=True)
    if template["kind"] == "transactional":
        unable = address is None or f"email:{address}" in seen.card.suppression
        return _Objection("no address" if address is None else "suppressed", ends=False) if unable else None
    # The run goes on: what its other steps send may be transactional, which a "no" to marketing does not mean.
    said = cards.objection(seen.card, address, implied=settings.consent_default == "implied")
    if said:
        return _Objection(said, ends=False)
    if _sent_today(seen, ports, now) >= settings.messages_per_day:
        return _Objection(f"{settings.messages_per_day} messages in a day already", ends=False)
    return None


def _sent_today(seen: Look, ports: Ports, now: int) -> int:
    return sum(
        message.state in ("sent", "claimed") and message.at > now - DAY
        for profile in {seen.profile, *seen.card.absorbed}
        for message in ports.ledger.of(profile)
    )


def _close(closed: Message, ends: bool, ports: Ports, now: int) -> Outcome:
    """Write down that nothing is sent, unless an earlier try may have reached SES."""
    known = ports.ledger.claim(closed)
    if known and (waiting := _unsettled(known, now)):
        return waiting
    if known and known.state in ("claimed", "released"):
        ports.ledger.save(replace(closed, attempt=known.attempt), expected=(known.state, known.attempt))
    return Outcome(closed.state, closed.reason, ends=ends)


def _claim_and_send(message: Message, draft: "Letter", ports: Ports, now: int) -> Outcome:
    message = replace(message, subject=draft.subject, reason=draft.reason)
    known = ports.ledger.claim(message)
    if known and known.state not in ("claimed", "released"):
        return Outcome(known.state, known.reason)
    if known and (waiting := _unsettled(known, now)):
        return waiting
    if known:
        message = replace(message, attempt=known.attempt + 1)
        ports.ledger.save(message, expected=(known.state, known.attempt))
    return _hand_over(message, draft, ports, now)


def _unsettled(known: Message, now: int) -> Outcome | None:
    """Come back later while an earlier call may still turn out to have reached SES."""
    if known.state != "claimed" or now >= known.at + SETTLE:
        return None
    return Outcome("claimed", "waiting for SES to say whether it has the message", known.at + SETTLE)


def _hand_over(message: Message, draft: "Letter", ports: Ports, now: int) -> Outcome:
    mine: tuple[MessageState, int] = ("claimed", message.attempt)
    try:
        ses_id = ports.mailer.send(draft.raw, {"profile": message.profile, "cause": message.cause})
    except OutcomeUnknown:
        return Outcome("claimed", "waiting for SES to say whether it has the message", now + SETTLE)
    except SendRefused as refused:
        failed = replace(message, state="failed", reason=f"SES refused it: {refused.code}")
        ports.ledger.save(failed, expected=mine)
        return Outcome("failed", failed.reason)
    except Unavailable:
        ports.ledger.save(replace(message, state="released"), expected=mine)
        raise
    ports.ledger.settle(message.profile, message.cause, ses_id, now)
    return Outcome("sent", message.reason)
