"""Flows: steps (wait, check, send) that follow a transition or an event, with a goal that stops them.

A run of an event flow with a key counts its first wait from the latest start event of that key: adding to a cart
starts the hour again. An entry identifies a run within a person and a flow; with the flow and the step it is the cause
of a message. Times are seconds UTC.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from functions.core.base.events import Event
from functions.core.flows.entry import entry_of, key_of_entry, opened
from functions.core.flows.records import Run
from functions.core.flows.step_ids import with_ids
from functions.core.flows.step_kind import Content, StepKind
from functions.core.flows.step_kinds import step_kinds
from functions.core.profiles.state import State
from functions.core.segments.engine import Catalogue, entries
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language.named import event_names
from functions.core.segments.operator import Node
from functions.core.segments.parts.source import EntrySource, occurrences
from functions.core.timelines import carts
from functions.core.timelines.entry import Entry
from functions.core.timelines.event_keys import UNKEYED, key_of
from functions.core.timelines.matching import match
from functions.core.timelines.spec import TimelineSpec

# A start event that is older than this (seconds) when it arrives starts no run.
START_HORIZON = 7 * 86_400
# A step that is overdue by more than this (seconds) is not executed: an e-mail a day late is worse than none.
STALE = 86_400
# ``draining`` lets runs under way finish and starts nothing; ``paused`` sends nothing either.
FlowState = Literal["active", "paused", "draining"]
# What happens to the current runs of a flow while it is paused.
WhenPaused = Literal["wait", "end"]
# How long (seconds) an order is kept for the cart that it closed.
GOAL_HORIZON = 60 * 86_400
# The outcome of a run whose cart is empty; another addition to the same cart starts it again.
EMPTY = "the cart is empty"
# The step of a run that has no step left.
PAST = ""
# The outcome of a run whose start no longer counts: the order was cancelled, or paid back as a whole.
TAKEN_BACK = "what it began with was taken back"
# The outcome of a run that began with nothing but imported history: the person was merged, or got an address, since.
IMPORTED = "what it began with was imported"

# Cached, since timelines of flows are needed in every step and for every event, and their addresses are hashes.
_spec = lru_cache(maxsize=1_024)(TimelineSpec)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a flow: the key of its kind, its id, and the content that its kind stored."""

    do: str
    id: str = ""
    content: Content = field(default_factory=dict)

    @property
    def kind(self) -> StepKind:
        """The record of the step's kind."""
        return step_kinds()[self.do]

    @property
    def span(self) -> int:
        """How long the step waits, in seconds; 0 for a step that is no wait."""
        return int(self.content.get("span", 0))

    @property
    def template(self) -> str:
        """The id of the template that the step sends; empty for a step that sends none."""
        return str(self.content.get("template", ""))


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, compiled from its definition.

    segment    the segment whose entering or leaving (``on``) starts it; None if events start it
    events     the names of the events that start it
    by         path of the key: one run for each value; None without a key
    goal       the names of the events that end a run
    period     the re-entry rule: None for every time, 0 for once, else at most once per so many seconds
    version    the version of its definition
    resumed    when it last became active again: what happened before starts no run
    beginning  the start events as a part of a condition, with named events resolved
    """

    id: str
    name: str
    steps: tuple[Step, ...]
    segment: str | None = None
    on: Literal["enter", "leave"] = "enter"
    events: tuple[str, ...] = ()
    by: str | None = None
    goal: tuple[str, ...] = ()
    period: int | None = None
    state: FlowState = "active"
    when_paused: WhenPaused = "wait"
    version: int = 0
    resumed: int = 0
    beginning: Node = field(default_factory=lambda: {"events": ()})

    def step(self, step_id: str) -> Step | None:
        """The step with this id; None if there is none, as for ``PAST``."""
        return next((step for step in self.steps if step.id == step_id), None)

    def after(self, step_id: str) -> str:
        """The id of the step that follows this one; ``PAST`` after the last."""
        ids = [step.id for step in self.steps]
        return (*ids, PAST)[ids.index(step_id) + 1]

    @property
    def carts(self) -> bool:
        """True if each run is about one cart: the key is a cart's, and a start event fills carts."""
        return self.by in carts.KEYS and not carts.FILLING.isdisjoint(self.events)


