"""Rows of the table ``profiles``, part ``attributes``: a profile's attributes, what is known of the person.

pk    profile
part  "attributes"
v     version
b     the rest, packed: i identifiers  t traits, each [value, time, source, tie]  f when first seen
      c consent: [last yes, pending, no, 1 if a yes is undated, last no of somebody trusted if any] by identifier
      x suppression: [the statement, when] by identifier
      a absorbed profiles  p profiles it was divided from  d spans, each [from, before], by identifier
      w when each identifier was first named with others, in the order of i; 0 if unknown
      o identifiers of others that events of this person name
      l names of the limits that something was left out at; names that had no room are rows of ``links.py``
      j the last day on which addresses or accounts joined, and how many
h     true for a visitor who has no profile yet
"""

from typing import Any

from functions.adapters.dynamodb.values import Item, binary, integer, raw, string, text
from functions.adapters.dynamodb.versioned import VERSION
from functions.adapters.packing import pack, unpack
from functions.core.profiles.records import Naming, ProfileAttributes, Trait
from functions.core.timelines.consents import NEVER, Statements

TABLE = "profiles"
PROFILE, PART, PACKED = "pk", "part", "b"
# A key cannot be renamed in place: from the first release on, every release has to find what the others wrote.
ATTRIBUTES = "attributes"
IDENTIFIERS, TRAITS, CONSENT, SUPPRESSION, NAMINGS = "i", "t", "s", "x", "n"
ABSORBED, PARTED, FIRST_SEEN, SPANS, SINCE, VISITED, LIMITS = "a", "p", "f", "d", "w", "o", "l"
HELD, JOINED = "h", "j"


def key(profile: str) -> Item:
    """The key of a profile's attributes."""
    return {PROFILE: text(profile), PART: text(ATTRIBUTES)}


def to_item(attributes: ProfileAttributes) -> Item:
    """Encode the row without its version, which the writer adds."""
    body = {
        IDENTIFIERS: sorted(attributes.identifiers),
        TRAITS: {name: list(trait) for name, trait in attributes.traits.items()},
        CONSENT: {name: _stated(said) for name, said in attributes.consent.items()},
        SUPPRESSION: {name: list(statement) for name, statement in attributes.suppression.items()},
        NAMINGS: {address: list(map(int, naming)) for address, naming in attributes.namings.items()},
        ABSORBED: sorted(attributes.absorbed),
        PARTED: sorted(attributes.parted),
        FIRST_SEEN: attributes.first_seen,
        SINCE: [attributes.since.get(name, 0) for name in sorted(attributes.identifiers)] if attributes.since else [],
        SPANS: {name: [list(span) for span in spans] for name, spans in attributes.spans.items()},
        VISITED: sorted(attributes.visited),
        LIMITS: sorted(attributes.limits),
        JOINED: list(attributes.joined) if attributes.joined[1] else [],
    }
    packed = {PACKED: binary(pack({name: value for name, value in body.items() if value}))}
    return key(attributes.profile) | packed | ({HELD: {"BOOL": True}} if attributes.held else {})


def _stated(said: Statements) -> list[int]:
    """The statements as whole numbers; few have a refusal of somebody trusted, which is the last."""
    return list(map(int, said if said.refused > NEVER else said[:-1]))


def from_item(item: Item) -> ProfileAttributes:
    """Decode the attributes of a row."""
    body: dict[str, Any] = unpack(raw(item[PACKED]))
    return ProfileAttributes(
        profile=string(item, PROFILE),
        identifiers=frozenset(body.get(IDENTIFIERS, ())),
        traits={name: Trait(*parts) for name, parts in body.get(TRAITS, {}).items()},
        consent={
            name: Statements(yes, pending, no, bool(undated), *refused)
            for name, (yes, pending, no, undated, *refused) in body.get(CONSENT, {}).items()
        },
        suppression={name: tuple(statement) for name, statement in body.get(SUPPRESSION, {}).items()},
        namings={
            address: Naming(rank, time, bool(stated)) for address, (rank, time, stated) in body.get(NAMINGS, {}).items()
        },
        absorbed=frozenset(body.get(ABSORBED, ())),
        parted=frozenset(body.get(PARTED, ())),
        first_seen=body.get(FIRST_SEEN, 0),
        spans={name: tuple((begin, end) for begin, end in spans) for name, spans in body.get(SPANS, {}).items()},
        since={name: time for name, time in zip(body.get(IDENTIFIERS, ()), body.get(SINCE, ()), strict=False) if time},
        visited=frozenset(body.get(VISITED, ())),
        limits=frozenset(body.get(LIMITS, ())),
        held=HELD in item,
        joined=tuple(body.get(JOINED, (0, 0))),
        version=integer(item, VERSION),
    )
