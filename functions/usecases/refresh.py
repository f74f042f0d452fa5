"""The nightly refresh: what needs everybody.

Page by page through a queue: counts the orders of everybody for the RFM borders, folds a sample of profiles again from
the log and repairs what differs, and at the end stores the borders. A message holds all that the rest of the round
needs, so a round goes on from any message that is delivered, however often; a page done twice changes nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from functions.core.answers.views import plain
from functions.core.base.tasks import ApplyBorders, Dispatch, RefreshProfiles
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles.records import StoredState
from functions.core.scores import rfm
from functions.core.scores.link import Borders, nodes
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.usecases import person
from functions.usecases.backfill import LONGEST_DELAY, UNDER_WAY, update
from functions.usecases.context import Context
from functions.usecases.refresh_check import check
from functions.usecases.stored_profiles import of_profile

AUTHOR = "refresh"
DAY = 86_400
SHARES = 10_000


@dataclass(slots=True)
class RefreshRun:
    """How far a round has come: where it goes on, the instant it is about, and what it has counted.

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
        """The round that a task goes on with."""
        tally = Tally.unpacked(task.tally)
        return cls(task.start, task.at, sample, tally, task.profiles, task.checked, task.differences)

    def task(self, start: str) -> RefreshProfiles:
        """The task that goes on from a place."""
        return RefreshProfiles(start, self.at, self.tally.packed(), self.profiles, self.checked, self.differences)

    def samples(self, profile: str) -> bool:
        """Whether the profile is looked at tonight: another share of them every night."""
        drawn = int.from_bytes(sha256(f"{self.at // DAY} {profile}".encode()).digest()[:4]) % SHARES
        return drawn * 100 < self.sample * SHARES


def begin(context: Context) -> None:
    """Queue a round."""
    context.ports.queues.send([Dispatch(RefreshProfiles(None, context.now))])


def refresh(context: Context, refresh_run: RefreshRun, late: Callable[[], bool]) -> bool:
    """Go on with the round until it is done or ``late``, when the rest is queued; return whether it is done."""
    ranked = _ranked(context.ruleset)
    for stored_states, following in context.ports.people.pages(refresh_run.start):
        for stored_state in stored_states:
            if ranked:
                _count(context, refresh_run, stored_state)
            if refresh_run.samples(stored_state.profile):
                refresh_run.checked += 1
                refresh_run.differences += check(context, stored_state)
        refresh_run.profiles += len(stored_states)
        if following is not None and late():
            context.ports.queues.send([Dispatch(refresh_run.task(following))])
            return False
    if ranked:
        _store(context, refresh_run.tally.borders(refresh_run.at))
    return True


def _ranked(ruleset: Ruleset) -> bool:
    """Whether any definition asks for RFM groups."""
    checks = [step.content for flow in ruleset.flows.values() for step in flow.steps]
    asked = [*(body["when"] for body in ruleset.segments.values()), *ruleset.scores.values(), *checks]
    return any(node["op"] == "rfm" for node in nodes(asked))


def _count(context: Context, refresh_run: RefreshRun, stored_state: StoredState) -> None:
    state = context.ruleset.state(stored_state)
    if engine.missing(state, context.ruleset.catalogue):
        attributes = of_profile(context, stored_state.profile).attributes.get(stored_state.profile)
        state = person.complete(context, state, attributes, stored_state, ())
    shop = context.ruleset.shop
    orders = rfm.orders(Snapshot(state, context.ruleset.catalogue, refresh_run.at), shop.money, shop.orders)
    if orders is not None:
        refresh_run.tally.add(orders, refresh_run.at)


def _store(context: Context, borders: Mapping[str, Any]) -> None:
    """Store the borders as the next version, if they moved or there are still too few customers to draw any."""
    before, after = _said(context.ruleset.borders), _said(borders)
    if before == after:
        return
    body = {"id": "rfm", **borders}
    text = json.dumps(plain(body), indent=1)
    context.ports.definitions.publish(Definition("borders", "rfm", 1, text, body, AUTHOR, context.now))
    if _awaited(context.ruleset) and "recency" in {**before, **after}:
        # Whoever folds by the borders of yesterday would undo the placing for whom they touch.
        max_age = context.settings.definitions_max_age
        delay = min(LONGEST_DELAY, max_age + UNDER_WAY) if max_age else 0
        context.ports.queues.send([Dispatch(ApplyBorders(), delay)])


def _said(borders: Borders) -> dict[str, Any]:
    """What borders say of everybody: where they lie in time, not how old that is tonight; of too few, how many."""
    if borders is None or "recency" not in borders:
        return {"people": borders["people"]} if borders else {}
    instants = [borders["drawn"] - days * DAY for days in borders["recency"]]
    return {"recency": instants, **{name: list(borders[name]) for name in ("frequency", "monetary")}}


def _awaited(ruleset: Ruleset) -> bool:
    """Whether somebody acts on a segment that RFM groups decide: timers then have to move with the borders."""
    active = (ruleset.segments[name]["when"] for name in ruleset.catalogue.active)
    return any(node["op"] == "rfm" for when in active for node in nodes(when))


def place(contexts: Callable[[], Context], start: str | None, late: Callable[[], bool]) -> int:
    """Move everybody by the latest borders until done or ``late``, when the rest is queued; return how many moved.

    Who stays where they are is not written: they are evaluated by the new borders whenever somebody looks. Each page
    is done in a context of its own, or it would undo what a backfill does for newer definitions.
    """
    moved, ports = 0, contexts().ports
    for stored_states, following in ports.people.pages(start):
        context = contexts()
        moved += sum(
            _moves(stored_state, context.ruleset, context.now) and _update(context, stored_state)
            for stored_state in stored_states
        )
        if following is not None and late():
            ports.queues.send([Dispatch(ApplyBorders(following))])
            break
    return moved


def _moves(stored_state: StoredState, ruleset: Ruleset, now: int) -> bool:
    """Whether memberships change, or somebody has to look earlier."""
    state = ruleset.state(stored_state)
    placed = engine.advance(state, ruleset.catalogue, now)
    sooner = placed.due is not None and (stored_state.due is None or placed.due < stored_state.due)
    return sooner or placed.memberships.keys() != state.memberships.keys()


def _update(context: Context, stored_state: StoredState) -> bool:
    update(context, stored_state)
    return True
