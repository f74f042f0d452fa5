"""The nightly refresh: draw the RFM borders from everybody's orders, and check a sample of profiles against the log.

It goes page by page through a queue: it counts everybody's orders, folds a sample of profiles again from the log and
repairs what differs, and stores the borders at the end. A message holds all that the rest of the run needs, so the run
resumes from any delivered message, however often; processing a page twice changes nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from functions.core.answers.views import plain
from functions.core.base.errors import Conflict, is_outage
from functions.core.base.tasks import LONGEST_DELAY, Dispatch
from functions.core.base.tasks.refreshes import ApplyBorders, RefreshProfiles
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles.records import StoredState
from functions.core.scores import rfm
from functions.core.scores.link import Borders, nodes
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.usecases import profile_update
from functions.usecases.backfill import UNDER_WAY, update_all
from functions.usecases.context import Context
from functions.usecases.refresh_check import check
from functions.usecases.stored_profiles import of_profile

AUTHOR = "refresh"
DAY = 86_400
SHARES = 10_000
# The metric of profiles that a night could not count or check.
PASSED_OVER = "RefreshesPassedOver"


@dataclass(slots=True)
class RefreshRun:
    """The progress of a refresh: its next page, its instant ``at`` (seconds UTC), and what it has counted.

    ``sample`` is the share of profiles to check, in per cent.
    """

    start: str | None
    at: int
    sample: int
    tally: Tally
    profiles: int = 0
    checked: int = 0
    differences: int = 0

    @classmethod
    def of(cls, task: RefreshProfiles, sample: int) -> "RefreshRun":
        """Restore the progress from a task."""
        tally = Tally.unpacked(task.tally)
        return cls(task.start, task.at, sample, tally, task.profiles, task.checked, task.differences)

    def task(self, start: str) -> RefreshProfiles:
        """The task that resumes at page ``start``."""
        return RefreshProfiles(start, self.at, self.tally.packed(), self.profiles, self.checked, self.differences)

    def samples(self, profile: str) -> bool:
        """True if the profile is in tonight's sample; the sample differs from night to night."""
        drawn = int.from_bytes(sha256(f"{self.at // DAY} {profile}".encode()).digest()[:4]) % SHARES
        return drawn * 100 < self.sample * SHARES


def begin(context: Context) -> None:
    """Queue a new refresh, and renew what functions read the definitions from.

    The refresh goes first: a bundle that is not renewed tonight is renewed tomorrow, and what fails there may not cost
    the night.
    """
    context.ports.queues.send([Dispatch(RefreshProfiles(None, context.now))])
    context.ports.definitions.renew_bundle(context.now)


def refresh(context: Context, refresh_run: RefreshRun, late: Callable[[], bool]) -> bool:
    """Process pages until the refresh is done or ``late()``, then queue the rest; return True if it is done."""
    ranked = _ranked(context.ruleset)
    for stored_states, following in context.ports.people.pages(refresh_run.start):
        for stored_state in stored_states:
            _visit(context, refresh_run, stored_state, ranked)
        refresh_run.profiles += len(stored_states)
        if following is not None and late():
            context.ports.queues.send([Dispatch(refresh_run.task(following))])
            return False
    if ranked:
        _store(context, refresh_run.tally.borders(refresh_run.at))
    return True


def _visit(context: Context, refresh_run: RefreshRun, stored_state: StoredState, ranked: bool) -> None:
    """Count and check the profile; where that fails for no outage it is passed over, and nobody waits for it."""
    try:
        if ranked:
            _count(context, refresh_run, stored_state)
        if refresh_run.samples(stored_state.profile):
            refresh_run.differences += check(context, stored_state)
            refresh_run.checked += 1
    except Exception as error:
        if is_outage(error) and not isinstance(error, Conflict):
            raise
        context.counts[PASSED_OVER] += 1


