"""Rebuild all profiles from the log: what is lost is written anew, what is damaged is repaired, what is right stays.

A job goes through the log in segments side by side, page by page. A person comes up with the partition of each of their
identifiers and is worked on at that of the strongest, which is never empty; or at once, where rows are missing or do
not fit together. Nobody is written to for what was received before the job was asked for: it happened long ago.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from functions.core.base.errors import is_outage
from functions.core.base.events import Event
from functions.core.base.identity import primary, profile_id
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.refolds import RebuildSegment, RefoldPeople
from functions.core.jobs.records import Job
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.held_visitors import is_held
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.resolution import named_by
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import backfill, erasure_marks, jobs, links, profile_update, refresh_check, repartition
from functions.usecases.context import Context
from functions.usecases.fold import needs_attributes
from functions.usecases.park import Failed, park
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.side_by_side import each
from functions.usecases.stored_profiles import read

KIND = jobs.REBUILD


def request(context: Context, author: str) -> Job:
    """The job that rebuilds every profile: a new one, or the one that is at it; raises TooMany."""
    about = jobs.About("rebuild of all profiles from the log", author)
    job = jobs.plain(context, KIND, about, context.settings.backfill_lanes)
    return jobs.begin(context, job, None)


def rebuild(contexts: Callable[[], Context], task: RebuildSegment, late: Callable[[], bool]) -> int:
    """Go through the segment until it is done or ``late()``, then queue the rest; return how many people it was."""
    context = contexts()
    job, segment = context.ports.jobs.get(task.job), context.ports.jobs.segment(task.job, task.number)
    begun = segment.seen
    while job is not None and job.state == "open" and not segment.finished:
        log = context.ports.log
        page = log.received(0, job.asked, segment.place, lane=task.number, of=job.of)
        tally = _page(context, page.events, job.asked, segment.tally or {"last": "", "rebuilt": 0, "failed": 0})
        if page.next is None:
            # The row outlives the job's work by a week, and an erasure does not look into it.
            tally["last"] = ""
        people = len({event.identifier for event in page.events})
        segment = context.ports.jobs.go_on(job, segment.after(people, page.next, context.now, tally))
        if late() and not segment.finished:
            context.ports.queues.send([Dispatch(task)])
            return segment.seen - begun
        context = contexts()
    if job is not None and job.state == "open":
        _finish(context, job)
    return segment.seen - begun


def _finish(context: Context, job: Job) -> None:
    segments = context.ports.jobs.segments(job.id)
    if sum(one.finished for one in segments) == job.of:
        answer = {name: sum(one.tally[name] for one in segments) for name in ("rebuilt", "failed")}
        context.ports.jobs.close(job.close("done", context.now), answer)


def _page(context: Context, events: Sequence[Event], until: int, tally: dict[str, Any]) -> dict[str, Any]:
    """Rebuild whom the partitions that begin on this page lead to; return the tally with them.

    What fails for a reason of its own is parked, as fold parks it.
    """
    partitions = [(name, list(own)) for name, own in groupby(events, lambda event: event.identifier)]
    fresh = [(name, own) for name, own in partitions if name != tally["last"]]
    rebuilt: list[str] = []

    def work(lane: Context, partition: tuple[str, list[Event]]) -> None:
        if _partition(lane, *partition, until):
            rebuilt.append(partition[0])

    errors = each(context, fresh, work)
    for error in errors.values():
        if is_outage(error):
            raise error
    failed = {place: Failed(error, RefoldPeople((fresh[place][0],))) for place, error in errors.items()}
    for error in park(context, failed, len(fresh)).values():
        raise error
    return {
        "last": partitions[-1][0] if partitions else tally["last"],
        "rebuilt": tally["rebuilt"] + len(rebuilt),
        "failed": tally["failed"] + len(failed),
    }


def _partition(context: Context, name: str, events: list[Event], until: int) -> bool:
    """Rebuild or repair whom the identifier leads to, if it is their turn; True if that changed anything."""
    stored = read(context, [name], with_attributes=True, fresh=True)
    pointer = stored.pointers.get(name)
    if pointer is not None and pointer.public:
        return False
    profiles = [stored.living(profile) for profile in pointer.profiles] if pointer else []
    if any(is_held(profile, stored) for profile in profiles):
        return False
    if not profiles or not all(_is_whole(profile, name, stored) for profile in profiles):
        return _rebuild(context, name, events, until, stored)
    turns = [profile for profile in profiles if _is_turn(context, profile, name, stored)]
    return sum(_repair(context, profile) for profile in turns) > 0


def _is_whole(profile: str, name: str, stored: StoredProfiles) -> bool:
    """True if the profile has both of its rows, and they know the identifier."""
    attributes = stored.attributes.get(profile)
    is_known = attributes is not None and (name in attributes.identifiers or bool(attributes.limits))
    return is_known and stored.state_of(profile).version > 0


def _is_turn(context: Context, profile: str, name: str, stored: StoredProfiles) -> bool:
    """True if this is the person's strongest identifier, or the strongest leads elsewhere, so that it is no turn."""
    strongest = primary(stored.attributes_of(profile).identifiers | {name})
    if strongest == name:
        return True
    others = read(context, [strongest], with_attributes=False, fresh=True)
    pointer = others.pointers.get(strongest)
    return pointer is None or profile not in {others.living(one) for one in pointer.profiles}


def _rebuild(context: Context, name: str, events: list[Event], until: int, stored: StoredProfiles) -> bool:
    places, _ = erasure_marks.remaining(context, events, stored)
    if not places:
        return False
    lost = {profile for profile in stored.profiles_of(name) if profile not in stored.attributes}
    repartition.rebuild(context, [events[place] for place in places], until)
    if lost:
        _find_absorbed(context, name)
    return True


def _find_absorbed(context: Context, name: str) -> None:
    """Remember of a profile whose row was lost which others were merged into it: messages and runs lie under them.

    A profile's id is derived from an identifier, so these are looked for under all ids that the person may have had.
    """
    stored = read(context, [name], with_attributes=True, fresh=True)
    for profile in stored.profiles_of(name):
        attributes = stored.attributes_of(stored.living(profile))
        ids = {profile_id(one) for one in attributes.identifiers} - {attributes.profile} - attributes.absorbed
        absorbed = {one for one in ids if context.ports.runs.of(one) or context.ports.ledger.of(one)}
        if absorbed:
            _save(context, attributes, ProfileAttributes("", absorbed=frozenset(absorbed)))


def _save(context: Context, attributes: ProfileAttributes, more: ProfileAttributes) -> None:
    merged = profile_attributes.merge(attributes, more)
    links.write(context, merged)
    context.ports.people.save_attributes(merged)


def _repair(context: Context, profile: str) -> bool:
    """Join what the log says into the attributes, and compare the state with the log; True if either differed."""
    changed = retry_on_conflict(lambda: _attributes(context, profile), "rebuild", "the profile keeps changing")
    stored_state = context.ports.people.load((), [profile], fresh=True).states[profile]
    if engine.missing(context.ruleset.state(stored_state), context.ruleset.catalogue):
        backfill.update(context, stored_state)
        return True
    return refresh_check.check(context, stored_state) or changed


def _attributes(context: Context, profile: str) -> bool:
    attributes = context.ports.people.load((), [profile], with_attributes=True, fresh=True).attributes[profile]
    names = links.complete(context, attributes).identifiers
    history = profile_update.history(context, attributes)
    right = profile_attributes.apply(
        attributes, [named_by(names, event) for event in history if needs_attributes(event)]
    )
    if right == attributes:
        return False
    links.write(context, right)
    context.ports.people.save_attributes(right)
    return True
