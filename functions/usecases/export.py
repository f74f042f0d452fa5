"""Export the members of a segment: a job finds them, and their rows are written out as they are read.

What is stored is whom the job found, by id. What is said of them is that of the moment at which it is read, so an
address is told with today's consent, and whoever was erased since is not told at all.
"""

from typing import Any

from functions.core.answers import exports
from functions.core.answers.exports import Columns
from functions.core.answers.pages import carried
from functions.core.base.errors import Fault, Malformed, NotFound
from functions.core.base.limits import LARGEST_ANSWER
from functions.core.jobs.records import Job, JobPlace
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.stored import StoredProfiles
from functions.usecases import found_people, jobs
from functions.usecases.context import Context
from functions.usecases.erased_people import ErasedPeople
from functions.usecases.members import definition_of, saved_condition
from functions.usecases.questions import Question
from functions.usecases.stored_profiles import follow

KIND = "export"
# People who are read together.
TOGETHER = 100


def request(
    context: Context, name: str, columns: Columns, wanted: exports.Format, at: int | None, author: str = ""
) -> Job:
    """The job that finds the members at the instant (seconds UTC), or now; raises NotFound or TooMany."""
    told = {"format": wanted, "traits": list(columns.traits), "addresses": columns.addresses}
    instant = context.now if at is None else at
    question = Question(KIND, instant, [saved_condition(name, context.ruleset)], [name], told)
    subject = f"export of segment {name}" + (" with e-mail addresses" if columns.addresses else "")
    about = jobs.About(subject, author, *definition_of(context, name), dated=at is not None)
    return jobs.request(context, question, about)


def page(context: Context, job_id: str, start: str | None, limit: int) -> dict[str, Any]:
    """Rows of the people whom the job found, from the place on that the page before named.

    Two people who have become one since are one row of a page; on several pages they have the same id. Raises NotFound
    or Malformed.
    """
    job, told = _done(context, job_id)
    columns, wanted = Columns(told["traits"], told["addresses"]), told["format"]
    place = found_people.place(job, start) if start is not None else JobPlace()
    rows, left, size = dict[str, str](), limit, 0
    erased = ErasedPeople(context, job)
    following: JobPlace | None = place
    while following is not None and left > 0 and size < LARGEST_ANSWER:
        place, (ids, following) = following, found_people.found(context, job.id, following, min(left, TOGETHER))
        left -= len(ids)
        people = _living(context, erased.without(ids))
        for passed, profile in enumerate(ids):
            attributes = people.get(profile)
            if attributes is None or attributes.profile in rows or attributes.profile in erased:
                continue
            row = exports.row(wanted, columns, attributes)
            size += carried(row)
            if size > LARGEST_ANSWER and passed + (limit - left - len(ids)):
                following = found_people.found(context, job.id, place, passed)[1] if passed else place
                break
            rows[attributes.profile] = row
    return {
        "head": exports.head(wanted, columns),
        "rows": list(rows.values()),
        "people": list(rows),
        "next": found_people.written(job, following),
    }


def _done(context: Context, job_id: str) -> tuple[Job, Any]:
    """The job and what its rows tell; raises NotFound for none that exports, and Malformed until it is done."""
    job = jobs.get(context, job_id)
    question = context.ports.jobs.question(job_id)
    if job.kind != KIND or question is None:
        raise NotFound(Fault("the job exports nothing", "id"))
    if job.state != "done":
        raise Malformed(Fault(f"the job is {job.state}; it has rows once it is done", "id"))
    return job, question["told"]


def _living(context: Context, ids: list[str]) -> dict[str, ProfileAttributes]:
    """By the id that the job found: the attributes of whoever that is now; without those who are no more."""
    stored = follow(context, StoredProfiles({}, {}, {}), set(ids), set(), with_attributes=True, fresh=True)
    now = {profile: stored.living(profile) for profile in ids}
    return {
        profile: stored.attributes[living]
        for profile, living in now.items()
        if living in stored.states and living in stored.attributes
    }
