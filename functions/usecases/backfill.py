"""Bring every profile up to the current definitions: new timelines filled from the log, memberships and timers right.

A pass goes page by page and may stop and go on anywhere; a page done twice changes nothing. Whoever is folded
meanwhile is brought up to date by fold itself.
"""

from collections.abc import Callable

from functions.core.catalogue import Loaded
from functions.core.errors import Conflict
from functions.core.ports import Dispatch, Hot, Ports
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.snapshot import of_profile

ATTEMPTS = 6
# What a fold that began with older definitions may still take.
UNDER_WAY = 15


def begin(revision: int, max_age: int, ports: Ports) -> None:
    """Queue the pass for when nobody folds by older definitions any more: they would undo it for whom they touch."""
    body = {"start": None, "revision": revision, "ready": True}
    ports.queues.send([Dispatch("backfills", body, min(900, max_age + UNDER_WAY))])


def backfill(start: str | None, revision: int, ports: Ports, loaded: Loaded, now: int, late: Callable[[], bool]) -> int:
    """Go on with a pass until it is done or ``late``, when the rest is queued; return how many profiles were seen.

    A pass for older definitions ends at once: the newer ones have a pass of their own.
    """
    seen = 0
    if revision < loaded.revision:
        return seen
    for hots, following in ports.people.pages(start):
        for hot in hots:
            update(hot, ports, loaded, now)
        seen += len(hots)
        if following is not None and late():
            ports.queues.send([Dispatch("backfills", {"start": following, "revision": revision})])
            break
    return seen


def update(hot: Hot, ports: Ports, loaded: Loaded, now: int) -> None:
    """Evaluate one profile by the current definitions and write it if that changes anything."""
    found: Hot | None = hot
    for _ in range(ATTEMPTS):
        if found is None:
            found = of_profile(ports.people, hot.profile).hots.get(hot.profile)
            if found is None or found.merged_into:
                return None
        try:
            return _update_once(found, ports, loaded, now)
        except Conflict:
            found = None
    raise Conflict("backfill", "the profile keeps changing")


def _update_once(hot: Hot, ports: Ports, loaded: Loaded, now: int) -> None:
    state, catalogue = loaded.state(hot), loaded.catalogue
    card = None
    if engine.missing(state, catalogue):
        card = of_profile(ports.people, hot.profile).cards.get(hot.profile)
    state = person.complete(state, card, hot, (), ports.log, loaded, now)
    person.save_state(hot, engine.advance(state, catalogue, now), ports, loaded, now)
