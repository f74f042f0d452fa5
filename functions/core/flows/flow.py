"""What follows a transition or an event: waits, checks and sends, with a goal that stops them.

A run of an event flow with a key counts its first wait from the latest start event of that key: adding to a cart
begins the hour anew. An entry names a run within a person and a flow; with the flow and the step it is the cause
of a message.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from functions.core.base.events import Event
from functions.core.flows.entry import entry_of, key_of_entry, opened
from functions.core.flows.identity import with_ids
from functions.core.flows.records import Run
from functions.core.flows.step_kind import Content, StepKind
from functions.core.flows.step_kinds import step_kinds
from functions.core.profiles.state import State
from functions.core.segments.engine import Catalogue, entries
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language.named import event_names
from functions.core.segments.operator import Node
from functions.core.segments.parts.source import Source, occurrences
from functions.core.timelines import carts
from functions.core.timelines.entry import Entry
from functions.core.timelines.event_keys import UNKEYED, key_of
from functions.core.timelines.matching import match
from functions.core.timelines.spec import TimelineSpec

# A start event that arrives later than this starts nothing: its moment has passed.
START_HORIZON = 7 * 86_400
# A step whose instant lies further back is not taken: an e-mail a day late is worse than none.
STALE = 86_400
# ``draining`` lets runs under way finish and starts nothing; ``paused`` sends nothing either.
FlowState = Literal["active", "paused", "draining"]
# What the runs under way of a paused flow do.
WhenPaused = Literal["wait", "end"]
# How long an order is remembered for the cart that it closed.
GOAL_HORIZON = 60 * 86_400
# How a run ends that another addition to the same cart begins anew.
EMPTY = "the cart is empty"
# Where a run stands that has no step left to take.
PAST = ""
# How a run ends whose beginning no longer counts: the order was cancelled, or paid back as a whole.
TAKEN_BACK = "what it began with was taken back"

# Timelines of flows are asked for in every step and for every event; their addresses are hashes.
_spec = lru_cache(maxsize=1_024)(TimelineSpec)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: of which kind it is, its identity, and what its kind has read from the flow's text."""

    do: str
    id: str = ""
    content: Content = field(default_factory=dict)

    @property
    def kind(self) -> StepKind:
        """The record of its kind."""
        return step_kinds()[self.do]

    @property
    def span(self) -> int:
        """How long it waits (seconds); 0 for what does not."""
        return int(self.content.get("span", 0))

    @property
    def template(self) -> str:
        """What it sends; nothing for what sends nothing."""
        return str(self.content.get("template", ""))


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, ready to run. ``period`` is None for every time, 0 for once, else once per so many seconds.

    ``version`` is that of its definition. ``resumed`` is when it last became active again (seconds UTC): what happened
    before starts nothing. ``beginning`` are the events that start it as the definition says them, names resolved.
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
        """The step of this id; None for a run that is past the last one."""
        return next((step for step in self.steps if step.id == step_id), None)

    def after(self, step_id: str) -> str:
        """The id of the step that follows this one; ``PAST`` after the last."""
        ids = [step.id for step in self.steps]
        return (*ids, PAST)[ids.index(step_id) + 1]

    @property
    def carts(self) -> bool:
        """Whether each run is about one cart."""
        return self.by in carts.KEYS and not carts.FILLING.isdisjoint(self.events)


def from_body(body: Mapping[str, Any], version: int = 0, resumed: int = 0) -> Flow:
    """The flow that a checked definition's body describes."""
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
    """The timeline whose new entries start the flow; None for a flow that a segment starts."""
    if not flow.events:
        return None
    keys = () if flow.by else occurrences(flow.beginning)
    lines = flow.carts and bool(flow.goal)
    return _spec(flow.events, by=flow.by, keep=None, horizon=START_HORIZON, occurrence=keys, lines=lines)


def beginnings(flow: Flow) -> Source | None:
    """What started the flow and was not taken back since; None where nothing can be, such as an order cancelled."""
    if not occurrences(flow.beginning):
        return None
    return Source(flow.beginning, by=flow.by, keep=None, horizon=START_HORIZON)


def taken_back(flow: Flow, state: State, catalogue: Catalogue, entry: str, now: int) -> bool:
    """Whether everything that started the run was taken back by now.

    What has left the timeline is known by its key alone, where the flow and the named events have the same.
    """
    source, view = beginnings(flow), Snapshot(state, catalogue, now)
    if source is None:
        return False
    left = {name_of(each) for each in source.entries(view)}
    names = {name_of(each) for each in source.told(view)}
    return entry not in left and (entry in names or entry in {f"{key:x}" for key in source.taken(view)})


