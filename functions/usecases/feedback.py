"""Pass what SES reports about our messages to the ledger."""

from collections.abc import Sequence
from dataclasses import replace

from functions.core.base.translation import Report, Translation
from functions.core.messages.confirmation import is_cause
from functions.usecases.context import Context


def about_known_messages(context: Context, translation: Translation) -> Translation:
    """The translation, without what is about a message that the ledger does not know.

    An erasure deletes the person's messages: an open of an old one would bring the address back. A bounce or complaint
    about a message of somebody else's still counts for an address that is known. Where an erasure divided people who
    had been one, a message may lie under the profile of whoever has its address.
    """
    if translation.message is None or not (translation.events or translation.reports):
        return translation
    profile, cause = translation.message
    if profile and cause and context.ports.ledger.get(profile, cause):
        return translation
    owners = _owners(context, translation)
    for owner in owners.values():
        if cause and context.ports.ledger.get(owner, cause):
            return replace(translation, reports=tuple(replace(each, profile=owner) for each in translation.reports))
    known = tuple(event for event in translation.events if event.suppression and event.identifier in owners)
    return replace(translation, events=known, reports=())


def about_people(translation: Translation) -> Translation:
    """The translation, with nothing but a bounce or complaint of an e-mail that asked for a confirmation.

    Nobody has proved that address yet, so that it was reached makes no person of it.
    """
    if translation.message is None or not is_cause(translation.message[1]):
        return translation
    return replace(translation, events=tuple(event for event in translation.events if event.suppression))


def _owners(context: Context, translation: Translation) -> dict[str, str]:
    """The profiles that the addresses of its events lead to, by address."""
    # Whoever takes requests of storefronts and SDKs starts without what reads people.
    from functions.usecases.stored_profiles import read

    names = sorted({name for event in translation.events for name in event.identifiers})
    stored = read(context, names, with_attributes=False, fresh=True) if names else None
    return {name: owner for name in names if stored and (owner := stored.profile_of(name))}


def tell(context: Context, reports: Sequence[Report], new: int) -> None:
    """Write each report to the ledger; opens and clicks are counted only if their event was new to the log."""
    for report in reports:
        if report.kind == "settle":
            context.ports.ledger.settle(report.profile, report.cause, report.ses_id, report.at)
        elif report.kind == "feedback":
            context.ports.ledger.report(report.profile, report.cause, report.text)
        elif new:
            context.ports.ledger.tally(report.profile, report.cause, report.kind)
