"""Everything that can go wrong, in one tree.

SegueError
├── Refused              their fault: the request or definition is wrong (4xx)
│   ├── Malformed        400  not JSON, wrong types, missing fields
│   ├── Oversize         413  larger than the documented limit
│   ├── BadSignature     401  says nothing about why
│   ├── BadCredential    401  write key or token is missing or unknown
│   ├── UnknownSource    404  carries the sources that exist
│   ├── UnknownDestination    carries the destinations that exist
│   ├── NotFound         404
│   ├── MethodNotAllowed 405  carries the methods that the path has
│   ├── InUse            409  carries every place that refers to what was to be withdrawn
│   └── DefinitionRefused 422 carries every fault with line, column, suggestion
├── SendRefused          SES will never take this message: an address or a sender it does not accept
├── Undeliverable        a destination will never take this; trying again does not help
│   └── Unsupported      its receiver has no place for it
├── NotUnderstood        genuine but not mapped: goes to quarantine, answered 200
├── Undecided            only the log can say whether two entries of a state are one event
├── Unsendable           a message cannot be made for this person; trying again does not help
└── Unavailable          our fault: try again (503 with Retry-After)
    ├── Throttled        AWS asks us to slow down
    ├── Conflict         somebody else wrote the same item first
    └── OutcomeUnknown   the call may or may not have happened
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class SegueError(Exception):
    """The root of the tree."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where it is, and what would be right."""

    message: str
    where: str = ""
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None


class Refused(SegueError):
    """The sender must change something before trying again."""

    status = 400

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{f.where}: {f.message}" if f.where else f.message for f in faults))
        self.faults: Sequence[Fault] = faults


class Malformed(Refused):
    """The body is not what the interface describes."""


class Oversize(Refused):
    """The body or one message is larger than its limit."""

    status = 413


class BadSignature(Refused):
    """The signature does not match; the answer carries no detail."""

    status = 401

    def __init__(self) -> None:
        super().__init__(Fault("signature"))


class BadCredential(Refused):
    """The write key or token is missing or unknown."""

    status = 401


class UnknownSource(Refused):
    """No such source; carries the known ones."""

    status = 404


class UnknownDestination(Refused):
    """No such destination; carries the known ones."""


class NotFound(Refused):
    """Nothing has this name."""

    status = 404


class MethodNotAllowed(Refused):
    """The path exists, but not with this method."""

    status = 405

    def __init__(self, methods: Iterable[str]) -> None:
        self.methods = sorted(methods)
        super().__init__(Fault(f"this path takes {', '.join(self.methods)}", where="method"))


class InUse(Refused):
    """A definition is referred to: one fault for each place; ``referrers`` are the places with kind and id, as JSON."""

    status = 409

    def __init__(self, *faults: Fault, referrers: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(*faults)
        self.referrers = referrers


class DefinitionRefused(Refused):
    """A definition does not parse, check or pass its own examples."""

    status = 422


class NotUnderstood(SegueError):
    """Genuine (its signature holds) but without a mapping; kept whole in quarantine."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SendRefused(SegueError):
    """SES refused the message for good; it was not sent and trying again does not help."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Undeliverable(SegueError):
    """The destination refused for good: ``reason`` is its code or status and holds nothing personal."""

    def __init__(self, destination: str, reason: str) -> None:
        super().__init__(f"{destination}: {reason}")
        self.destination = destination
        self.reason = reason


class Unsupported(Undeliverable):
    """What is to be delivered cannot be said to this receiver; ``reason`` says what it has no place for."""


class Undecided(SegueError):
    """What is stored may be the event that comes now, or another: do it again with the person's events at hand.

    Those from ``since`` on (seconds UTC) are likely to be enough; None for all.
    """

    def __init__(self, since: int | None = None) -> None:
        super().__init__(since)
        self.since = since


class Unsendable(SegueError):
    """A message cannot be made: ``subject`` is the template or header, ``reason`` holds nothing personal."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject
        self.reason = reason


class Unavailable(SegueError):
    """Something of ours failed; the same request may succeed later."""

    def __init__(self, operation: str, code: str = "") -> None:
        super().__init__(f"{operation}: {code}" if code else operation)
        self.operation = operation
        self.code = code


class Throttled(Unavailable):
    """AWS asks for a slower pace; the call had no effect."""


class Conflict(Unavailable):
    """The item changed since it was read; the call had no effect."""


class OutcomeUnknown(Unavailable):
    """The connection broke or timed out after the request left; it may have taken effect."""
