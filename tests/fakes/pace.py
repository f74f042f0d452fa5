"""What is left of SES's rate and daily quota."""

from functions.core.messages.pace import Allowance, Bounds, Budget, Shortage


class FakePace:
    """One budget."""

    def __init__(self) -> None:
        self.stored: Budget | None = None
        self._leased = 0

    def budget(self, now: int) -> Budget | None:
        return self.stored

    def lease(self, now: int, until: int) -> bool:
        if self._leased > now:
            return False
        self._leased = until
        return True

    def store(self, allowance: Allowance, now: int) -> None:
        before = self.stored or Budget(allowance, 0)
        if before.read <= now:
            self.stored = before._replace(allowance=allowance, read=now, left=allowance.left)

    def take(self, second: int, bounds: Bounds) -> Shortage | None:
        if self.stored is None:
            return None
        if self.stored.left <= bounds.least:
            return "day"
        taken = self.stored.taken if self.stored.second >= second else 0
        if taken >= bounds.most and self.stored.second >= second:
            return "rate"
        second = max(second, self.stored.second)
        self.stored = self.stored._replace(second=second, taken=taken + 1, left=self.stored.left - 1)
        return None

    def note(self, shortage: Shortage) -> None:
        if self.stored and shortage == "day":
            self.stored = self.stored._replace(left=0)
        if self.stored and shortage == "paused":
            self.stored = self.stored._replace(allowance=self.stored.allowance._replace(is_sending=False))

    def queue_up(self, line: str, now: int, step: int, last: int) -> int | None:
        assert self.stored is not None
        end = self.stored.lines.get(line, 0)
        if end >= last:
            return None
        place = max(end, now) + step
        self.stored = self.stored._replace(lines={**self.stored.lines, line: place})
        return place
