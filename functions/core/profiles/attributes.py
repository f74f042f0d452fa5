"""What is known of a person beyond behaviour: names, traits, consent, suppression.

Every field is the join of statements, so that any order, repetition or merge of events gives the same card.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from functions.core.base.events import Consent, Event
from functions.core.base.identity import Span, within
from functions.core.profiles.records import Card, Trait
from functions.core.timelines.entry import STRICTNESS
from functions.core.timelines.matching import tie

Statement = TypeVar("Statement", bound=str)


def apply(card: Card, events: Iterable[Event]) -> Card:
    """The card after these statements; their order and repetition do not matter."""
    for event in events:
        card = merge(card, _statements(event))
    return card


def _statements(event: Event) -> Card:
    return Card(
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


def merge(card: Card, other: Card) -> Card:
    """The card of one person who was known by two; keeps the first one's profile and version."""
    return replace(
        card,
        identifiers=card.identifiers | other.identifiers,
        traits=_later(card.traits, other.traits),
        consent=_join(card.consent, other.consent, key=lambda said: (said[1], STRICTNESS[said[0]])),
        # A complaint outweighs a bounce, and neither is ever taken back by a later event.
        suppression=_join(card.suppression, other.suppression, key=lambda said: (said[0] == "complaint", -said[1])),
        absorbed=card.absorbed | other.absorbed,
        parted=card.parted | other.parted,
        first_seen=min(filter(None, (card.first_seen, other.first_seen)), default=0),
        spans={**card.spans, **{name: _union(card.spans.get(name, ()), spans) for name, spans in other.spans.items()}},
    )


def _union(ours: Iterable[Span], theirs: Iterable[Span]) -> tuple[Span, ...]:
    """The spans of both, those that touch as one."""
    joined: list[Span] = []
    for begin, end in sorted({*ours, *theirs}, key=lambda span: span[0]):
        first, last = joined.pop() if joined else (begin, begin)
        if last is not None and begin > last:
            joined += [(first, last), (begin, end)]
        else:
            joined.append((first, None if last is None or end is None else max(last, end)))
    return tuple(joined)


def owns(card: Card, name: str, time: int) -> bool:
    """Whether what happened under this name alone at the time is the person's: always, unless others use it too."""
    return within(card.spans.get(name), time)


def logged_in(card: Card, name: str, time: int) -> Card:
    """The card of somebody who was seen with a shared name at the time: it is theirs until the next one's time."""
    if owns(card, name, time):
        return card
    following = min((begin for begin, _ in card.spans[name] if begin > time), default=None)
    return replace(card, spans={**card.spans, name: _union(card.spans[name], [(time, following)])})


def _later(ours: Mapping[str, Trait], theirs: Mapping[str, Trait]) -> dict[str, Trait]:
    return _join(ours, theirs, key=lambda trait: (trait.time, trait.tie, str(trait.value)))


def _join(ours: Mapping[str, Any], theirs: Mapping[str, Any], key: Any) -> dict[str, Any]:
    joined = dict(ours)
    for name, value in theirs.items():
        if name not in joined or key(value) > key(joined[name]):
            joined[name] = value
    return joined


def consent(card: Card) -> Consent | None:
    """The strictest of the latest answers that each identifier gave; None when nobody was asked."""
    answers = [said for said, _ in card.consent.values()]
    return max(answers, key=lambda said: STRICTNESS[said], default=None)


def addresses(card: Card) -> list[str]:
    """The person's addresses: the one stated last as a trait first, then by name."""
    known = sorted(name.partition(":")[2] for name in card.identifiers if name.startswith("email:"))
    stated = card.traits.get("email")
    latest = str(stated.value).strip().lower() if stated else ""
    return sorted(known, key=lambda address: (address != latest, address))


Objection = Literal["no address", "unsubscribed", "suppressed", "consent pending", "no consent recorded"]


def objection(card: Card, address: str | None, *, implied: bool) -> Objection | None:
    """Why marketing may not be sent to this person at this address; None when it may (law 10)."""
    if address is None:
        return "no address"
    if f"email:{address}" in card.suppression:
        return "suppressed"
    answer = consent(card)
    if answer == "unsubscribed":
        return "unsubscribed"
    if answer == "pending":
        return "consent pending"
    return None if answer == "subscribed" or implied else "no consent recorded"
