"""Rows of the table ``jobs``: who works on a segment of the scan, so that two invocations do not evaluate the same.

pk   "leases"   sk  number of the segment, "/", of how many
t    until when, which is also when the row goes ("ttl")
"""

from typing import NamedTuple

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.rows import jobs
from functions.adapters.dynamodb.values import Item, integer, number, string, text

TABLE = jobs.TABLE
UNTIL = "t"
_LEASES = "leases"

# Whoever had it may have died: a lease ends by itself.
FREE = f"{ABSENT} OR #{UNTIL} <= :now"


class JobLease(NamedTuple):
    """A segment of the scan that somebody has until the instant (seconds UTC)."""

    number: int
    of: int
    until: int


def key(segment: int, of: int) -> Item:
    """The key of a lease's row."""
    return {jobs.PARTITION: text(_LEASES), jobs.SORT: text(f"{segment}/{of}")}


def at(now: int) -> Item:
    """The placeholder values of the condition ``FREE``."""
    return {":now": number(now)}


def to_item(lease: JobLease) -> Item:
    """Encode the row."""
    return key(lease.number, lease.of) | {UNTIL: number(lease.until), jobs.EXPIRES: number(lease.until)}


def from_item(item: Item) -> JobLease:
    """Decode the lease of a row."""
    segment, _, of = string(item, jobs.SORT).partition("/")
    return JobLease(int(segment), int(of), integer(item, UNTIL))
