"""Rows of the table ``revocations``: tokens of the API that were taken back.

pk  token#<id>   ttl  when the token ends anyway
pk  issued       t    every token that was issued up to then
"""

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, integer, number, string, text

TABLE = "revocations"
ID, UNTIL, EXPIRY = "pk", "t", "ttl"
ISSUED: Item = {ID: text("issued")}

# Two may take tokens back at once: the later instant stays.
LATER = f"{ABSENT} OR #{UNTIL} < :t"


def key(token: str) -> Item:
    """The key of a token's row."""
    return {ID: text(f"token#{token}")}


def to_item(token: str, until: int) -> Item:
    """Encode the row of a token that was taken back."""
    return key(token) | {EXPIRY: number(until)}


def issued_item(until: int) -> Item:
    """Encode the row of the instant up to which all were taken back."""
    return ISSUED | {UNTIL: number(until)}


def covers(item: Item, issued: int) -> bool:
    """True if the row takes back a token of its id, or one that was issued then."""
    return string(item, ID) != "issued" or issued <= integer(item, UNTIL)
