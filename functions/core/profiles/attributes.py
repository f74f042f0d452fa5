"""The attributes of a profile: identifiers, traits, consent and suppression.

Every field is a join (least upper bound) of the events' statements, so that any order, repetition or merge of events
gives the same attributes. Times are seconds UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from functions.core.base.events import Consent, Event
from functions.core.base.identity import Span, within
from functions.core.profiles.records import ProfileAttributes, Trait
from functions.core.timelines.entry import STRICTNESS
from functions.core.timelines.matching import tie

Statement = TypeVar("Statement", bound=str)


def apply(attributes: ProfileAttributes, events: Iterable[Event]) -> ProfileAttributes:
    """The attributes with the statements of these events joined in; order and repetition do not matter."""
    for event in events:
        attributes = merge(attributes, _statements(event))
    return attributes


def _statements(event: Event) -> ProfileAttributes:
    return ProfileAttributes(
        profile="",
        identifiers=frozenset(event.identifiers),
        traits={
            name: Trait(value, event.time, event.source, tie(event))
            for name, value in event.traits.items()
            if value is not None
        },
        consent=dict.fromkeys(event.identifiers, (event.consent, event.time)) if event.consent else {},
        suppression={
            name: (event.suppression, event.time)
            for name in event.identifiers
            if event.suppression and name.startswith("email:")
        },
        first_seen=event.time,
    )


def merge(attributes: ProfileAttributes, other: ProfileAttributes) -> ProfileAttributes:
    """Join the attributes of two profiles that are one person; the result has the first one's profile and version."""
    return replace(
        attributes,
        identifiers=attributes.identifiers | other.identifiers,
        traits=_later(attributes.traits, other.traits),
        consent=_join(attributes.consent, other.consent, key=lambda answer: (answer[1], STRICTNESS[answer[0]])),
        # A complaint outweighs a bounce, and neither is ever taken back by a later event.
        suppression=_join(
            attributes.suppression, other.suppression, key=lambda answer: (answer[0] == "complaint", -answer[1])
        ),
        absorbed=attributes.absorbed | other.absorbed,
        parted=attributes.parted | other.parted,
        first_seen=min(filter(None, (attributes.first_seen, other.first_seen)), default=0),
        spans={
            **attributes.spans,
            **{name: _union(attributes.spans.get(name, ()), spans) for name, spans in other.spans.items()},
        },
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


def logged_in(attributes: ProfileAttributes, name: str, time: int) -> ProfileAttributes:
    """The attributes with a span added: the shared identifier is theirs from ``time`` until their next span begins.

    If it is theirs at that time already, the attributes stay as they are.
    """
    if owns(attributes, name, time):
        return attributes
    following = min((begin for begin, _ in attributes.spans[name] if begin > time), default=None)
    return replace(attributes, spans={**attributes.spans, name: _union(attributes.spans[name], [(time, following)])})


def _later(ours: Mapping[str, Trait], theirs: Mapping[str, Trait]) -> dict[str, Trait]:
    return _join(ours, theirs, key=lambda trait: (trait.time, trait.tie, str(trait.value)))


def _join(ours: Mapping[str, Any], theirs: Mapping[str, Any], key: Any) -> dict[str, Any]:
    joined = dict(ours)
    for name, value in theirs.items():
        if name not in joined or key(value) > key(joined[name]):
            joined[name] = value
    return joined


def consent(attributes: ProfileAttributes) -> Consent | None:
    """The strictest of the latest answers of all identifiers; None if there is no answer."""
    answers = [answer for answer, _ in attributes.consent.values()]
    return max(answers, key=lambda answer: STRICTNESS[answer], default=None)


def addresses(attributes: ProfileAttributes) -> list[str]:
    """The person's e-mail addresses: first the one in the trait ``email``, then the others alphabetically."""
    emails = sorted(name.partition(":")[2] for name in attributes.identifiers if name.startswith("email:"))
    trait = attributes.traits.get("email")
    latest = str(trait.value).strip().lower() if trait else ""
    return sorted(emails, key=lambda address: (address != latest, address))


Objection = Literal["no address", "unsubscribed", "suppressed", "consent pending", "no consent recorded"]


def objection(attributes: ProfileAttributes, address: str | None, *, implied: bool) -> Objection | None:
    """The reason why marketing may not be sent to this person at this address; None if it may (law 10).

    ``implied`` is True if consent is assumed for people who have not answered.
    """
    if address is None:
        return "no address"
    if f"email:{address}" in attributes.suppression:
        return "suppressed"
    answer = consent(attributes)
    if answer == "unsubscribed":
        return "unsubscribed"
    if answer == "pending":
        return "consent pending"
    return None if answer == "subscribed" or implied else "no consent recorded"