def from_body(body: Mapping[str, Any], version: int = 0, resumed: int = 0) -> Flow:
    """Compile the body of a checked definition."""
    start, reentry = body["start"], body.get("reentry", "every time")
    return Flow(
        id=body["id"],
        name=body.get("name", body["id"]),
        steps=tuple(Step(step["do"], step["id"], step) for step in with_ids(body["steps"])),
        segment=start.get("segment"),
        on=start.get("on", "enter"),
        events=event_names(start.get("events", ())),
        by=start.get("by"),
        goal=event_names(body.get("goal", ())),
        period={"every time": None, "once": 0}.get(reentry, reentry),
        state=body.get("state", "active"),
        when_paused=body.get("when paused", "wait"),
        version=version,
        resumed=resumed,
        beginning={"events": start.get("events", ())},
    )


def start_spec(flow: Flow) -> TimelineSpec | None:
    """The timeline whose new entries start runs of the flow; None for a flow that a segment starts."""
    if not flow.events:
        return None
    keys = () if flow.by else occurrences(flow.beginning)
    lines = flow.carts and bool(flow.goal)
    return _spec(flow.events, by=flow.by, keep=None, horizon=START_HORIZON, occurrence=keys, lines=lines)


def beginnings(flow: Flow) -> EntrySource | None:
    """The source of start events that were not taken back, such as orders without the cancelled ones.

    None if the start events cannot be taken back.
    """
    if not occurrences(flow.beginning):
        return None
    return EntrySource(flow.beginning, by=flow.by, keep=None, horizon=START_HORIZON)


def taken_back(flow: Flow, state: State, catalogue: Catalogue, entry: str, now: int) -> bool:
    """True if everything that started the run of this entry was taken back by ``now``.

    A start event that has left the timeline is found by its key only, if the flow's key is also that of the named
    events.
    """
    source, view = beginnings(flow), Snapshot(state, catalogue, now)
    if source is None:
        return False
    remaining = {name_of(each) for each in source.entries(view)}
    names = {name_of(each) for each in source.told(view)}
    return entry not in remaining and (entry in names or entry in {f"{key:x}" for key in source.taken(view)})


def goal_specs(flow: Flow) -> tuple[TimelineSpec, ...]:
    """The timelines that show whether the goal was reached: since the start, or for the key's value at any time.

    A goal event without the key reaches the goal of every older run. A goal event with another value of the key does
    not, except in flows about carts: people leave a cart on one device and buy the same products on another, where the
    cart has another id.
    """
    if not flow.goal:
        return ()
    without = None if flow.carts else flow.by
    since = _spec(events=flow.goal, without=without, keep=1, horizon=None, lines=flow.carts)
    if flow.by is None:
        return (since,)
    return since, _spec(events=flow.goal, by=flow.by, keep=None, horizon=GOAL_HORIZON, lines=flow.carts)


def closing_specs(flow: Flow) -> tuple[TimelineSpec, ...]:
    """The timelines of the events that close an entry, so that a later start with the same key is another entry."""
    return goal_specs(flow) if flow.by is not None else ()


def name_of(entry: Entry) -> str:
    """The name of a timeline entry in a cause: its natural or correlation key in hex, or the event's time and hash."""
    return f"{entry.key:x}" if entry.key >= UNKEYED else f"{entry.time}-{entry.key:x}"


