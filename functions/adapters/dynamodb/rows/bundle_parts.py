"""Rows of the table ``definitions``: the parts of a bundle, which holds everything that is current.

pk       bundle#digest#part
version  "bundle"
b        the part's bytes
ttl      when it may be deleted (seconds UTC)

The digest is of the content, so a row never changes but for its end. Each part is a partition of its own: after a
publication every process of every function reads them within seconds, and one partition answers only so many.
"""

from typing import NamedTuple

from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, text

TABLE = "definitions"
PART, VERSION, BYTES, EXPIRES = "pk", "version", "b", "ttl"
_BUNDLE = "bundle"


class BundlePart(NamedTuple):
    """One part of the bundle with this digest, counted from 0; it may be deleted at ``expires`` (seconds UTC)."""

    digest: str
    number: int
    content: bytes
    expires: int


def key(digest: str, part: int) -> Item:
    """The key of a part's row."""
    return {PART: text(f"{_BUNDLE}#{digest}#{part}"), VERSION: text(_BUNDLE)}


def to_item(part: BundlePart) -> Item:
    """Encode the row of a part."""
    return key(part.digest, part.number) | {BYTES: binary(part.content), EXPIRES: number(part.expires)}


def from_item(item: Item) -> BundlePart:
    """Decode the row of a part."""
    _, digest, part = string(item, PART).split("#")
    return BundlePart(digest, int(part), raw(item[BYTES]), integer(item, EXPIRES))
