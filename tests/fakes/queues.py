"""Queues."""

from collections.abc import Callable, Sequence

from functions.core.base.tasks import Dispatch, RefusedDispatch


class FakeQueues:
    """What was sent, oldest first; ``taken`` is told of each on its way."""

    def __init__(self, taken: Callable[[Dispatch], None] | None = None) -> None:
        self.sent: list[Dispatch] = []
        self._taken = taken or self.sent.append

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        for dispatch in dispatches:
            self._taken(dispatch)

    def offer(self, dispatches: Sequence[Dispatch]) -> list[RefusedDispatch]:
        self.send(dispatches)
        return []

    def bring_back(self, queue: str, most: int) -> int:
        dead = [each for each in self.sent if each.dead and each.task.QUEUE == queue][:most]
        for each in dead:
            self.sent.remove(each)
        self.send([Dispatch(each.task) for each in dead])
        return len(dead)

    def of(self, queue: str) -> list[Dispatch]:
        """What was sent to the queue."""
        return [each for each in self.sent if each.queue == queue]
