"""The clock that the whole process lives under: frozen between moves, so that a day passes when it is told to."""

import os
import re
import time
from datetime import UTC, datetime
from typing import Protocol

import time_machine

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
FARTHEST = 3660 * UNITS["d"]


class ClockFault(ValueError):
    """A request to move the clock that cannot be followed; ``where`` is the field."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


class RealTime(Exception):
    """The clock is not ours to move."""


class Clock(Protocol):
    """What tells the process the time, and whether that time can be moved."""

    virtual: bool

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Give the real time back."""

    def move(self, to: int) -> None:
        """Go on to the instant."""


class VirtualClock:
    """Frozen wall time for every thread; ``time.monotonic`` stays real, so waits and servers work."""

    virtual = True

    def __init__(self, start: int) -> None:
        self._travel = time_machine.travel(start, tick=False)
        self._traveller: time_machine.Traveller | None = None

    def start(self) -> None:
        """Freeze the process at the start."""
        self._traveller = self._travel.start()

    def stop(self) -> None:
        """Give the real time back."""
        if self._traveller is not None:
            self._travel.stop()
            self._traveller = None

    def move(self, to: int) -> None:
        """Go on to the instant; never back."""
        if self._traveller is not None and to > time.time():
            self._traveller.move_to(to, tick=False)


class RealClock:
    """The machine's own time: what another AWS lives under."""

    virtual = False

    def start(self) -> None:
        """Nothing to freeze."""

    def stop(self) -> None:
        """Nothing to give back."""

    def move(self, to: int) -> None:
        """Real time cannot be moved."""
        raise RealTime("this host runs against another AWS, whose clock is real and cannot be moved")


def now() -> int:
    """The second that the process is in."""
    return int(time.time())


def rfc3339(instant: float) -> str:
    """The instant as text, UTC, whole seconds."""
    return datetime.fromtimestamp(int(instant), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_millis(instant: float) -> str:
    """The instant as text, UTC, milliseconds."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def starting_point() -> int:
    """``SEGUE_NOW`` if it is set, else the real second."""
    start = os.environ.get("SEGUE_NOW", "")
    return instant_of(start, "SEGUE_NOW") if start else now()


def span_of(text: object, where: str = "advance") -> int:
    """Seconds of a span such as ``24h`` or ``1h30m``."""
    if not isinstance(text, str) or not re.fullmatch(r"(\d{1,12}[smhdw])+", text):
        raise ClockFault(
            where, f"{text!r} is not a span: write whole numbers with s, m, h, d or w, such as 24h or 1h30m"
        )
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhdw])", text))


def instant_of(text: object, where: str = "to") -> int:
    """The second of an RFC 3339 instant."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in str(text):
        raise ClockFault(where, f"{text!r} is not an RFC 3339 instant with an offset, such as 2026-11-27T09:00:00Z")
    return int(moment.timestamp())


def target(body: object, at: int) -> int:
    """The instant that a request to move the clock means; raises ClockFault."""
    if not isinstance(body, dict) or len(body.keys() & {"advance", "to"}) != 1:
        raise ClockFault("", 'say either {"advance": "24h"} or {"to": "<RFC 3339>"}')
    to = at + span_of(body["advance"]) if "advance" in body else instant_of(body["to"])
    if to < at:
        raise ClockFault("to", f"{rfc3339(to)} has passed: the clock stands at {rfc3339(at)} and never goes back")
    if to - at > FARTHEST:
        raise ClockFault("advance" if "advance" in body else "to", "the clock moves ten years at most in one go")
    return to
