"""The real use cases on ports in memory: a shop with thousands of people in the time that a host needs for a few.

Every port keeps its contract (the first write of a key wins, a stale version raises Conflict, later revisions stay);
streams, queues with delays, the minute tick and SES stand between them as they do in the host.
"""

import base64
import email
import hashlib
import heapq
import hmac
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email import policy
from itertools import count
from typing import Any

from functions.core.base.errors import Conflict
from functions.core.base.events import Event
from functions.core.base.intake import Request
from functions.core.base.tasks import AdvanceRun, Dispatch, DivideRuns, ResumeFlow, Task, WakeProfile
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset, load
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.flows.records import Due, Run
from functions.core.messages.records import Message
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.core.timelines.versions import Kept
from functions.destinations import named
from functions.settings import Settings, read
from functions.usecases import flow_state
from functions.usecases.advance import advance
from functions.usecases.collect import collect
from functions.usecases.context import Context
from functions.usecases.deliver import Receivers
from functions.usecases.divide_runs import divide_runs
from functions.usecases.fold import fold
from functions.usecases.react import Change, react
from functions.usecases.tick import tick
from functions.usecases.wake import wake
from tests.memory import MemoryProducts, MemoryQuarantine, MemorySecrets, MemorySender

MINUTE = 60
RECEIVERS = Receivers(named("eventbus"))
SETTINGS = {"FROM_ADDRESS": "shop@shop.example", "PUBLIC_URL": "https://shop.example", "DUE_SHARDS": "1"}


class Log:
    """Partitions by identifier; ``stream`` holds what nobody folded yet."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Event]] = defaultdict(dict)
        self.stream: deque[Event] = deque()

    def append(self, events: Sequence[Event]) -> int:
        new = [event for event in events if event.sort not in self.rows[event.identifier]]
        for event in new:
            self.rows[event.identifier][event.sort] = event
        self.stream.extend(new)
        return len(new)

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        rows = self.rows.get(identifier, {})
        return iter([rows[sort] for sort in sorted(rows) if rows[sort].time >= since])


class People:
    """Profiles and pointers; ``stream`` holds each state before and after its write."""

    def __init__(self) -> None:
        self.pointers: dict[str, Pointer] = {}
        self.states: dict[str, StoredState] = {}
        self.attributes: dict[str, ProfileAttributes] = {}
        self.stream: deque[tuple[StoredState | None, StoredState]] = deque()

    def load(
        self, identifiers: Iterable[str], profiles: Iterable[str], *, with_attributes: bool = False, fresh: bool = False
    ) -> tuple[dict[str, Pointer], dict[str, StoredState], dict[str, ProfileAttributes]]:
        names, ids = list(identifiers), list(profiles)
        return (
            {name: self.pointers[name] for name in names if name in self.pointers},
            {profile: self.states[profile] for profile in ids if profile in self.states},
            {profile: self.attributes[profile] for profile in ids if with_attributes and profile in self.attributes},
        )

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        for pointer in pointers:
            known = self.pointers.get(pointer.identifier)
            if known and known.profile != pointer.profile and not moving:
                raise Conflict("point")
            self.pointers[pointer.identifier] = pointer

    def save_state(self, stored_state: StoredState) -> None:
        before = self.states.get(stored_state.profile)
        self.states[stored_state.profile] = _next(before, stored_state)
        self.stream.append((before, self.states[stored_state.profile]))

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        self.attributes[attributes.profile] = _next(self.attributes.get(attributes.profile), attributes)

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        _next(self.states.get(stored_state.profile), stored_state)
        self.save_attributes(attributes)
        self.save_state(stored_state)

    def due(self, shard: int, before: int) -> Iterator[Due]:
        return iter(
            [
                Due(stored_state.profile, "state", stored_state.due)
                for stored_state in self.states.values()
                if stored_state.due and stored_state.due < before
            ]
        )


class Runs:
    """Flow runs."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Run]] = defaultdict(dict)

    def start(self, run: Run) -> bool:
        if run.id in self.rows[run.profile]:
            return False
        self.rows[run.profile][run.id] = replace(run, version=1)
        return True

    def get(self, profile: str, run_id: str) -> Run | None:
        return self.rows[profile].get(run_id)

    def of(self, profile: str, flow: str | None = None) -> list[Run]:
        return [run for run in self.rows[profile].values() if flow in (None, run.flow)]

    def save(self, run: Run) -> None:
        self.rows[run.profile][run.id] = _next(self.rows[run.profile].get(run.id), run)

    def due(self, shard: int, before: int) -> Iterator[Due]:
        runs = [run for rows in self.rows.values() for run in rows.values() if run.due and not run.paused]
        return iter([Due(run.profile, run.id, run.due or 0) for run in runs if (run.due or 0) < before])

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        runs = [run for rows in self.rows.values() for run in rows.values() if run.paused and run.flow == flow]
        return [(run.profile, run.id) for run in runs][:limit]


