"""Rows of the table ``jobs``: the progress of a job in one segment of the scan.

pk   job#id     sk  "segment#" and four digits
n    pages      s  people seen     p  place to go on from    t  when a page was last done    f  whether it is finished
b    what was counted so far, a JSON value, packed
ttl  when the row goes
"""

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.rows import job_values, jobs
from functions.adapters.dynamodb.values import Item, binary, integer, number, raw, string, string_or_none, text
from functions.adapters.packing import pack, unpack
from functions.core.jobs.records import Job, JobSegment

TABLE = jobs.TABLE
PAGES, SEEN, PLACE, MOVED, FINISHED, TALLY = "n", "s", "p", "t", "f", "b"
_SEGMENT = "segment#"

# A message that comes twice may have two invocations on one segment. Counts are from its beginning and pages are passed
# in one order, so their number tells who is further; who is not goes on from what is stored.
BEHIND = f"{ABSENT} OR #{PAGES} < :n"
OF_JOB = f"#{jobs.PARTITION} = :pk AND begins_with(#{jobs.SORT}, :sk)"


def key(job: str, segment: int) -> Item:
    """The key of a segment's row."""
    return job_values.key(job, f"{_SEGMENT}{segment:04d}")


def of_job(job: str) -> Item:
    """The placeholder values of the key condition ``OF_JOB``."""
    return {":pk": job_values.partition(job)[jobs.PARTITION], ":sk": text(_SEGMENT)}


def pages(segment: JobSegment) -> Item:
    """The placeholder values of the condition ``BEHIND``."""
    return {":n": number(segment.pages)}


def to_item(job: Job, segment: JobSegment) -> Item:
    """Encode the row."""
    item = key(job.id, segment.number) | jobs.expires(job.asked)
    item |= {PAGES: number(segment.pages), SEEN: number(segment.seen), MOVED: number(segment.moved)}
    item |= {FINISHED: number(int(segment.finished)), TALLY: binary(pack(segment.tally))}
    if segment.place is not None:
        item[PLACE] = text(segment.place)
    return item


def from_item(item: Item) -> JobSegment:
    """Decode the segment of a row."""
    return JobSegment(
        number=int(string(item, jobs.SORT).partition("#")[2]),
        pages=integer(item, PAGES),
        seen=integer(item, SEEN),
        place=string_or_none(item, PLACE),
        moved=integer(item, MOVED),
        finished=bool(integer(item, FINISHED)),
        tally=unpack(raw(item[TALLY])),
    )
