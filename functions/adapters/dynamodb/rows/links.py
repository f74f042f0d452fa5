"""Rows of the table ``profiles`` that hold one name each for which a profile's attributes have no room.

pk    profile
part  "+", the kind, "#" and the name: an identifier, an identifier of others, or a profile
t     since when, of an identifier

A row is written before the attributes that leave its name out, and again with each event that names it. It goes with
the profile. A name that has become another profile's since then leads there by its pointer, which decides.
"""

from typing import cast

from functions.adapters.dynamodb.rows.attributes import PART, PROFILE
from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.core.profiles.records import Link, LinkKind

TABLE = "profiles"
SINCE = "t"
# Sorts before the parts "attributes" and "state", which a query of links leaves out.
_MARK = "+"

OF_PROFILE = f"#{PROFILE} = :pk AND begins_with(#{PART}, :mark)"
KEYS_ALONE = f"#{PROFILE}, #{PART}"


def of_profile(profile: str) -> Item:
    """The placeholder values of the key condition ``OF_PROFILE``."""
    return {":pk": text(profile), ":mark": text(_MARK)}


def key(profile: str, link: Link) -> Item:
    """The key of a link's row."""
    return {PROFILE: text(profile), PART: text(f"{_MARK}{link.kind}#{link.name}")}


def to_item(profile: str, link: Link) -> Item:
    """Encode the row of a link."""
    item = key(profile, link)
    return item | {SINCE: number(link.since)} if link.since else item


def from_item(item: Item) -> Link:
    """Decode the link of a row."""
    kind, _, name = string(item, PART).removeprefix(_MARK).partition("#")
    return Link(cast(LinkKind, kind), name, integer(item, SINCE))
