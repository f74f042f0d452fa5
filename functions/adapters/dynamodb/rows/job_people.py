"""Rows of the table ``jobs``: the people whom a job found on one page of the scan.

pk   job#id     sk  "people#", four digits of the segment, "#", eight of the page
b    the ids of their profiles, packed
ttl  when the row goes
"""

from functions.adapters.dynamodb.rows import job_values, jobs
from functions.adapters.dynamodb.values import Item, binary, raw, string, text
from functions.adapters.packing import pack, unpack
from functions.core.jobs.records import Job, JobPage, JobPlace

TABLE = jobs.TABLE
PEOPLE = "b"
_PEOPLE = "people#"
_LAST = f"{_PEOPLE}~"

FROM_PLACE = f"#{jobs.PARTITION} = :pk AND #{jobs.SORT} BETWEEN :start AND :last"


def from_place(job: str, place: JobPlace) -> Item:
    """The placeholder values of the key condition ``FROM_PLACE``."""
    partition = job_values.partition(job)[jobs.PARTITION]
    return {":pk": partition, ":start": text(_sort(place.segment, place.page)), ":last": text(_LAST)}


def to_item(job: Job, page: JobPage) -> Item:
    """Encode the row."""
    key = job_values.key(job.id, _sort(page.segment, page.page))
    return key | {PEOPLE: binary(pack(list(page.people))), **jobs.expires(job.asked)}


def from_item(item: Item) -> JobPage:
    """Decode the page of a row."""
    segment, page = string(item, jobs.SORT).removeprefix(_PEOPLE).split("#")
    return JobPage(int(segment), int(page), unpack(raw(item[PEOPLE])))


def _sort(segment: int, page: int) -> str:
    return f"{_PEOPLE}{segment:04d}#{page:08d}"
