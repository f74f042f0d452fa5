"""Limits on how often somebody may send: token buckets, of which only the latest used are remembered."""

from collections import OrderedDict
from collections.abc import Iterable

# Buckets that are remembered, about 2 MB; beyond it the one that was not used for longest is forgotten, and is full
# again. Whoever makes up new names all the time is bounded by their address, and by the API as a whole.
MOST = 10_000


class Rates:
    """Buckets by name. Each holds what one minute allows, and fills by that much a minute."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, names: Iterable[str], per_minute: int, now: int, count: int = 1) -> int:
        """Take ``count`` from the bucket of each name, or from none: then after how many seconds each has them; else 0.

        ``now`` is in seconds UTC, ``count`` at most ``per_minute``.
        """
        left = {name: self._filled(name, per_minute, now) for name in names}
        if (least := min(left.values(), default=float(count))) < count:
            return int((count - least) * 60 / per_minute) + 1
        for name, amount in left.items():
            self._left[name] = amount - count, now
            self._left.move_to_end(name)
        while len(self._left) > MOST:
            self._left.popitem(last=False)
        return 0

    def __len__(self) -> int:
        return len(self._left)

    def _filled(self, name: str, per_minute: int, now: int) -> float:
        amount, since = self._left.get(name, (float(per_minute), now))
        return min(float(per_minute), amount + max(0, now - since) * per_minute / 60)
