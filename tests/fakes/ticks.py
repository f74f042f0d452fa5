"""The progress of ticks."""

from functions.core.base.errors import Conflict
from functions.core.flows.due_windows import Progress


class FakeTicks:
    """One progress, written on the version that was read."""

    def __init__(self) -> None:
        self.progress = Progress()

    def read(self) -> Progress:
        return self.progress

    def save(self, progress: Progress) -> Progress:
        if progress.version != self.progress.version:
            raise Conflict("save")
        self.progress = progress._replace(version=progress.version + 1)
        return self.progress
