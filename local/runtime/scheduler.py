"""Runs all waiting work, one function call at a time, and moves the clock from one event to the next."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.aws.mailbox import Mailbox
from local.runtime.clock import Clock, now
from local.runtime.failures import Failures
from local.runtime.invoke import FunctionFailed, Functions
from local.runtime.queues import QueueConsumer
from local.runtime.schedule import Schedule
from local.runtime.streams import StreamReader
from local.runtime.terminal import Progress

# An asynchronous invocation is tried again after one minute, then after two more.
RETRIES = (60, 120)


class SesConsumer:
    """A function that gets SES's events from EventBridge asynchronously: one at a time, with three attempts."""

    def __init__(self, function: str) -> None:
        self.function = function
        self._waiting: deque[tuple[int, int, dict[str, Any]]] = deque()

    def offer(self, events: Sequence[dict[str, Any]]) -> None:
        """Queue the events."""
        self._waiting.extend((now(), 0, event) for event in events)

    def next_instant(self) -> int | None:
        """When the next attempt is due (seconds UTC); None if no event waits."""
        return min((at for at, _, _ in self._waiting), default=None)

    @property
    def waiting(self) -> int:
        """The number of waiting events."""
        return len(self._waiting)

    def step(self, functions: Functions, failures: Failures) -> bool:
        """Deliver the first event that is due; False if there is none."""
        entry = next((entry for entry in self._waiting if entry[0] <= now()), None)
        if entry is None:
            return False
        self._waiting.remove(entry)
        _, tries, event = entry
        try:
            functions.call(self.function, event)
        except FunctionFailed as failed:
            if tries < len(RETRIES):
                self._waiting.append((now() + RETRIES[tries], tries + 1, event))
            else:
                failures.buried(self.function, "event bus default", tries + 1, str(failed), event)
        return True


@dataclass(frozen=True, slots=True)
class Triggers:
    """Everything that calls functions, by kind."""

    streams: Sequence[StreamReader]
    queues: Sequence[QueueConsumer]
    ses: Sequence[SesConsumer]
    schedules: Sequence[Schedule]


class Scheduler:
    """Delivers work between functions."""

    def __init__(
        self,
        functions: Functions,
        failures: Failures,
        mailbox: Mailbox,
        clock: Clock,
        triggers: Triggers,
    ) -> None:
        self._functions = functions
        self._failures = failures
        self._mailbox = mailbox
        self._clock = clock
        self._readers = triggers.streams
        self._queues = triggers.queues
        self._ses = triggers.ses
        self._schedules = triggers.schedules
        # The start and the target of the clock's current move (seconds UTC).
        self.moving: tuple[int, int] | None = None

    def step(self) -> bool:
        """Call one function with waiting work; False if nothing can be done at this second."""
        for reader in self._readers:
            reader.read()
            for consumer in reader.consumers:
                if consumer.step(self._functions, self._failures):
                    return True
        self._mailbox.collect()
        events, self._mailbox.pending = self._mailbox.pending, []
        for ses in self._ses:
            ses.offer(events)
            if ses.step(self._functions, self._failures):
                return True
        if any(queue.step(self._functions, self._failures) for queue in self._queues):
            return True
        return not self._clock.virtual and self._tick()

    def settle(self) -> None:
        """Call functions until nothing can be done at this second."""
        while self.step():
            pass

    def advance(self, to: int) -> None:
        """Move the clock to the instant (seconds UTC), stopping at every second at which something happens."""
        for _ in self.advancing(to):
            pass

    def advancing(self, to: int) -> Iterator[None]:
        """``advance`` in slices of one function call, between which requests can be answered."""
        self._clock.move(now())
        self.moving = now(), to
        progress = Progress()
        try:
            yield from self._settling()
            while (instant := self.next_instant()) is not None and instant <= to:
                self._clock.move(instant)
                self._tick()
                yield
                yield from self._settling()
                progress.show(to)
            self._clock.move(to)
            yield from self._settling()
        finally:
            self.moving = None
            progress.clear()

    def _settling(self) -> Iterator[None]:
        while self.step():
            yield

    def next_instant(self) -> int | None:
        """The next second at which a message appears, an event or a record is retried or a tick finds something."""
        candidates = [queue.source.next_visible() for queue in self._queues]
        candidates += [consumer.next_instant() for reader in self._readers for consumer in reader.consumers]
        candidates += [ses.next_instant() for ses in self._ses]
        candidates += [schedule.next_instant() for schedule in self._schedules]
        return min((instant for instant in candidates if instant is not None), default=None)

    def waiting(self) -> dict[str, int]:
        """The number of waiting records, messages or events, by source and function."""
        streams = {
            f"stream {consumer.trigger.table} → {consumer.function}": consumer.waiting
            for reader in self._readers
            for consumer in reader.consumers
        }
        queues = {f"queue {queue.trigger.queue} → {queue.function}": queue.source.waiting for queue in self._queues}
        return {**streams, **queues, **{f"SES → {ses.function}": ses.waiting for ses in self._ses}}

    def _tick(self) -> bool:
        fired = [schedule.fire(self._functions) for schedule in self._schedules]
        return any(fired)
