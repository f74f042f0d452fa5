"""Rows of the table ``revocations``: tokens of the API that were taken back.

pk  token#<id>   ttl  when the token ends anyway
pk  issued       t    every token that was issued up to then
"""

from typing import NamedTuple

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, integer, number, string, text

TABLE = "revocations"
ID, UNTIL, EXPIRY = "pk", "t", "ttl"
_TOKEN, _ISSUED = "token#", "issued"

# Two may take tokens back at once: the later instant stays.
LATER = f"{ABSENT} OR #{UNTIL} < :until"


class Revocation(NamedTuple):
    """The token of an id, taken back until it ends; without an id all that were issued up to then (seconds UTC)."""

    token: str | None
    until: int


def key(token: str | None) -> Item:
    """The key of a token's row, or of the instant up to which all were taken back."""
    return {ID: text(_ISSUED if token is None else f"{_TOKEN}{token}")}


def to_item(revocation: Revocation) -> Item:
    """Encode the row."""
    name = UNTIL if revocation.token is None else EXPIRY
    return key(revocation.token) | {name: number(revocation.until)}


def from_item(item: Item) -> Revocation:
    """Decode the row."""
    name = string(item, ID)
    is_token = name.startswith(_TOKEN)
    return Revocation(name.removeprefix(_TOKEN) if is_token else None, integer(item, EXPIRY if is_token else UNTIL))


def than(revocation: Revocation) -> Item:
    """The placeholder values of the condition ``LATER``."""
    return {":until": number(revocation.until)}


def covers(revocation: Revocation, issued: int) -> bool:
    """True if the row takes back a token of its id, or one that was issued then."""
    return revocation.token is not None or issued <= revocation.until
