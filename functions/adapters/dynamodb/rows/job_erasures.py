"""Rows of the table ``jobs``: who was erased, so that no job that had found them names them any more.

pk   "erased"   sk  ten digits of an instant, "#", salted hash of the profile's id; "*" for everybody
ttl  when the row goes: after every job that was asked for before the instant
"""

from typing import NamedTuple

from functions.adapters.dynamodb.rows import jobs
from functions.adapters.dynamodb.values import Item, number, string, text
from functions.core.jobs.records import KEPT

TABLE = jobs.TABLE
_ERASED = "erased"
# The rows of jobs may be there for days after their time.
_SLACK = 7 * 86_400

SINCE = f"#{jobs.PARTITION} = :pk AND #{jobs.SORT} >= :since"


class JobErasure(NamedTuple):
    """Somebody whom jobs that were asked for up to the instant (seconds UTC) do not name."""

    key: str
    at: int


def since(asked: int) -> Item:
    """The placeholder values of the key condition ``SINCE`` for a job that was asked then."""
    return {":pk": text(_ERASED), ":since": text(f"{asked:010d}")}


def to_item(erasure: JobErasure) -> Item:
    """Encode the row."""
    key = {jobs.PARTITION: text(_ERASED), jobs.SORT: text(f"{erasure.at:010d}#{erasure.key}")}
    return key | {jobs.EXPIRES: number(erasure.at + KEPT + _SLACK)}


def from_item(item: Item) -> JobErasure:
    """Decode the erasure of a row."""
    at, _, key = string(item, jobs.SORT).partition("#")
    return JobErasure(key, int(at))
