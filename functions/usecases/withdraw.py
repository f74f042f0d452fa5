"""Withdraw a definition that nothing refers to, by storing a last version that is marked as withdrawn."""

from dataclasses import asdict

from functions.core.base.errors import Fault, InUse, NotFound
from functions.core.definitions.records import Definition
from functions.core.definitions.referrers import Referrer, referrers
from functions.core.definitions.registry import kind_of, known
from functions.usecases import backfill, flow_state
from functions.usecases.context import Context
from functions.usecases.publish import retry_publication

# The request that withdrew a definition this recently (seconds) may have died before its backfill was queued.
RETRY = 3_600


def withdraw(context: Context, kind: str, name: str, author: str) -> Definition:
    """Withdraw the definition; raises NotFound, or InUse, which names every place that refers to it.

    The references are checked again if anything was published in the meantime.
    """
    known(kind)
    tombstone = retry_publication(lambda: _withdraw(context, kind, name, author))
    _follow_up(context, tombstone)
    return tombstone


def _withdraw(context: Context, kind: str, name: str, author: str) -> Definition:
    revision, current = context.ports.definitions.revision(), context.ports.definitions.current()
    stored = next((each for each in current if each.address == (kind, name)), None)
    if stored is None:
        last = next(reversed(context.ports.definitions.versions(kind, name)), None)
        if last and context.now - last.time < RETRY:
            _follow_up(context, last)
        raise NotFound(Fault(f"there is no {kind} {name!r}", "id"))
    if referring := referrers(stored, current):
        faults = [_fault(place, stored.kind) for place in referring]
        raise InUse(*faults, referrers=list(map(asdict, referring)))
    tombstone = Definition(kind, name, 0, "", {}, author, context.now, stored.version, withdrawn=True)
    return context.ports.definitions.publish(tombstone, revision=revision)


def _fault(place: Referrer, kind: str) -> Fault:
    one, where = f"{kind_of(place.kind).one} {place.id!r}", f"{place.kind}/{place.id}: {place.where}"
    # Without rates conditions go on and mean something else: that is an edit, and is published as one.
    reason, hint = ("counts amounts by it", "publish it with rates: {}") if kind == "rates" else ("refers to it", None)
    return Fault(f"{one} {reason}", where.removesuffix(": "), place.line, place.column, hint)


def _follow_up(context: Context, tombstone: Definition) -> None:
    """End the waiting runs of a paused flow, and queue a backfill that drops timelines nothing else needs."""
    if tombstone.kind == "flows":
        flow_state.request_resumption(context, tombstone)
    if kind_of(tombstone.kind).backfills:
        cause = f"{tombstone.kind}/{tombstone.id} withdrawn"
        backfill.request(context, tombstone.revision, cause)