class Ledger:
    """Messages by profile and cause."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Message]] = defaultdict(dict)

    def claim(self, message: Message) -> Message | None:
        known = self.rows[message.profile].get(message.cause)
        if known is None:
            self.rows[message.profile][message.cause] = message
        return known

    def save(self, message: Message, *, expected: tuple[str, int]) -> None:
        known = self.rows[message.profile].get(message.cause)
        if known is None or (known.state, known.attempt) != expected:
            raise Conflict("save message")
        self.rows[message.profile][message.cause] = message

    def get(self, profile: str, cause: str) -> Message | None:
        return self.rows[profile].get(cause)

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        known = self.rows[profile].get(cause)
        if known and known.state == "claimed":
            self.rows[profile][cause] = replace(known, state="sent", ses_id=ses_id, at=at)

    def of(self, profile: str) -> list[Message]:
        return list(self.rows[profile].values())


class Definitions:
    """Every version of everything, in the order of publication; the latest of each is current."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[Definition]] = {}
        self.published = 0

    def revision(self) -> int:
        return self.published

    def current(self) -> list[Definition]:
        return [versions[-1] for _, versions in sorted(self.rows.items())]

    def latest(self, kind: str, name: str) -> int:
        return len(self.versions(kind, name))

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        return next((each for each in self.versions(kind, name) if each.version == version), None)

    def versions(self, kind: str, name: str) -> list[Definition]:
        return list(self.rows.get((kind, name), ()))

    def publish(self, definition: Definition) -> Definition:
        versions = self.rows.setdefault((definition.kind, definition.id), [])
        self.published += 1
        keeps = {address: Kept(asks, since or self.published) for address, (asks, since) in definition.kept.items()}
        number = len(versions)
        versions.append(replace(definition, version=number + 1, replaces=number, revision=self.published, kept=keeps))
        return versions[-1]


def _next(stored: Any, new: Any) -> Any:
    """The record with its next version, if it was read as it is stored."""
    if (stored.version if stored else 0) != new.version:
        raise Conflict("save")
    return replace(new, version=new.version + 1)


@dataclass(frozen=True)
class Mail:
    """One e-mail that SES took."""

    to: str
    cause: str
    text: str
    at: int


