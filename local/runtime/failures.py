"""Failures of functions: printed on the terminal at once, and kept for the page."""

import sys
import traceback
from dataclasses import asdict, dataclass, field
from typing import Any

from local.runtime.clock import now, rfc3339

KEPT = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """A function raised an error, or returned a part of its batch as failed."""

    at: str
    function: str
    message: str
    detail: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record or message that was given up after its last attempt, whole."""

    at: str
    function: str
    source: str
    attempts: int
    message: str
    payload: Any


@dataclass(slots=True)
class Failures:
    """The latest failures and dead letters, and their total numbers."""

    recent: list[Failure] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    count: int = 0
    dead_count: int = 0

    def raised(self, function: str, error: BaseException) -> None:
        """Record an exception of a function."""
        detail = "".join(traceback.format_exception(error))
        self._note(Failure(rfc3339(now()), function, f"{type(error).__name__}: {error}", detail))

    def refused(self, function: str, message: str) -> None:
        """Record that a function returned a part of its batch as failed."""
        self._note(Failure(rfc3339(now()), function, message, ""))

    def buried(self, function: str, source: str, attempts: int, message: str, payload: Any) -> None:
        """Record a dead letter."""
        self.dead_count += 1
        self.dead.append(DeadLetter(rfc3339(now()), function, source, attempts, message, payload))
        del self.dead[:-KEPT]
        print(f"✗ {function}: given up after {attempts} attempts, kept as a dead letter: {message}", file=sys.stderr)

    def as_json(self) -> dict[str, Any]:
        """The failures and dead letters for the page, newest first."""
        return {
            "failures": [asdict(failure) for failure in reversed(self.recent)],
            "failure_count": self.count,
            "dead_letters": [asdict(letter) for letter in reversed(self.dead)],
            "dead_letter_count": self.dead_count,
        }

    def _note(self, failure: Failure) -> None:
        self.count += 1
        is_repeated = any(before.message == failure.message for before in self.recent)
        self.recent.append(failure)
        del self.recent[:-KEPT]
        print(f"✗ {failure.function} at {failure.at}: {failure.message}", file=sys.stderr)
        if failure.detail and not is_repeated:
            print(failure.detail, file=sys.stderr, flush=True)
