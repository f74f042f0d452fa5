"""What is kept and read of one person at most, whoever sends it.

A profile's attributes are one row of DynamoDB, which holds 400 KB: one that grew beyond that could never be written
again. So each field has a limit, and their sum fits in a row (``WHOLE``). What a field has no room for stays in the
log; names under which events lie, which an erasure has to find, go to rows of their own besides (``leaving``).

What is kept is a function of the set of statements and of nothing else. Each field is ordered by a weight that only
grows with further statements, and kept from the heaviest on until its bytes are used up. Whatever does not fit then
never fits again unless it becomes heavier itself, so that order, repetition and merging do not matter. Bytes are those
of the row's JSON before it is compressed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, get_args

from functions.core.base import json_text
from functions.core.base.events import Suppression
from functions.core.base.identity import Span, account_of, is_strong
from functions.core.profiles.records import Link, LinkKind, ProfileAttributes, Trait
from functions.core.timelines import consents

# The most traits of a person, and the most bytes of one with its name.
MOST_TRAITS = 100
MOST_TRAIT_BYTES = 2_000
# The bytes of each field of the attributes; the entry that exceeds them is the last one that is kept.
IDENTIFIER_BYTES = 60_000
VISITED_BYTES = 10_000
ADDRESS_BYTES = 10_000
SUPPRESSION_BYTES = 10_000
CONSENT_BYTES = 12_000
# The bytes of the spans of all devices and carts that one person shares with others.
SPAN_BYTES = 30_000
# The most absorbed profiles, and the most that a person was divided from.
MOST_PROFILES = 500

# The key, in a person's suppression, of all addresses together, once there are too many to be kept one by one.
EVERY_ADDRESS = consents.EVERY_ADDRESS

# The most bytes that an identifier takes: 512 of its value, each of which JSON may escape with six, and its namespace.
LONGEST_NAME = 6 * 512 + 40
# The bytes that each field's entry takes in a row beside its name: times, marks, brackets and commas.
BESIDE_TRAIT = 80
BESIDE_IDENTIFIER = 14
BESIDE_VISITED = 1
BESIDE_ADDRESS = 20
BESIDE_SUPPRESSION = 30
BESIDE_CONSENT = 56
BESIDE_SPAN = 28
PROFILE_BYTES = 23
# Names of fields, the key, the version, when the person was first seen, and the limits that were reached.
FRAME = 1_000

# What the attributes of a person take at most.
WHOLE = (
    MOST_TRAITS * (MOST_TRAIT_BYTES + BESIDE_TRAIT)
    + sum((IDENTIFIER_BYTES, VISITED_BYTES, ADDRESS_BYTES, SUPPRESSION_BYTES, CONSENT_BYTES))
    + 5 * (LONGEST_NAME + BESIDE_CONSENT)
    + SPAN_BYTES
    + 2 * MOST_PROFILES * PROFILE_BYTES
    + FRAME
)


Suppressed = tuple[Suppression, int]


# Those whose rest lies in rows of its own.
LINKED: frozenset[LinkKind] = frozenset(get_args(LinkKind))


def fits(name: str, value: Any) -> bool:
    """True if the trait is short enough to be kept."""
    return json_text.size(name) + json_text.size(value) <= MOST_TRAIT_BYTES


def weight(trait: Trait) -> tuple[Any, ...]:
    """How much a statement of a trait weighs: the trust of who stated it, then when that was."""
    return trait.rank, trait.time, trait.tie, str(trait.value)


def has_links(attributes: ProfileAttributes) -> bool:
    """True if some of the person's names lie in rows of their own."""
    return not attributes.limits.isdisjoint(LINKED)


