"""The attributes of a profile: identifiers, traits, consent and suppression.

Every field is a join (least upper bound) of the events' statements, so that any order, repetition or merge of events
gives the same attributes. Times are seconds UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import neg
from typing import Any, Literal

from functions.core.base.events import Consent, Event
from functions.core.base.identity import Span, anchor, is_address, within
from functions.core.base.trust import RANKS
from functions.core.profiles import bounds
from functions.core.profiles.namings import addresses, namings
from functions.core.profiles.records import ProfileAttributes, Trait
from functions.core.timelines import consents
from functions.core.timelines.matching import tie

__all__ = ("addresses", "apply", "belongs", "consent", "is_suppressed", "joined", "merge", "objection", "owns")


def apply(attributes: ProfileAttributes, events: Iterable[Event]) -> ProfileAttributes:
    """The attributes with the statements of these events joined in; order and repetition do not matter."""
    for event in events:
        attributes = joined(attributes, _statements(event))
    return bounds.within_row(attributes)


def _statements(event: Event) -> ProfileAttributes:
    stated = {name: value for name, value in event.traits.items() if value is not None}
    fitting = {name: value for name, value in stated.items() if bounds.fits(name, value)}
    return ProfileAttributes(
        profile="",
        identifiers=frozenset(event.identifiers),
        traits={
            name: Trait(value, event.time, event.source, tie(event), RANKS[event.trust])
            for name, value in fitting.items()
        },
        consent=consents.statements(event),
        suppression={
            name: (event.suppression, event.time)
            for name in event.identifiers
            if event.suppression and is_address(name)
        },
        first_seen=event.time,
        namings=namings(event),
        since=dict.fromkeys(event.identifiers, event.time) if len(event.identifiers) > 1 else {},
        limits=frozenset() if len(fitting) == len(stated) else frozenset({"trait_bytes"}),
    )


def merge(attributes: ProfileAttributes, other: ProfileAttributes) -> ProfileAttributes:
    """Join the attributes of two profiles that are one person; the result has the first one's profile and version."""
    return bounds.within_row(joined(attributes, other))


def joined(attributes: ProfileAttributes, other: ProfileAttributes) -> ProfileAttributes:
    """``merge`` without its limits; for reading, since the result may have no room in a row."""
    return replace(
        attributes,
        identifiers=attributes.identifiers | other.identifiers,
        traits=_join(attributes.traits, other.traits, key=bounds.weight),
        consent=consents.merge(attributes.consent, other.consent),
        # A complaint outweighs a bounce, and neither is ever taken back by a later event.
        suppression=_join(
            attributes.suppression, other.suppression, key=lambda answer: (answer[0] == "complaint", -answer[1])
        ),
        absorbed=attributes.absorbed | other.absorbed,
        parted=attributes.parted | other.parted,
        visited=attributes.visited | other.visited,
        first_seen=min(filter(None, (attributes.first_seen, other.first_seen)), default=0),
        spans={
            **attributes.spans,
            **{name: _union(attributes.spans.get(name, ()), spans) for name, spans in other.spans.items()},
        },
        namings=_join(attributes.namings, other.namings, key=tuple),
        since=_join(attributes.since, other.since, key=neg),
        limits=attributes.limits | other.limits,
        leaving=attributes.leaving | other.leaving,
    )


def _union(ours: Iterable[Span], theirs: Iterable[Span]) -> tuple[Span, ...]:
    """The union of both sets of spans, in order; spans that touch or overlap become one."""
    joined: list[Span] = []
    for begin, end in sorted({*ours, *theirs}, key=lambda span: span[0]):
        first, last = joined.pop() if joined else (begin, begin)
        if last is not None and begin > last:
            joined += [(first, last), (begin, end)]
        else:
            joined.append((first, None if last is None or end is None else max(last, end)))
    return tuple(joined)


def owns(attributes: ProfileAttributes, name: str, time: int) -> bool:
    """True if an event at this time that names only this identifier is the person's."""
    return within(attributes.spans.get(name), time)


def belongs(attributes: ProfileAttributes, event: Event) -> bool:
    """True if the event is about this person, by the identifier that says whose an event is."""
    name = anchor(event.identifiers)
    return name in attributes.identifiers and owns(attributes, name, event.time)


def _join(ours: Mapping[str, Any], theirs: Mapping[str, Any], key: Any) -> dict[str, Any]:
    joined = dict(ours)
    for name, value in theirs.items():
        if name not in joined or key(value) > key(joined[name]):
            joined[name] = value
    return joined


def consent(attributes: ProfileAttributes) -> Consent | None:
    """The person's answer about marketing e-mail; None if there is no answer."""
    return consents.answer(attributes.consent)


def is_suppressed(attributes: ProfileAttributes, address: str) -> bool:
    """True if nothing is sent to the address any more, or to any of the person's."""
    return not attributes.suppression.keys().isdisjoint((f"email:{address}", bounds.EVERY_ADDRESS))


Objection = Literal["no address", "unsubscribed", "suppressed", "consent pending", "no consent recorded"]


def objection(attributes: ProfileAttributes, address: str | None, *, implied: bool) -> Objection | None:
    """The reason why marketing may not be sent to this person at this address; None if it may (law 10).

    ``implied`` is True if consent is assumed for people who have not answered.
    """
    if address is None:
        return "no address"
    if is_suppressed(attributes, address):
        return "suppressed"
    answer = consent(attributes)
    if answer == "unsubscribed":
        return "unsubscribed"
    if answer == "pending":
        return "consent pending"
    return None if answer == "subscribed" or implied else "no consent recorded"
