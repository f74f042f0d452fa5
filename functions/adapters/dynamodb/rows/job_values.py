"""Rows of the table ``jobs``: what a job asks, and its answer.

pk   job#id     sk  "question" or "answer"
b    a JSON value, packed
ttl  when the row goes
"""

from typing import Any, NamedTuple

from functions.adapters.dynamodb.rows import jobs
from functions.adapters.dynamodb.values import Item, binary, raw, string, text
from functions.adapters.packing import pack, unpack

TABLE = jobs.TABLE
VALUE = "b"
QUESTION, ANSWER = "question", "answer"


class JobValue(NamedTuple):
    """A value of a job: ``name`` says which."""

    job: str
    name: str
    value: Any


def partition(job: str) -> Item:
    """The partition of what there is of a job beside its own row."""
    return {jobs.PARTITION: text(f"job#{job}")}


def key(job: str, name: str) -> Item:
    """The key of a value's row."""
    return partition(job) | {jobs.SORT: text(name)}


def to_item(value: JobValue, asked: int) -> Item:
    """Encode the row of a job that was asked then (seconds UTC)."""
    return key(value.job, value.name) | {VALUE: binary(pack(value.value)), **jobs.expires(asked)}


def from_item(item: Item) -> JobValue:
    """Decode the value of a row."""
    job = string(item, jobs.PARTITION).partition("#")[2]
    return JobValue(job, string(item, jobs.SORT), unpack(raw(item[VALUE])))
