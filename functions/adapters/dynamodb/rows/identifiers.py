"""Rows of the table ``identifiers``: the profile to which an identifier leads.

pk  identifier
p   profile
f   when it was first seen   s   source
o   whose it was since when, if several had it: [{t since, p profile or account}]
x   true if too many had it
sh  of the release before ``o``: with which accounts the first owner had not joined, and since when; only read
"""

from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.core.profiles.records import Pointer

TABLE = "identifiers"
IDENTIFIER, PROFILE, FIRST_SEEN, SOURCE, OWNERS, PUBLIC = "pk", "p", "f", "s", "o", "x"
OWNED_SINCE, OWNER = "t", "p"
BLOCKED = "sh"

# Two folds that meet a new name at once would each make a profile of it, and the person would be two. The pointer is
# written before the profile: one of them writes it, the other one is refused, reads where the name leads now, and
# merges. A pointer that leads to the same profile may be written again, so a fold that comes again does no harm.
# Only whoever has merged or divided profiles lets a name lead elsewhere, without this condition: the profiles are
# written by then, each under its version, and whoever read the old pointer finds a tombstone or another version there.
LEADS_NOWHERE_ELSE = f"attribute_not_exists(#{IDENTIFIER}) OR #{PROFILE} = :p"


def key(identifier: str) -> Item:
    """The key of an identifier's row."""
    return {IDENTIFIER: text(identifier)}


def leads_to(profile: str) -> Item:
    """The placeholder values of the condition ``LEADS_NOWHERE_ELSE``."""
    return {":p": text(profile)}


def to_item(pointer: Pointer) -> Item:
    """Encode the row of a pointer."""
    item = key(pointer.identifier) | {
        PROFILE: text(pointer.profile),
        FIRST_SEEN: number(pointer.first_seen),
        SOURCE: text(pointer.source),
    }
    if pointer.owners:
        owners = [{"M": {OWNED_SINCE: number(since), OWNER: text(owner)}} for since, owner in pointer.owners]
        item[OWNERS] = {"L": owners}
    if pointer.public:
        item[PUBLIC] = {"BOOL": True}
    return item


def from_item(item: Item) -> Pointer:
    """Decode the pointer of a row."""
    profile = string(item, PROFILE)
    return Pointer(
        identifier=string(item, IDENTIFIER),
        profile=profile,
        first_seen=integer(item, FIRST_SEEN),
        source=string(item, SOURCE),
        owners=_owners(item) if OWNERS in item else _of_blocked(item, profile),
        public=PUBLIC in item,
    )


def _owners(item: Item) -> tuple[tuple[int, str], ...]:
    rows = [row["M"] for row in item[OWNERS]["L"]]
    return tuple((integer(row, OWNED_SINCE), string(row, OWNER)) for row in rows)


def _of_blocked(item: Item, profile: str) -> tuple[tuple[int, str], ...]:
    """The owners, decoded from a previous release's row: accounts the first owner had not joined, since when."""
    blocked = dict(item.get(BLOCKED, {"M": {}})["M"])
    since = sorted((integer(blocked, account), account) for account in blocked)
    return ((0, profile), *since) if since else ()
