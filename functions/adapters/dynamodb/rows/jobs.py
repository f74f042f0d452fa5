"""Rows of the table ``jobs``: the jobs, those that are open in one partition and those that have ended in another.

pk   "open" or "ended"     sk  id, which begins with the time at which it was asked
k    kind      s  subject     d  digest of the question    u  who asked    t  when    i  the instant asked for
o    segments  a  people, about   n  kind/id of the definition that it is about    v  its version
e    state     z  when it ended    f  fault     (of an ended one)
r    when it was last taken up again after it had failed
ttl  when the row goes

What it asks and answers is in ``job_values.py``, how far it is in ``job_segments.py``, whom it found in
``job_people.py``, who of them was erased in ``job_erasures.py``, who works on a segment of the scan in
``job_leases.py``.
"""

from typing import get_args

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, integer, integer_or_none, number, string, text
from functions.core.jobs.records import KEPT, Job, JobState

TABLE = "jobs"
PARTITION, SORT, EXPIRES = "pk", "sk", "ttl"
OPEN, ENDED = "open", "ended"
KIND, SUBJECT, DIGEST, AUTHOR, ASKED, AT = "k", "s", "d", "u", "t", "i"
SEGMENTS, ABOUT, DEFINITION, VERSION, STATE, END, FAULT, RETRIED = "o", "a", "n", "v", "e", "z", "f", "r"

# A job ends once: two invocations that finish its last two segments both find it complete, and somebody may cancel it.
NEW = ABSENT
ALL = f"#{PARTITION} = :pk"


def key(job: str, *, is_open: bool) -> Item:
    """The key of a job's row."""
    return {PARTITION: text(OPEN if is_open else ENDED), SORT: text(job)}


def all_of(*, are_open: bool) -> Item:
    """The placeholder values of the key condition ``ALL``."""
    return {":pk": text(OPEN if are_open else ENDED)}


def expires(asked: int) -> Item:
    """The attribute by which a row of a job that was asked then goes."""
    return {EXPIRES: number(asked + KEPT)}


def to_item(job: Job) -> Item:
    """Encode the row."""
    item = key(job.id, is_open=job.state == "open") | {
        KIND: text(job.kind),
        SUBJECT: text(job.subject),
        DIGEST: text(job.digest),
        AUTHOR: text(job.author),
        ASKED: number(job.asked),
        AT: number(job.at),
        SEGMENTS: number(job.of),
        ABOUT: number(job.about),
        DEFINITION: text(job.definition),
        VERSION: number(job.version),
        **expires(job.asked),
    }
    if job.state != "open":
        item |= {STATE: text(job.state), END: number(job.ended or 0), FAULT: text(job.fault)}
    if job.retried is not None:
        item[RETRIED] = number(job.retried)
    return item


def from_item(item: Item) -> Job:
    """Decode the job of a row."""
    return Job(
        id=string(item, SORT),
        kind=string(item, KIND),
        subject=string(item, SUBJECT),
        digest=string(item, DIGEST),
        author=string(item, AUTHOR),
        asked=integer(item, ASKED),
        at=integer(item, AT),
        of=integer(item, SEGMENTS),
        about=integer(item, ABOUT),
        definition=string(item, DEFINITION),
        version=integer(item, VERSION),
        state=_state(string(item, STATE, OPEN)),
        ended=integer_or_none(item, END),
        fault=string(item, FAULT),
        retried=integer_or_none(item, RETRIED),
    )


def _state(stored: str) -> JobState:
    return next((state for state in get_args(JobState) if state == stored), "failed")
