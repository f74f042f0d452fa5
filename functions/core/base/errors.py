"""The exceptions of the project, in one tree.

SegueError
├── Refused              the caller's fault: the request or definition is wrong (4xx)
│   ├── Malformed        400  not JSON, wrong types, missing fields
│   ├── Oversize         413  larger than the documented limit
│   ├── BadSignature     401  gives no reason
│   ├── BadCredential    401  write key or token is missing or unknown
│   ├── Forbidden        403  the token's role lacks this
│   ├── UnknownSource    404  lists the sources that exist
│   ├── UnknownDestination    lists the destinations that exist
│   ├── NotFound         404
│   ├── Expired          410  was good until an instant that has passed
│   ├── MethodNotAllowed 405  lists the methods that the path has
│   ├── TooMany          429  more than a sender may; says when to try again
│   ├── InUse            409  lists every place that refers to what was to be withdrawn
│   ├── Outdated         412  what is current is not what the caller saw
│   └── DefinitionRefused 422 lists every fault with line, column, suggestion
├── SendRefused          SES will never take this message: an address or a sender it does not accept
├── Undeliverable        a destination will never take this; trying again does not help
│   └── Unsupported      the receiver's interface cannot express it
├── NotUnderstood        genuine but not mapped: goes to quarantine, answered 200
├── Undecided            the event log is needed to decide whether two entries of a state are the same event
├── TooLong              a person has more events than may be read at once, and all are needed
├── Unsendable           a message cannot be made for this person; trying again does not help
└── Unavailable          a fault of this system or of AWS: try again (503 with Retry-After)
    ├── Throttled        AWS asks for a slower pace
    │   └── QuotaUsedUp  SES has taken as much of the account as it takes in a day
    ├── SendingPaused    SES takes nothing of the account for now
    ├── RequestInvalid   AWS takes the request itself for wrong: only another version of this program helps
    │   └── RowTooLarge  more than a row of DynamoDB holds
    ├── StoredByNewer    a newer release has stored what this one cannot read: only a newer one helps
    ├── Conflict         another writer changed the same item first
    └── OutcomeUnknown   the call may or may not have happened
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class SegueError(Exception):
    """The base class of all exceptions of this project."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a message, its place (path, line, column) and a suggestion of what would be right."""

    message: str
    where: str = ""
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None


class Refused(SegueError):
    """The request is wrong: the sender must change it before trying again. ``status`` is the HTTP status."""

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


class Forbidden(Refused):
    """The token is valid, and its role may not do this."""

    status = 403


class UnknownSource(Refused):
    """The source does not exist; the fault lists those that do."""

    status = 404


class UnknownDestination(Refused):
    """The destination does not exist; the fault lists those that do."""


class NotFound(Refused):
    """What the request names does not exist."""

    status = 404


class Expired(Refused):
    """What the request names was good for a time that is over."""

    status = 410


class MethodNotAllowed(Refused):
    """The path exists, but not with this method."""

    status = 405

    def __init__(self, methods: Iterable[str]) -> None:
        self.methods = sorted(methods)
        super().__init__(Fault(f"this path takes {', '.join(self.methods)}", where="method"))


class TooMany(Refused):
    """There is more than there may be; ``after`` is in how many seconds the same request may be sent again."""

    status = 429

    def __init__(self, after: int, what: str = "more than one sender may send;") -> None:
        super().__init__(Fault(f"{what} try again in {after} seconds"))
        self.after = after


class InUse(Refused):
    """A definition cannot be withdrawn because others refer to it; there is one fault for each of these places.

    ``referrers`` are the same places as JSON, with kind and id.
    """

    status = 409

    def __init__(self, *faults: Fault, referrers: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(*faults)
        self.referrers = referrers


class Outdated(Refused):
    """Something was published since the caller looked; nothing was done."""

    status = 412


class DefinitionRefused(Refused):
    """A definition does not parse, breaks a check, or disagrees with its own examples."""

    status = 422


class NotUnderstood(SegueError):
    """The request is genuine (its signature holds) but has no mapping to events; it is kept whole in quarantine."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SendRefused(SegueError):
    """SES refused the message for good; it was not sent and trying again does not help."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Undeliverable(SegueError):
    """The destination refused for good; ``reason`` is its error code or status and holds no personal data."""

    def __init__(self, destination: str, reason: str) -> None:
        super().__init__(f"{destination}: {reason}")
        self.destination = destination
        self.reason = reason


class Unsupported(Undeliverable):
    """The receiver's interface cannot express what is to be delivered; ``reason`` names the part that it lacks."""


class Undecided(SegueError):
    """It cannot be decided whether a stored entry is the new event: repeat the call with the person's events.

    Events from ``since`` on (seconds UTC) are likely to be enough; None asks for all of them.
    """

    def __init__(self, since: int | None = None) -> None:
        super().__init__(since)
        self.since = since


class TooLong(SegueError):
    """All events of a person are needed, and they are more than may be read at once: nobody can help but the shop."""


class Unsendable(SegueError):
    """A message cannot be made; ``subject`` is the template or header, and ``reason`` holds no personal data."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.subject = subject
        self.reason = reason


class Unavailable(SegueError):
    """An operation of this system failed; the same request may succeed later. ``code`` is the service's error code.

    ``after`` is how many seconds the service asks to wait before that; 0 if it says nothing.
    """

    def __init__(self, operation: str, code: str = "", *, after: int = 0) -> None:
        super().__init__(f"{operation}: {code}" if code else operation)
        self.operation = operation
        self.code = code
        self.after = after


class Throttled(Unavailable):
    """AWS asks for a slower pace; the call had no effect."""


class QuotaUsedUp(Throttled):
    """SES has taken as many messages of the account as it takes in 24 hours; this one was not sent."""


class SendingPaused(Unavailable):
    """SES takes no message of the account, or of the configuration set, for now; this one was not sent."""


class RequestInvalid(Unavailable):
    """AWS refused the request for what it holds; the call had no effect, and the same one is refused again."""


class RowTooLarge(RequestInvalid):
    """The row has no room in DynamoDB; the call had no effect, and whoever tries again is told the same."""

    def __init__(self, operation: str, size: int) -> None:
        super().__init__(operation, f"the row has {size} bytes, which is more than DynamoDB's 400 KB")
        self.size = size


class StoredByNewer(Unavailable):
    """A newer release has stored what this one cannot read; nothing was read or written.

    It is an outage and no fault of what was worked on: nothing is given up until a release is there that reads it.
    """

    def __init__(self, stored: int, read: int) -> None:
        text = f"a newer release has stored format {stored}, and this one reads up to {read}: deploy a newer release"
        super().__init__("read what is stored", text)
        self.stored = stored
        self.read = read


class Conflict(Unavailable):
    """The item changed since it was read; the call had no effect."""


class OutcomeUnknown(Unavailable):
    """The connection broke or timed out after the request left; it may have taken effect."""


def is_outage(error: BaseException) -> bool:
    """True if the error is about this moment: AWS is away, slow or refuses access, or others write the same row.

    Any other is about what was worked on, or a fault of the program, and stays whoever tries again.
    """
    return isinstance(error, Unavailable) and not isinstance(error, RequestInvalid)


def as_ours(error: Exception) -> SegueError:
    """The error; for a fault of the program one of ours, which names its kind and nothing that it was about."""
    return error if isinstance(error, SegueError) else Unavailable("a fault of the program", type(error).__name__)
