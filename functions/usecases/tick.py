"""Queue the profiles and runs that fall due soon, each for its exact second.

    tick, every minute ──► the first page of every shard ──► "steps", "wakes"
                              └─ a shard that has more rows, or was not read or queued ──► "ticks"
    queue_shard, for each of these ──► page after page until it is done or late ──► the rest: "ticks"

Rows stay in their index until somebody has processed them. Two ticks at once, and a tick that is repeated, queue the
same rows again: processing twice is harmless. Progress is stored once all of a window was queued, so that nothing is
missed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from functions.core.base.chunks import chunks
from functions.core.base.errors import Conflict, Unavailable
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import AdvanceRun
from functions.core.base.tasks.ticks import QueueShard
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.flows import due_windows
from functions.core.flows.due_windows import MINUTE, Window, reached, windows
from functions.core.flows.records import Due, DueWindow
from functions.core.ports import People, Runs
from functions.usecases.context import Context

# What falls due sooner (seconds) is put on the queue by whoever finds it.
SOON = due_windows.SOON

# Steps go first: they are what people wait for.
TABLES = ("runs", "profiles")

# The most rows of a shard that the tick itself queues, and the rows of a page where a shard has more.
FIRST, PAGE = 100, 250
# Shards that are read and queued between two looks at the time that is left.
GROUP = 16

# A page that was not read or queued is tried again after so many seconds, and so often.
PAUSE, TRIES = 30, 20

# What is counted: rows that a sweep queued again, and rows that SQS will never take.
SWEPT, REFUSED = "TimersSwept", "TimersRefused"


def tick(context: Context, clock: Callable[[], int], late: Callable[[], bool]) -> int:
    """Queue what falls due in the windows of this tick; return how many rows.

    ``clock`` is the time (seconds UTC) as it goes on. Once ``late()``, shards are handed over without being read.
    """
    ports, count = context.ports, 0
    progress = ports.ticks.read()
    shards = max(progress.shards, context.settings.due_shards)
    for window in windows(progress, context.now):
        parts = [_part(window, shard, is_new=shard >= progress.shards) for shard in range(shards)]
        for table in TABLES:
            count += _begin(context, [QueueShard(table, *part, sweep=window.kind > 0) for part in parts], clock, late)
        try:
            progress = ports.ticks.save(reached(progress, window, context.now, shards))
        except Conflict:
            # Another tick reads the same windows.
            break
    return count


def _part(window: Window, shard: int, *, is_new: bool) -> DueWindow:
    """A shard's part of the window; of one that no tick has read before, all that is due."""
    return DueWindow(shard, 0 if is_new else window.since, window.until)


def _begin(context: Context, tasks: Sequence[QueueShard], clock: Callable[[], int], late: Callable[[], bool]) -> int:
    """Queue the first page of each shard of one table, and hand over what is left; return how many rows were queued."""
    rest, count = [], 0
    for group in chunks(tasks, GROUP):
        if late():
            rest += group
            continue
        pages = _index(context, group[0]).due_pages([_window(task) for task in group], FIRST)
        rows = [row for page in pages for row in page or ()]
        refused = _offer(context, rows, clock(), is_sweep=group[0].sweep)
        count += len(rows) - len(refused)
        rest += [left for task, page in zip(group, pages, strict=True) if (left := _left(task, page, refused))]
    context.ports.queues.send([Dispatch(task, MINUTE if task.sweep else 0) for task in rest])
    return count


def _left(task: QueueShard, page: Sequence[Due] | None, refused: set[Due]) -> QueueShard | None:
    """What is left of a shard's task after its first page; all of it if the page was not read or not queued."""
    if page is None or not refused.isdisjoint(page):
        return task
    return _behind(task, page[-1]) if len(page) == FIRST else None


def queue_shard(context: Context, task: QueueShard, clock: Callable[[], int], late: Callable[[], bool]) -> int:
    """Queue the rows of a shard page by page until done or ``late()``, then hand over the rest; return how many.

    A sweep ends after one page. Raises Unavailable if the first page can be neither read nor queued, at last.
    """
    count, place = 0, task
    while (page := _page(context, place, is_first=place is task)) is not None:
        refused = _offer(context, page, clock(), is_sweep=task.sweep)
        count += len(page) - len(refused)
        if refused:
            break
        if len(page) < PAGE:
            return count
        place = _behind(place, page[-1])
        if task.sweep or late():
            context.ports.queues.send([Dispatch(place, MINUTE if task.sweep else 0)])
            return count
    if place.tries >= TRIES:
        raise Unavailable("tick", "a page was refused too often")
    context.ports.queues.send([Dispatch(replace(place, tries=place.tries + 1), PAUSE)])
    return count


def _page(context: Context, task: QueueShard, *, is_first: bool) -> list[Due] | None:
    """The next page; None if it cannot be read. Raises Unavailable if it is the first of this invocation."""
    after = Due(task.profile, task.key, task.due) if task.profile and task.key and task.due is not None else None
    try:
        return _index(context, task).due_page(_window(task), after, PAGE)
    except Unavailable:
        if is_first:
            raise
        return None


def _offer(context: Context, rows: Iterable[Due], now: int, *, is_sweep: bool) -> set[Due]:
    """Queue the rows for their seconds; return those that may be taken later."""
    dispatches = {dispatch(row, now): row for row in rows}
    refused = context.ports.queues.offer(list(dispatches))
    context.counts[REFUSED] += sum(each.useless for each in refused)
    context.counts[SWEPT] += len(dispatches) - len(refused) if is_sweep else 0
    return {dispatches[each.dispatch] for each in refused if not each.useless}


def _index(context: Context, task: QueueShard) -> Runs | People:
    return context.ports.runs if task.table == "runs" else context.ports.people


def _window(task: QueueShard) -> DueWindow:
    return DueWindow(task.shard, task.since, task.until)


def _behind(task: QueueShard, row: Due) -> QueueShard:
    return replace(task, profile=row.profile, key=row.key, due=row.due, tries=0)


def dispatch(row: Due, now: int) -> Dispatch:
    """The task for a due profile or run, delayed to its second."""
    is_profile = row.key == "state"
    task = WakeProfile(row.profile, row.due) if is_profile else AdvanceRun(row.profile, row.key, row.due)
    return Dispatch(task, max(0, row.due - now))


def put_off(context: Context, task: WakeProfile | AdvanceRun) -> bool:
    """Queue a task again that came before its second, and return True; False if it may be done now.

    A tick whose clock is ahead sends it too early. Whoever is woken too early does nothing, and no tick comes back.
    """
    if task.due is None or not context.now < task.due <= context.now + SOON:
        return False
    context.ports.queues.send([Dispatch(task, task.due - context.now)])
    return True