def within_row(attributes: ProfileAttributes) -> ProfileAttributes:
    """The attributes with no more in any field than a row has room for."""
    kept: dict[str, Any] = {
        "traits": _weightiest(attributes.traits),
        "identifiers": _sized(attributes.identifiers, _earliest(attributes), BESIDE_IDENTIFIER, IDENTIFIER_BYTES),
        "visited": _sized(attributes.visited, str, BESIDE_VISITED, VISITED_BYTES),
        "namings": _named_last(attributes),
        "suppression": _suppressed(attributes.suppression),
        "consent": _consented(attributes.consent),
        "absorbed": _counted(attributes.absorbed),
        "parted": _counted(attributes.parted),
    }
    changed = {name: value for name, value in kept.items() if value is not getattr(attributes, name)}
    if not changed:
        return attributes
    leaving = frozenset(
        Link(kind, name, attributes.since.get(name, 0) if kind == "identifiers" else 0)
        for kind in LINKED
        for name in getattr(attributes, kind) - changed.get(kind, getattr(attributes, kind))
    )
    since = attributes.since
    if "identifiers" in changed:
        since = {name: since[name] for name in changed["identifiers"] if name in since}
    return replace(
        attributes,
        **changed,
        since=since,
        limits=attributes.limits | changed.keys(),
        leaving=attributes.leaving | leaving,
    )


def _weightiest(traits: Mapping[str, Trait]) -> Mapping[str, Trait]:
    """The public displaces nothing that somebody trusted stated: the weight begins with the trust."""
    if len(traits) <= MOST_TRAITS:
        return traits
    ordered = sorted(traits, key=lambda name: (weight(traits[name]), name), reverse=True)
    return {name: traits[name] for name in ordered[:MOST_TRAITS]}


def _earliest(attributes: ProfileAttributes) -> Callable[[str], Any]:
    """Accounts and addresses come first, then whatever was known first: a time that only becomes earlier."""
    return lambda name: (not is_strong(name), account_of(name) is None, attributes.since.get(name, 0), name)


def _named_last(attributes: ProfileAttributes) -> Mapping[str, Any]:
    namings = attributes.namings
    if _size(namings, BESIDE_ADDRESS) <= ADDRESS_BYTES:
        return namings
    ordered = sorted(namings, key=lambda address: (*(-part for part in namings[address]), address))
    kept = _prefix(ordered, BESIDE_ADDRESS, ADDRESS_BYTES)
    return namings if len(kept) == len(namings) else {address: namings[address] for address in kept}


def _suppressed(suppression: Mapping[str, Suppressed]) -> Mapping[str, Suppressed]:
    """What was said of each address, or of all together: then nothing is ever sent to any of them."""
    if suppression.keys() == {EVERY_ADDRESS} or not _are_too_many(suppression, BESIDE_SUPPRESSION, SUPPRESSION_BYTES):
        return suppression
    return {EVERY_ADDRESS: max(suppression.values(), key=lambda said: (said[0] == "complaint", -said[1]))}


def _consented(consent: Mapping[str, consents.Statements]) -> Mapping[str, consents.Statements]:
    if consents.is_together(consent) or not _are_too_many(consent, BESIDE_CONSENT, CONSENT_BYTES):
        return consent
    return consents.together(consent)


def _are_too_many(entries: Mapping[str, Any], beside: int, most: int) -> bool:
    """True if the entries do not fit one by one, or did not before."""
    return EVERY_ADDRESS in entries or _size(entries, beside) > most


def _sized(names: frozenset[str], order: Callable[[str], Any], beside: int, most: int) -> frozenset[str]:
    if _size(names, beside) <= most:
        return names
    kept = _prefix(sorted(names, key=order), beside, most)
    return names if len(kept) == len(names) else frozenset(kept)


def _counted(profiles: frozenset[str]) -> frozenset[str]:
    return profiles if len(profiles) <= MOST_PROFILES else frozenset(sorted(profiles)[:MOST_PROFILES])


def _prefix(names: Iterable[str], beside: int, most: int) -> list[str]:
    """The names up to the first one with which they take ``most`` bytes."""
    kept, taken = list[str](), 0
    for name in names:
        if taken >= most:
            break
        kept.append(name)
        taken += json_text.size(name) + beside
    return kept


def _size(names: Collection[str], beside: int) -> int:
    return sum(map(json_text.size, names)) + beside * len(names)


def spans_size(spans: Mapping[str, Collection[Span]]) -> int:
    """About how many bytes the spans of shared devices and carts take."""
    return sum(json_text.size(name) + BESIDE_SPAN * (len(several) + 1) for name, several in spans.items())
