"""Publish a definition, and have everybody evaluated by it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from functions.core.base.errors import DefinitionRefused, Fault, Oversize
from functions.core.definitions.checks import check, faults_in_shop
from functions.core.definitions.records import Definition, EntryOnPublish
from functions.core.definitions.registry import kind_of, known
from functions.core.definitions.ruleset import load
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.definitions.vocabulary.check import vocabulary
from functions.usecases import backfill, flow_state
from functions.usecases.context import Context
from functions.usecases.profile_session import retry_on_conflict

T = TypeVar("T")

# The same text again, this soon after it was published, may be the retry of a request that died before its backfill
# was queued.
RETRY = 3_600
# A backfill that is not among the latest of this number has been replaced.
PASSES = 5


def publish(
    context: Context, kind: str, name: str, text: str, author: str, *, send_backfilled: bool = False
) -> Definition:
    """Check the text and store it as the next version; a text that is current already changes nothing.

    With ``send_backfilled`` the people whom a segment's new version brings in are treated as entering now. Raises
    DefinitionRefused with every fault of the text, Conflict if other publications keep coming in between, or Oversize
    once the answer is due: then nothing is stored.
    """
    known(kind)
    stored = retry_publication(lambda: _publish(context, kind, name, text, author, send_backfilled))
    bring_up(context, [stored])
    return stored


def _publish(context: Context, kind: str, name: str, text: str, author: str, send_backfilled: bool) -> Definition:
    """Publish the text unless it is current, and return the current version.

    Raises Conflict if anything was published or withdrawn since what the text refers to was read.
    """
    definitions, settings = context.ports.definitions, context.settings
    revision, current = definitions.revision(), definitions.current()
    stored = next((each for each in current if each.address == (kind, name)), None)
    if stored is None or stored.text != text:
        others = [each for each in current if each.address != (kind, name)]
        names = vocabulary(others, context.ports.names.all())
        body = check(kind, name, text, current, settings.log_retention_days, names)
        if faults := faults_in_shop(kind, text, body, settings.shop_currency):
            raise DefinitionRefused(*faults)
        new = Definition(kind, name, 0, text, body, author, context.now)
        new = following(context, new, stored, send_backfilled=send_backfilled)
        [whole] = with_timelines(context, [new], current)
        in_time(context)
        stored = definitions.publish(whole, revision=revision)
    return stored


def in_time(context: Context) -> None:
    """Raises Oversize once the answer is due: what were stored then would be stored, and nobody would know."""
    if context.late():
        what = "checking takes longer than an answer may, and nothing was published; publish fewer or shorter ones"
        raise Oversize(Fault(what, "definitions"))


def with_timelines(
    context: Context, new_versions: Iterable[Definition], stored: Iterable[Definition]
) -> list[Definition]:
    """The new versions, each with the timelines that it keeps; ``stored`` are all that are current before them.

    Raises DefinitionRefused for collisions of hashes, which show only when all definitions are compiled together: here,
    and not while events are folded.
    """
    before = {each.address: each for each in stored}
    fresh = {each.address: each for each in new_versions}
    after, shop = list({**before, **fresh}.values()), (context.settings.shop_timezone, context.settings.shop_currency)
    load(after, 0, *shop)
    keepers = KeptTimelines(before.values(), after, *shop)
    return [replace(each, kept=keepers.kept(each)) for each in fresh.values()]


def following(context: Context, new: Definition, stored: Definition | None, *, send_backfilled: bool) -> Definition:
    """The new text as the successor of the stored version; which timelines it keeps is not decided yet."""
    replaces = stored.version if stored else 0
    wish = _wish(context, stored) if send_backfilled and new.kind == "segments" else None
    resumed = flow_state.resumed(stored, new.body, new.time)
    return replace(new, version=replaces + 1, replaces=replaces, entry_on_publish=wish, resumed=resumed)


def retry_publication(attempt: Callable[[], T]) -> T:
    """Call ``attempt`` until no other publication comes between its reading and writing; return its result."""
    return retry_on_conflict(attempt, "definitions", "definitions keep changing")


def bring_up(context: Context, published: Sequence[Definition]) -> None:
    """Request a backfill for what one request published, also if this request is a retry of that one.

    The runs of flows that were resumed are resumed as well.
    """
    for each in published:
        if each.kind == "flows":
            flow_state.request_resumption(context, each)
    due = [each for each in published if kind_of(each.kind).backfills and context.now - each.time < RETRY]
    if not due:
        return
    latest = max(due, key=lambda each: each.revision)
    # Rows from before the attribute existed have no revision.
    revision = latest.revision or context.ports.definitions.revision()
    others = sum(each.revision == latest.revision for each in due) - 1
    cause = f"{latest.kind}/{latest.id} version {latest.version}" + (f" and {others} more" if others else "")
    backfill.request(context, revision, cause)


def _wish(context: Context, replaced: Definition | None) -> EntryOnPublish:
    """The ``entry_on_publish`` of a segment's new version: who counts as a member already.

    If the replaced version had one and its backfill is not finished, that one is kept: both then treat everybody as
    entering who was not in the segment before the first.
    """
    if replaced is None:
        return EntryOnPublish()
    if replaced.entry_on_publish is not None and not _is_done(context, replaced.revision):
        return replaced.entry_on_publish
    return EntryOnPublish(replaced.body["when"])


def _is_done(context: Context, revision: int) -> bool:
    """True if the backfill of this revision, or a later one, is finished."""
    return any(each.finished and each.revision >= revision for each in context.ports.backfills.latest(PASSES))
