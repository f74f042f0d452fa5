"""EventBridge Scheduler at a fixed rate, skipping the minutes in which a tick would find nothing."""

from collections.abc import Callable

from local.runtime.clock import now
from local.runtime.invoke import FunctionFailed, Functions
from local.runtime.lambda_events import schedule_event

DueOf = Callable[[], int | None]


class Schedule:
    """One function that is called at a fixed rate, on the boundaries of that rate.

    ``due_of`` returns the earliest instant in the due indexes (seconds UTC), which is all that a tick looks for; a tick
    one period before it is the first that can see it. Without ``due_of`` no boundary is skipped. Boundaries are counted
    from ``offset`` minutes after midnight.
    """

    def __init__(self, function: str, minutes: int, due_of: DueOf | None, offset: int = 0) -> None:
        self.function = function
        self._period = minutes * 60
        self._offset = offset * 60
        self._due_of = due_of
        self._fired = self._boundary()

    def _boundary(self) -> int:
        """The latest boundary (seconds UTC)."""
        return now() - (now() - self._offset) % self._period

    def next_instant(self) -> int | None:
        """The next boundary at which the function has something to do (seconds UTC)."""
        latest = self._boundary()
        coming = max(self._fired + self._period, latest if latest == now() else latest + self._period)
        if self._due_of is None:
            return coming
        due = self._due_of()
        if due is None:
            return None
        return max(coming, due - due % self._period - self._period)

    def fire(self, functions: Functions) -> bool:
        """Call the function if a boundary has passed since the last call."""
        instant = self.next_instant()
        if instant is None or instant > now():
            return False
        self._fired = self._boundary()
        try:
            functions.call(self.function, schedule_event(self.function))
        except FunctionFailed:
            # The failure is noted, and the next minute's tick finds the same rows.
            return True
        return True
