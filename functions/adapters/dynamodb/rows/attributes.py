"""Rows of the table ``profiles``, part ``attributes``: a profile's attributes, what is known of the person.

pk    profile
part  "attributes"
v     version
b     the rest, packed: i identifiers  t traits, each [value, time, source, tie]  f when first seen
      c consent, x suppression: each [the statement, when] by identifier
      a absorbed profiles  p profiles it was divided from  d spans, each [from, before], by identifier
"""

from typing import Any

from functions.adapters.dynamodb.values import Item, binary, integer, raw, string, text
from functions.adapters.dynamodb.versioned import VERSION
from functions.adapters.packing import pack, unpack
from functions.core.profiles.records import ProfileAttributes, Trait

TABLE = "profiles"
PROFILE, PART, PACKED = "pk", "part", "b"
# A key cannot be renamed in place: from the first release on, every release has to find what the others wrote.
ATTRIBUTES = "attributes"
IDENTIFIERS, TRAITS, CONSENT, SUPPRESSION, ABSORBED, PARTED, FIRST_SEEN, SPANS = "i", "t", "c", "x", "a", "p", "f", "d"


def key(profile: str) -> Item:
    """The key of a profile's attributes."""
    return {PROFILE: text(profile), PART: text(ATTRIBUTES)}


def to_item(attributes: ProfileAttributes) -> Item:
    """Encode the row without its version, which the writer adds."""
    body = {
        IDENTIFIERS: sorted(attributes.identifiers),
        TRAITS: {name: [trait.value, trait.time, trait.source, trait.tie] for name, trait in attributes.traits.items()},
        CONSENT: {name: list(statement) for name, statement in attributes.consent.items()},
        SUPPRESSION: {name: list(statement) for name, statement in attributes.suppression.items()},
        ABSORBED: sorted(attributes.absorbed),
        PARTED: sorted(attributes.parted),
        FIRST_SEEN: attributes.first_seen,
        SPANS: {name: [list(span) for span in spans] for name, spans in attributes.spans.items()},
    }
    return key(attributes.profile) | {PACKED: binary(pack({name: value for name, value in body.items() if value}))}


def from_item(item: Item) -> ProfileAttributes:
    """Decode the attributes of a row."""
    body: dict[str, Any] = unpack(raw(item[PACKED]))
    return ProfileAttributes(
        profile=string(item, PROFILE),
        identifiers=frozenset(body.get(IDENTIFIERS, ())),
        traits={name: Trait(*parts) for name, parts in body.get(TRAITS, {}).items()},
        consent={name: tuple(statement) for name, statement in body.get(CONSENT, {}).items()},
        suppression={name: tuple(statement) for name, statement in body.get(SUPPRESSION, {}).items()},
        absorbed=frozenset(body.get(ABSORBED, ())),
        parted=frozenset(body.get(PARTED, ())),
        first_seen=body.get(FIRST_SEEN, 0),
        spans={name: tuple((begin, end) for begin, end in spans) for name, spans in body.get(SPANS, {}).items()},
        version=integer(item, VERSION),
    )
