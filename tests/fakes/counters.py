"""Counters by the hour."""


class FakeCounters:
    """How much of each thing there was in its latest hour."""

    def __init__(self) -> None:
        self.counts: dict[str, tuple[int, int]] = {}

    def take(self, name: str, hour: int, most: int) -> bool:
        began, count = self.counts.get(name, (hour, 0))
        if began < hour:
            began, count = hour, 0
        if count >= most:
            return False
        self.counts[name] = (began, count + 1)
        return True

    def take_cheaply(self, name: str, hour: int, most: int) -> bool:
        return self.take(name, hour, most)
