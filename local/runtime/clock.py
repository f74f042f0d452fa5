"""The clock of the whole process, which is frozen between moves, so that a day passes only on request."""

import os
import re
import time
from datetime import UTC, datetime
from typing import Protocol

import time_machine

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
FARTHEST = 3660 * UNITS["d"]


class ClockFault(ValueError):
    """A request to move the clock that cannot be carried out; ``where`` is the field at fault."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


class RealTime(Exception):
    """The clock is real and cannot be moved."""


class Clock(Protocol):
    """The time of the process; ``virtual`` is True if it can be moved."""

    virtual: bool

    def start(self) -> None:
        """Take control of the time."""

    def stop(self) -> None:
        """Restore the real time."""

    def move(self, to: int) -> None:
        """Move to the instant (seconds UTC); raises RealTime if that is impossible."""


class VirtualClock:
    """Frozen wall time for every thread; ``time.monotonic`` stays real, so waits and servers work."""

    virtual = True

    def __init__(self, start: int) -> None:
        self._travel = time_machine.travel(start, tick=False)
        self._traveller: time_machine.Traveller | None = None

    def start(self) -> None:
        """Freeze the time at the start."""
        self._traveller = self._travel.start()

    def stop(self) -> None:
        """Restore the real time."""
        if self._traveller is not None:
            self._travel.stop()
            self._traveller = None

    def move(self, to: int) -> None:
        """Move to the instant (seconds UTC); an earlier one is ignored."""
        if self._traveller is not None and to > time.time():
            self._traveller.move_to(to, tick=False)


class RealClock:
    """The machine's own time, used with another AWS."""

    virtual = False

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def move(self, to: int) -> None:
        """Raise RealTime."""
        raise RealTime("this host runs against another AWS, whose clock is real and cannot be moved")


def now() -> int:
    """The current time of the process in seconds UTC."""
    return int(time.time())


def rfc3339(instant: float) -> str:
    """The instant (seconds UTC) as text in whole seconds."""
    return datetime.fromtimestamp(int(instant), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_millis(instant: float) -> str:
    """The instant (seconds UTC) as text with milliseconds."""
    return datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def starting_point() -> int:
    """The instant in ``SEGUE_NOW``, else the real time (seconds UTC)."""
    start = os.environ.get("SEGUE_NOW", "")
    return instant_of(start, "SEGUE_NOW") if start else now()


def span_of(text: object, where: str = "advance") -> int:
    """The seconds of a span such as ``24h`` or ``1h30m``; raises ClockFault."""
    if not isinstance(text, str) or not re.fullmatch(r"(\d{1,12}[smhdw])+", text):
        raise ClockFault(
            where, f"{text!r} is not a span: write whole numbers with s, m, h, d or w, such as 24h or 1h30m"
        )
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhdw])", text))


def instant_of(text: object, where: str = "to") -> int:
    """The seconds UTC of an RFC 3339 instant; raises ClockFault."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in str(text):
        raise ClockFault(where, f"{text!r} is not an RFC 3339 instant with an offset, such as 2026-11-27T09:00:00Z")
    return int(moment.timestamp())


def target(body: object, at: int) -> int:
    """The instant (seconds UTC) to which a request moves the clock; raises ClockFault."""
    if not isinstance(body, dict) or len(body.keys() & {"advance", "to"}) != 1:
        raise ClockFault("", 'say either {"advance": "24h"} or {"to": "<RFC 3339>"}')
    to = at + span_of(body["advance"]) if "advance" in body else instant_of(body["to"])
    if to < at:
        raise ClockFault("to", f"{rfc3339(to)} has passed: the clock stands at {rfc3339(at)} and never goes back")
    if to - at > FARTHEST:
        raise ClockFault("advance" if "advance" in body else "to", "the clock moves ten years at most in one go")
    return to
