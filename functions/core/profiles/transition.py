"""Entering and leaving segments."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """One profile entering or leaving one segment.

    at       the instant, seconds UTC
    cause    event, time, published or backfill
    version  of the profile's stored state after it: grows with every write, and is the same however often the
             transition is read from the stream
    """

    profile: str
    segment: str
    entered: bool
    at: int
    cause: str
    version: int = 0

    @property
    def name(self) -> str:
        """What receivers know it as."""
        return "Segment Entered" if self.entered else "Segment Left"

    @property
    def key(self) -> str:
        """Equal for repetitions of the transition and for nothing else: what receivers tell repetitions by.

        The instant is not part of it: an event that comes late may bring somebody back in as of an earlier instant.
        """
        return f"{self.profile}:{self.version}:{self.segment}:{'entered' if self.entered else 'left'}"