def starts(flow: Flow, state: State, catalogue: Catalogue) -> dict[str, int]:
    """The entries that may have started runs of the flow, each with the time of its latest start event."""
    spec = start_spec(flow)
    started = {name_of(entry): entry for entry in entries(state, catalogue, spec)} if spec else {}
    if not closing_specs(flow):
        return {name: entry.time for name, entry in started.items()}
    return {
        entry_of(key, each, _closings(flow, state, catalogue, key, each)): each.time for key, each in started.items()
    }


def latest(flow: Flow, state: State, catalogue: Catalogue, entry: str) -> int | None:
    """The instant (seconds UTC) at which the entry's latest run began; None if only runs of other entries did.

    If an ordered product is put again into a cart that holds other products by now, it belongs to that cart's entry.
    """
    for name, time in starts(flow, state, catalogue).items():
        if name == entry or (is_again(flow, name, entry) and opened(name) < opened(entry) < time):
            return time
    return None


def _closings(flow: Flow, state: State, catalogue: Catalogue, key: str, start: Entry) -> Iterator[Entry]:
    """The entries that reached the goal for the key, or for all keys since START_HORIZON before the start."""
    for spec in closing_specs(flow):
        for each in entries(state, catalogue, spec):
            if name_of(each) == key if spec.by else each.time > start.time - START_HORIZON:
                yield each


def belongs(flow: Flow, event: Event, entry: str) -> bool:
    """True if the event is one of those that started the run of this entry."""
    spec = start_spec(flow)
    matched = match(spec, event) if spec else None
    if matched is None or flow.by is None:
        return matched is not None and name_of(matched) == entry
    return name_of(matched) == key_of_entry(entry) and event.time > opened(entry)


def is_again(flow: Flow, entry: str, other: str) -> bool:
    """True if both entries have the same value of the flow's key; False for a flow without one."""
    return flow.by is not None and key_of_entry(entry) == key_of_entry(other)


def of_cart(flow: Flow, events: Iterable[Event], entry: str) -> list[Event]:
    """The events about the cart of this entry, since it was opened; none in a flow that is not about carts.

    An order without a cart's key is included, since it empties every older cart.
    """
    if not flow.carts or flow.by is None:
        return []
    named, began = key_of_entry(entry), opened(entry)
    keys = [(event, key_of(event.properties, flow.by)) for event in events if event.time > began]
    return [event for event, key in keys if (event.name in carts.CLEARING if key is None else f"{key:x}" == named)]


def is_empty(flow: Flow, events: Iterable[Event], entry: str) -> bool:
    """True if the run of this entry is about a cart that is known to be empty after these events."""
    return carts.is_empty(of_cart(flow, events, entry))


def reached(flow: Flow, state: State, catalogue: Catalogue, entry: str, since: int) -> bool:
    """True if the goal was reached: for all keys from ``since`` on, or for the entry's key after the entry opened."""
    for spec in goal_specs(flow):
        for each in entries(state, catalogue, spec):
            if name_of(each) == key_of_entry(entry) and each.time > opened(entry) if spec.by else each.time >= since:
                return True
    return False


def begin(flow: Flow, since: int) -> tuple[str, int]:
    """The next step and its instant for a run that starts at ``since``; a wait as first step is applied at once."""
    first = flow.steps[0]
    return (flow.after(first.id), since + first.span) if first.do == "wait" else (first.id, since)


def again(flow: Flow, run: Run, since: int) -> Run:
    """Restart the run from its first step; what it sent is not sent again, since the causes stay the same."""
    step, due = begin(flow, since)
    return replace(run, since=since, step=step, due=due, outcome=None, flow_version=flow.version)


def first_wait_end(flow: Flow, step: str, latest: int | None) -> int | None:
    """When the first wait ends, counted from ``latest``, the latest start event.

    None for a run that is not in the first wait, for a flow without a key, and if ``latest`` is None.
    """
    first = flow.steps[0]
    if flow.by is None or latest is None or first.do != "wait" or step != flow.after(first.id):
        return None
    return latest + first.span