@dataclass
class InMemoryApp:
    """One small world, with its clock; it is every port but those that nothing here needs.

    While ``stalled`` nothing is folded, as when a stream lags behind.
    """

    now: int
    log: Log = field(default_factory=Log)
    people: People = field(default_factory=People)
    runs: Runs = field(default_factory=Runs)
    ledger: Ledger = field(default_factory=Ledger)
    definitions: Definitions = field(default_factory=Definitions)
    products: MemoryProducts = field(default_factory=MemoryProducts)
    quarantine: MemoryQuarantine = field(default_factory=MemoryQuarantine)
    secrets: MemorySecrets = field(default_factory=lambda: MemorySecrets({"signing-key": ("k",), "shopify": ("s",)}))
    mails: list[Mail] = field(default_factory=list)
    stalled: bool = False
    ruleset: Ruleset = field(default_factory=lambda: load(()))
    settings: Settings = field(default_factory=lambda: read(SETTINGS))

    def __post_init__(self) -> None:
        self.queues = self.mailer = self
        self.sender = MemorySender()
        self._queue: list[tuple[int, int, Task]] = []
        self._numbers = count()

    @property
    def context(self) -> Context:
        """What a use case works with at this second."""
        return Context(self, self.settings, lambda: self.ruleset, self.now)

    def publish_text(self, kind: str, name: str, text: str) -> None:
        """Check a definition and make it current."""
        current = self.definitions.current()
        before = next((each for each in current if (each.kind, each.id) == (kind, name)), None)
        body = check(kind, name, text, current)
        new = Definition(kind, name, 0, text, body, "test", self.now)
        again = flow_state.resumed(before, body, self.now)
        there = [new, *(each for each in current if each is not before)]
        keeps = KeptTimelines(current, there).kept(new)
        stored = self.definitions.publish(replace(new, kept=keeps, resumed=again))
        self.ruleset = load(self.definitions.current(), self.definitions.revision())
        if kind == "flows":
            flow_state.request_resumption(self.context, stored)

    def webhook(self, topic: str, body: Any, *, event_id: str) -> None:
        """Take a signed Shopify webhook into the log."""
        raw = json.dumps(body).encode()
        signature = base64.b64encode(hmac.new(b"s", raw, hashlib.sha256).digest()).decode()
        told = {"topic": topic, "event-id": event_id, "hmac-sha256": signature}
        headers = {f"x-shopify-{name}": value for name, value in told.items()}
        receipt = collect(self.context, "shopify", Request(raw, headers, "", self.now, "EUR"))
        assert not receipt.quarantined

    def send(self, given: Any, tags: Mapping[str, str] | None = None) -> str:
        """The queues take dispatches; SES takes a raw message with tags."""
        if tags is not None:
            message = email.message_from_bytes(given, policy=policy.default)
            body = message.get_body(("plain",))
            assert body
            self.mails.append(Mail(str(message["to"]), tags["cause"], body.get_content(), self.now))
            return f"ses-{len(self.mails)}"
        for each in given:
            self._put(each)
        return ""

    def _put(self, each: Dispatch) -> None:
        heapq.heappush(self._queue, (self.now + each.delay, next(self._numbers), each.task))

    def to(self, instant: int) -> None:
        """Go on to the instant; everything due on the way happens on its second."""
        self.settle()
        while (following := self._following()) <= instant:
            self.now = following
            if following % MINUTE == 0:
                tick(self.context)
            self.settle()
        self.now = instant

    def _following(self) -> int:
        """The next minute at which a tick would find something, or the next message of a queue."""
        minute = self.now - self.now % MINUTE + MINUTE
        dues = [row.due for row in (*self.people.due(0, 1 << 62), *self.runs.due(0, 1 << 62))]
        ticks = [max(minute, due - due % MINUTE - MINUTE) for due in [min(dues)]] if dues else []
        return min([*ticks, *(max(self.now, at) for at, *_ in self._queue[:1])], default=1 << 62)

    def settle(self) -> None:
        """Work until nothing is left to do at this second."""
        while self._step():
            pass

    def _step(self) -> bool:
        if self.log.stream and not self.stalled:
            batch = [self.log.stream.popleft() for _ in range(min(100, len(self.log.stream)))]
            assert fold(self.context, batch) == {}
            return True
        if self.people.stream:
            before, after = self.people.stream.popleft()
            if after.notify and not after.merged_into:
                states = self.ruleset.state(before or StoredState(after.profile)), self.ruleset.state(after)
                react(self.context, Change(after.profile, *states, after.version), RECEIVERS)
            return True
        if self._queue and self._queue[0][0] <= self.now:
            self._do(heapq.heappop(self._queue)[2])
            return True
        return False

    def _do(self, task: Task) -> None:
        match task:
            case WakeProfile():
                wake(self.context, task.profile)
            case AdvanceRun():
                advance(self.context, task.profile, task.run)
            case DivideRuns():
                divide_runs(self.context, task.profile)
            case ResumeFlow():
                flow_state.resume(self.context, task.flow)
            case _:
                raise AssertionError(f"nothing here does {task}")
