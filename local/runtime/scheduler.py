"""Runs all waiting work, one function call at a time, and moves the clock from one event to the next."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.aws.mailbox import Mailbox
from local.runtime.clock import Clock, now
from local.runtime.failures import Failures
from local.runtime.invoke import Functions
from local.runtime.queues import QueueConsumer
from local.runtime.schedule import Schedule
from local.runtime.streams import StreamReader
from local.runtime.terminal import Progress

Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Triggers:
    """Everything that calls functions, by kind."""

    streams: Sequence[StreamReader]
    queues: Sequence[QueueConsumer]
    schedules: Sequence[Schedule]


class Scheduler:
    """Delivers work between functions; ``report`` takes what SES publishes about e-mails."""

    def __init__(
        self,
        functions: Functions,
        failures: Failures,
        mailbox: Mailbox,
        clock: Clock,
        triggers: Triggers,
        report: Report,
    ) -> None:
        self._functions = functions
        self._failures = failures
        self._mailbox = mailbox
        self._report = report
        self._clock = clock
        self._readers = triggers.streams
        self._queues = triggers.queues
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
        for event in events:
            self._report(event)
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
        """The next second at which a message appears, a record is retried or a tick finds something."""
        candidates = [queue.source.next_visible() for queue in self._queues]
        candidates += [consumer.next_instant() for reader in self._readers for consumer in reader.consumers]
        candidates += [schedule.next_instant() for schedule in self._schedules]
        return min((instant for instant in candidates if instant is not None), default=None)

    def waiting(self) -> dict[str, int]:
        """The number of waiting records and messages, by source and function."""
        streams = {
            f"stream {consumer.trigger.table} → {consumer.function}": consumer.waiting
            for reader in self._readers
            for consumer in reader.consumers
        }
        queues = {f"queue {queue.trigger.queue} → {queue.function}": queue.source.waiting for queue in self._queues}
        return {**streams, **queues}

    def _tick(self) -> bool:
        fired = [schedule.fire(self._functions) for schedule in self._schedules]
        return any(fired)