def goal_specs(flow: Flow) -> tuple[TimelineSpec, ...]:
    """The timelines that say whether the goal was reached: since the start, or for the key at any time.

    What says nothing of the key reaches the goal of every run that is older; what names another value, of none, unless
    runs are about carts: people leave a cart on one device and buy the same on another, where the cart has another id.
    """
    if not flow.goal:
        return ()
    without = None if flow.carts else flow.by
    since = _spec(events=flow.goal, without=without, keep=1, horizon=None, lines=flow.carts)
    if flow.by is None:
        return (since,)
    return since, _spec(events=flow.goal, by=flow.by, keep=None, horizon=GOAL_HORIZON, lines=flow.carts)


def closing_specs(flow: Flow) -> tuple[TimelineSpec, ...]:
    """The timelines that part the entries of one key."""
    return goal_specs(flow) if flow.by is not None else ()


def name_of(entry: Entry) -> str:
    """The entry's part of a cause: what it is counted by, or the event's own time and hash."""
    return f"{entry.key:x}" if entry.key >= UNKEYED else f"{entry.time}-{entry.key:x}"


def starts(flow: Flow, state: State, catalogue: Catalogue) -> dict[str, int]:
    """Entry names of everything that may have started the flow, each with its latest time."""
    spec = start_spec(flow)
    started = {name_of(entry): entry for entry in entries(state, catalogue, spec)} if spec else {}
    if not closing_specs(flow):
        return {name: entry.time for name, entry in started.items()}
    return {
        entry_of(key, each, _closings(flow, state, catalogue, key, each)): each.time for key, each in started.items()
    }


def latest(flow: Flow, state: State, catalogue: Catalogue, entry: str) -> int | None:
    """The instant (seconds UTC) at which the entry's latest run began; None if only runs of other entries did.

    Something of what was ordered, put in again into a cart that holds more by now, belongs to the entry of that cart.
    """
    for name, time in starts(flow, state, catalogue).items():
        if name == entry or (is_again(flow, name, entry) and opened(name) < opened(entry) < time):
            return time
    return None


def _closings(flow: Flow, state: State, catalogue: Catalogue, key: str, start: Entry) -> Iterator[Entry]:
    """What reached the goal for the key, or for every key not long before the start."""
    for spec in closing_specs(flow):
        for each in entries(state, catalogue, spec):
            if name_of(each) == key if spec.by else each.time > start.time - START_HORIZON:
                yield each


def belongs(flow: Flow, event: Event, entry: str) -> bool:
    """Whether the event is one of those that started the run of this entry."""
    spec = start_spec(flow)
    made = match(spec, event) if spec else None
    if made is None or flow.by is None:
        return made is not None and name_of(made) == entry
    return name_of(made) == key_of_entry(entry) and event.time > opened(entry)


def is_again(flow: Flow, entry: str, other: str) -> bool:
    """Whether both entries are of the same value of the flow's key."""
    return flow.by is not None and key_of_entry(entry) == key_of_entry(other)


def of_cart(flow: Flow, events: Iterable[Event], entry: str) -> list[Event]:
    """What tells of the cart whose run the entry names; nothing in a flow that is not about carts.

    An order that names no cart has emptied every older one.
    """
    if not flow.carts or flow.by is None:
        return []
    named, began = key_of_entry(entry), opened(entry)
    keys = [(event, key_of(event.properties, flow.by)) for event in events if event.time > began]
    return [event for event, key in keys if (event.name in carts.CLEARING if key is None else f"{key:x}" == named)]


def is_empty(flow: Flow, events: Iterable[Event], entry: str) -> bool:
    """Whether the run is about a cart in which nothing is left."""
    return carts.is_empty(of_cart(flow, events, entry))


def reached(flow: Flow, state: State, catalogue: Catalogue, entry: str, since: int) -> bool:
    """Whether the goal was reached: for all keys since the start, or for its own since the entry before was closed."""
    for spec in goal_specs(flow):
        for each in entries(state, catalogue, spec):
            if name_of(each) == key_of_entry(entry) and each.time > opened(entry) if spec.by else each.time >= since:
                return True
    return False


def begin(flow: Flow, since: int) -> tuple[str, int]:
    """Step and instant of a run that starts at ``since``: a first wait is entered at once."""
    first = flow.steps[0]
    return (flow.after(first.id), since + first.span) if first.do == "wait" else (first.id, since)


def again(flow: Flow, run: Run, since: int) -> Run:
    """The run from its beginning; what was sent in it is not sent again, since its causes stay the same."""
    step, due = begin(flow, since)
    return replace(run, since=since, step=step, due=due, outcome=None, flow_version=flow.version)


def postponed(flow: Flow, step: str, latest: int | None) -> int | None:
    """When the first wait ends, counted from the latest start event; None outside the first wait."""
    first = flow.steps[0]
    if flow.by is None or latest is None or first.do != "wait" or step != flow.after(first.id):
        return None
    return latest + first.span