def _ranked(ruleset: Ruleset) -> bool:
    """True if any definition uses RFM groups."""
    checks = [step.content for flow in ruleset.flows.values() for step in flow.steps]
    conditions = [*(body["when"] for body in ruleset.segments.values()), *ruleset.scores.values(), *checks]
    return any(node["op"] == "rfm" for node in nodes(conditions))


def _count(context: Context, refresh_run: RefreshRun, stored_state: StoredState) -> None:
    state = context.ruleset.state(stored_state)
    if engine.missing(state, context.ruleset.catalogue):
        attributes = of_profile(context, stored_state.profile).attributes.get(stored_state.profile)
        state = profile_update.complete(context, state, attributes, stored_state, ())
    shop = context.ruleset.shop
    orders = rfm.orders(Snapshot(state, context.ruleset.catalogue, refresh_run.at), shop.money, shop.orders)
    if orders is not None:
        refresh_run.tally.add(orders, refresh_run.at)


def _store(context: Context, borders: Mapping[str, Any]) -> None:
    """Publish the borders if they changed, then queue their application; with too few customers for borders, publish
    if their number changed.

    A run that is repeated finds its own borders: it may have been stopped between the two, so it queues again.
    """
    before, after = _content(context.ruleset.borders), _content(borders)
    repeated = before == after and _drawn(context.ruleset.borders) == _drawn(borders)
    if before == after and not repeated:
        return
    if not repeated:
        body = {"id": "rfm", **borders}
        text = json.dumps(plain(body), indent=1)
        context.ports.definitions.publish(Definition("borders", "rfm", 1, text, body, AUTHOR, context.now))
    if _awaited(context.ruleset) and (repeated or "recency" in {**before, **after}):
        # A fold by yesterday's borders would undo the new evaluation of the profiles that it writes.
        max_age = context.settings.definitions_max_age
        delay = min(LONGEST_DELAY, max_age + UNDER_WAY) if max_age else 0
        context.ports.queues.send([Dispatch(ApplyBorders(), delay)])


def _drawn(borders: Borders) -> int | None:
    """The instant (seconds UTC) of the run that drew the borders."""
    return borders["drawn"] if borders else None


def _content(borders: Borders) -> dict[str, Any]:
    """The content of borders that is compared: recency as instants, not as ages in days; without borders the count."""
    if borders is None or "recency" not in borders:
        return {"people": borders["people"]} if borders else {}
    instants = [borders["drawn"] - days * DAY for days in borders["recency"]]
    return {"recency": instants, **{name: list(borders[name]) for name in ("frequency", "monetary")}}


def _awaited(ruleset: Ruleset) -> bool:
    """True if RFM groups decide a segment on which something acts, so that timers must follow the borders."""
    active = (ruleset.segments[name]["when"] for name in ruleset.catalogue.active)
    return any(node["op"] == "rfm" for when in active for node in nodes(when))


def place(contexts: Callable[[], Context], start: str | None, late: Callable[[], bool]) -> int:
    """Evaluate everybody by the latest borders until done or ``late()``, then queue the rest; return how many moved.

    Profiles that stay where they are are not written: they are evaluated by the new borders at every read. Each page
    has a context of its own; an old one would undo what a backfill does for newer definitions.
    """
    moved, ports = 0, contexts().ports
    for stored_states, following in ports.people.pages(start):
        context = contexts()
        moving = [each for each in stored_states if _moves(each, context.ruleset, context.now)]
        update_all(context, moving)
        moved += len(moving)
        if following is not None and late():
            ports.queues.send([Dispatch(ApplyBorders(following))])
            break
    return moved


def _moves(stored_state: StoredState, ruleset: Ruleset, now: int) -> bool:
    """True if memberships change, or the profile must be evaluated earlier than is stored."""
    state = ruleset.state(stored_state)
    placed = engine.advance(state, ruleset.catalogue, now)
    sooner = placed.due is not None and (stored_state.due is None or placed.due < stored_state.due)
    return sooner or placed.memberships.keys() != state.memberships.keys()
