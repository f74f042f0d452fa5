"""How fast and how much may be sent: what SES allows the account, and what of it each kind of message may have."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Kind = Literal["transactional", "marketing"]
# What there is too little of: of this second, of the day, or of everything while SES has paused the account.
Shortage = Literal["rate", "day", "paused"]

_DAY_MS = 86_400_000
# While nothing may be sent, so many messages look again a day for each that the account may send in one: the work does
# not grow with how many wait, and a quota that is free again is used up within a few hours.
_LOOKS = 8
# No account may send as much.
_UNBOUNDED = 10**12


class Allowance(NamedTuple):
    """What SES allows the account: messages a second and in 24 hours, None for no bound, and how many those were."""

    rate: int
    per_day: int | None
    sent: int
    is_sending: bool = True

    @property
    def left(self) -> int:
        """How many more it may send now."""
        return _UNBOUNDED if self.per_day is None else max(0, self.per_day - self.sent)


class Budget(NamedTuple):
    """What is left of an allowance, over all functions. Times are seconds UTC unless they say otherwise.

    read    when SES was asked for the allowance
    second  the latest second in which a message was taken, and ``taken`` how many were
    left    how many more may be sent in this day
    lines   where each line of waiting messages ends (milliseconds UTC), by its name
    """

    allowance: Allowance
    read: int
    second: int = 0
    taken: int = 0
    left: int = 0
    lines: Mapping[str, int] = {}


class Bounds(NamedTuple):
    """Of each second a kind of message may have the first ``most``, and of the day all but the last ``least``."""

    most: int
    least: int


def bounds(allowance: Allowance, kind: Kind, reserve: int) -> Bounds:
    """What a kind of message may have, if ``reserve`` per cent are kept from marketing; it may always have one."""
    if kind == "transactional":
        return Bounds(max(1, allowance.rate), 0)
    return Bounds(max(1, allowance.rate * (100 - reserve) // 100), (allowance.per_day or 0) * reserve // 100)


def step(allowance: Allowance, bounds: Bounds, shortage: Shortage) -> int:
    """How far apart messages that wait for the same thing try again (milliseconds)."""
    paced = -(-1000 // bounds.most)
    if shortage == "rate" or allowance.per_day is None:
        return paced
    return max(paced, _DAY_MS // (_LOOKS * max(1, allowance.per_day - bounds.least)))
