"""Transitions: a profile entering or leaving a segment."""

from dataclasses import dataclass

_WRITES = 1_000_000


def order(evaluated: int, version: int) -> int:
    """A number that orders all writes of one profile.

    ``evaluated`` is the instant (seconds UTC) of the written state, which never decreases; ``version`` is the number of
    the write, which distinguishes writes of one second. ``version`` alone does not suffice, since it starts again if an
    erased person comes back.
    """
    return evaluated * _WRITES + version % _WRITES


@dataclass(frozen=True, slots=True)
class Transition:
    """One profile entering or leaving one segment.

    at       the instant, seconds UTC
    cause    event, time, published or backfill
    order    grows with every write of the profile, and is the same however often the transition is read from the
             stream: of two transitions of one profile the one of the higher order came later
    """

    profile: str
    segment: str
    entered: bool
    at: int
    cause: str
    order: int = 0

    @property
    def name(self) -> str:
        """The event name that receivers get."""
        return "Segment Entered" if self.entered else "Segment Left"

    @property
    def key(self) -> str:
        """The idempotency key for receivers: equal for repetitions of the same transition and for nothing else.

        The instant is not part of it, since a late event may make somebody enter again as of an earlier instant.
        """
        return f"{self.profile}:{self.order}:{self.segment}:{'entered' if self.entered else 'left'}"
