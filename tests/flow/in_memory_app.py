"""The real use cases on ports in memory: a shop with thousands of people in the time that a host needs for a few.

The ports are the fakes of tests/fakes; streams, queues with delays, the minute tick and SES stand between them as they
do in the host.
"""

import base64
import email
import hashlib
import heapq
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email import policy
from itertools import count
from typing import Any

from functions.core.base.tasks import Dispatch, Task
from functions.core.base.tasks.jobs import SweepSegment
from functions.core.base.tasks.refolds import RebuildSegment
from functions.core.base.tasks.steps import AdvanceRun, AskConfirmation, DivideRuns, ResumeFlow
from functions.core.base.tasks.ticks import QueueShard
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.base.translation import Request
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset, load
from functions.core.profiles.records import StoredState
from functions.destinations import named
from functions.settings import Settings, read
from functions.usecases import flow_state
from functions.usecases.advance import advance
from functions.usecases.ask_confirmation import ask_confirmation
from functions.usecases.collect import collect
from functions.usecases.context import Context
from functions.usecases.deliver import Receivers
from functions.usecases.divide_runs import divide_runs
from functions.usecases.fold import fold
from functions.usecases.react import ProfileChange, react
from functions.usecases.rebuild import rebuild
from functions.usecases.sweep import sweep
from functions.usecases.tick import queue_shard, tick
from functions.usecases.wake import wake
from tests.fakes import FakePorts
from tests.fakes.mailer import FakeMailer
from tests.fakes.queues import FakeQueues
from tests.publishing import publish

MINUTE = 60
RECEIVERS = Receivers(named("eventbus"))
SETTINGS = {"FROM_ADDRESS": "shop@shop.example", "PUBLIC_URL": "https://shop.example", "DUE_SHARDS": "1"}


@dataclass(frozen=True)
class Mail:
    """One e-mail that SES took."""

    to: str
    cause: str
    text: str
    at: int


@dataclass
class InMemoryApp(FakePorts):
    """One small world, with its clock.

    While ``stalled`` nothing is folded, as when a stream lags behind.
    """

    now: int
    mails: list[Mail] = field(default_factory=list)
    dead: list[Task] = field(default_factory=list)
    stalled: bool = False
    ruleset: Ruleset = field(default_factory=lambda: load(()))
    settings: Settings = field(default_factory=lambda: read(SETTINGS), kw_only=True)

    def __post_init__(self) -> None:
        self.queues = FakeQueues(self._queued)
        self.mailer = FakeMailer(taken=self.mailed)
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
        (stored,) = publish(self.definitions, replace(new, resumed=again))
        self.ruleset = load(self.definitions.current(), self.definitions.revision())
        if kind == "flows":
            flow_state.request_resumption(self.context, stored)

    def webhook(self, topic: str, body: Any, *, event_id: str) -> None:
        """Take a signed Shopify webhook into the log."""
        raw = json.dumps(body).encode()
        signature = base64.b64encode(
            hmac.new(self.secrets.get("shopify")[0].encode(), raw, hashlib.sha256).digest()
        ).decode()
        told = {"topic": topic, "event-id": event_id, "hmac-sha256": signature}
        headers = {f"x-shopify-{name}": value for name, value in told.items()}
        receipt = collect(self.context, "shopify", Request(raw, headers, "", self.now, "EUR"))
        assert not receipt.quarantined

    def mailed(self, raw: bytes, tags: Mapping[str, str]) -> None:
        """SES takes a message."""
        message = email.message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain",))
        assert body
        self.mails.append(Mail(str(message["to"]), tags["cause"], body.get_content(), self.now))

    def _queued(self, dispatch: Dispatch) -> None:
        if dispatch.dead:
            self.dead.append(dispatch.task)
            return
        heapq.heappush(self._queue, (self.now + dispatch.delay, next(self._numbers), dispatch.task))

    def to(self, instant: int) -> None:
        """Go on to the instant; everything due on the way happens on its second."""
        self.settle()
        while (following := self._following()) <= instant:
            self.now = following
            if following % MINUTE == 0:
                tick(self.context, lambda: self.now, lambda: False)
            self.settle()
        self.now = instant

    def _following(self) -> int:
        """The next minute at which a tick would find something, or the next message of a queue."""
        minute = self.now - self.now % MINUTE + MINUTE
        dues = [due for due in (self.people.earliest(), self.runs.earliest()) if due is not None]
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
                react(self.context, ProfileChange(after.profile, *states, after.version), RECEIVERS)
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
            case QueueShard():
                queue_shard(self.context, task, lambda: self.now, lambda: False)
            case DivideRuns():
                divide_runs(self.context, task.profile)
            case AskConfirmation():
                ask_confirmation(self.context, task)
            case ResumeFlow():
                flow_state.resume(self.context, task.flow)
            case SweepSegment():
                sweep(lambda: self.context, task, lambda: False)
            case RebuildSegment():
                rebuild(lambda: self.context, task, lambda: False)
            case _:
                raise AssertionError(f"nothing here does {task}")
