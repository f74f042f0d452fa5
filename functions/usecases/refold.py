"""Fold from the log again: who is named, what was parked, or all that was received since an instant.

Folding twice changes nothing, so more may be folded than was missed. The log keeps what the stream has dropped.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from functions.core.base.chunks import chunks
from functions.core.base.errors import Fault, Malformed, as_ours
from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, identifier
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.refolds import RefoldPeople, RefoldReceived
from functions.usecases import links
from functions.usecases.context import Context
from functions.usecases.fold import fold_apart
from functions.usecases.park import Failed, park
from functions.usecases.stored_profiles import read

QUEUE = "refolds"
# Events that are folded together, as many as a batch of the stream has.
TOGETHER = 100
# Parked tasks that one request brings back.
BROUGHT_BACK = 100


def request_people(context: Context, written: Sequence[str]) -> dict[str, Any]:
    """Queue a refold of each of these identifiers, ``namespace:value``; raises Malformed for what is none."""
    names = [_identifier(text, place) for place, text in enumerate(written)]
    context.ports.queues.send([Dispatch(RefoldPeople((name,))) for name in dict.fromkeys(names)])
    return {"queued": len(set(names)), "more": False}


def _identifier(text: str, place: int) -> str:
    space, _, value = text.partition(":")
    if (name := identifier(space, value) if space in NAMESPACES else None) is None:
        suggestion = f"one of {', '.join(NAMESPACES)}"
        raise Malformed(Fault("not an identifier: namespace:value", f"identifiers.{place}", suggestion=suggestion))
    return name


def request_received(context: Context, since: int) -> dict[str, Any]:
    """Queue a refold of all that the log received since the instant (seconds UTC), in lanes that go side by side."""
    if since > context.now:
        raise Malformed(Fault("lies in the future", "since"))
    lanes = context.settings.backfill_lanes
    tasks = [RefoldReceived(since, context.now, lane, lanes) for lane in range(lanes)]
    context.ports.queues.send(list(map(Dispatch, tasks)))
    return {"queued": lanes, "more": False}


def request_parked(context: Context) -> dict[str, Any]:
    """Bring parked tasks back to their queue; ``more`` is true if others may be left."""
    count = context.ports.queues.bring_back(QUEUE, BROUGHT_BACK)
    return {"queued": count, "more": count == BROUGHT_BACK}


def refold_people(context: Context, task: RefoldPeople) -> int:
    """Fold everything in the log of the people who have the identifiers; return how many events they were."""
    stored = read(context, task.identifiers, with_attributes=True, fresh=True)
    people = [links.complete(context, each) for each in stored.attributes.values()]
    names = {*task.identifiers, *(name for each in people for name in each.identifiers)}
    several = context.ports.log.read_several(sorted(names))
    events = {event.id: event for partition in several.values() for event in partition}
    _fold(context, list(events.values()))
    return len(events)


def refold_received(contexts: Callable[[], Context], task: RefoldReceived, late: Callable[[], bool]) -> int:
    """Fold page after page until the lane is done or ``late()``, then queue the rest; return how many events."""
    count = 0
    while True:
        context = contexts()
        page = context.ports.log.received(task.since, task.until, task.start, lane=task.lane, of=task.of)
        _fold(context, page.events)
        count += len(page.events)
        if page.next is None:
            return count
        task = replace(task, start=page.next)
        if late():
            context.ports.queues.send([Dispatch(task)])
            return count


def _fold(context: Context, events: Iterable[Event]) -> None:
    """Fold them and park what fails for a reason of its own; raises what must be tried again."""
    for several in chunks(events, TOGETHER):
        failed = {
            place: Failed(error, RefoldPeople(several[place].identifiers))
            for place, error in fold_apart(context, several).items()
        }
        for error in park(context, failed, len(several)).values():
            raise as_ours(error)
