"""Rows of the table ``erasures`` for shops that are to be erased: one row a shop.

pk  ``shop:<domain>``   a  when it was asked for   c  when it was confirmed   by  by whom
"""

from functions.adapters.dynamodb.calls import ABSENT, PRESENT
from functions.adapters.dynamodb.values import Item, integer, number, string, text
from functions.core.base.shop_erasure import ShopErasure

TABLE = "erasures"
KEY, ASKED, CONFIRMED, AUTHOR = "pk", "a", "c", "by"
PREFIX = "shop:"

# A request is delivered at least once: the first delivery says when the legal term began. A shop that was erased may
# come back and leave again.
NEW = f"{ABSENT} OR attribute_exists(#{CONFIRMED})"
CONFIRM, IS_THERE = f"SET #{CONFIRMED} = :at, #{AUTHOR} = :by", PRESENT


def key(shop: str) -> Item:
    """The key of a shop's row."""
    return {KEY: text(f"{PREFIX}{shop}")}


def to_item(shop: str, at: int) -> Item:
    """Encode the row of a new request."""
    return {**key(shop), ASKED: number(at)}


def confirmed(at: int, author: str) -> Item:
    """The placeholder values of the update ``CONFIRM``."""
    return {":at": number(at), ":by": text(author)}


def from_item(item: Item) -> ShopErasure:
    """Decode the request of a row."""
    return ShopErasure(
        shop=string(item, KEY).removeprefix(PREFIX),
        asked=integer(item, ASKED),
        confirmed=integer(item, CONFIRMED),
        author=string(item, AUTHOR),
    )
