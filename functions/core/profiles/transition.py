"""Entering and leaving segments."""

from dataclasses import dataclass

_WRITES = 1_000_000


def order(evaluated: int, version: int) -> int:
    """The place of a write of a profile among all of its writes.

    ``evaluated`` is the instant (seconds UTC) of the state that was written, which never goes back; ``version`` is its
    number, which tells writes of one second apart. The number alone begins anew when an erased person comes back.
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
        """What receivers know it as."""
        return "Segment Entered" if self.entered else "Segment Left"

    @property
    def key(self) -> str:
        """Equal for repetitions of the transition and for nothing else: what receivers tell repetitions by.

        The instant is not part of it: an event that comes late may bring somebody back in as of an earlier instant.
        """
        return f"{self.profile}:{self.order}:{self.segment}:{'entered' if self.entered else 'left'}"
