"""What is left of erased people: for each of their identifiers a salted hash, and when they were erased.

What was said of them before, in a delivery that is repeated, a request in quarantine, a file, or the stream of the log
at that moment, is recognised by it and falls away. What is said later is about a new person. Times are seconds UTC.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from functions.core.base.events import Event, Suppression, log_key
from functions.core.base.identity import is_address

DAY = 86_400
# Requests stay in quarantine for 90 days after they came, and an event that is older than the log is never repeated.
BEYOND_THE_LOG = 90 * DAY
_STAMP = len("2026-11-21T19:13:05")
# Sources whose bodies alone are signed; an SDK's message without a time happened when it came.
_DATED_BY_HEADERS = frozenset({"shopify"})
_UNDATED = "~"


class Mark(NamedTuple):
    """An erased identifier: ``key`` is its salted hash, ``at`` when it was erased.

    ``said_no`` and ``suppression`` are those of an address, kept so that nobody is written to who has said no.
    """

    key: str
    at: int
    said_no: bool = False
    suppression: Suppression | None = None


def key(identifier: str, salt: str) -> str:
    """The salted hash of an identifier: 32 hex digits of its HMAC-SHA256."""
    return hmac.new(salt.encode(), identifier.encode(), hashlib.sha256).hexdigest()[:32]


def names_of(event: Event) -> tuple[str, ...]:
    """Whoever the event names, also those whom its sender named without proof."""
    return (*event.identifiers, *event.claims)


def stated(event: Event) -> int:
    """When the event was stated, by our clock or by the sender's, whichever is earlier.

    A message of an SDK that is repeated byte for byte looks young by our clock, since its delay is measured from the
    instant at which it says to have been sent.
    """
    try:
        written = datetime.fromisoformat(event.sort[:_STAMP]).replace(tzinfo=UTC)
    except ValueError:
        return event.time
    return min(event.time, int(written.timestamp()))


def unsettled(event: Event, first_seen: Mapping[str, int]) -> Iterator[str]:
    """Yield the names of the event whose marks have to be read to tell whether it falls away.

    An erasure forgets when its identifiers were ``first_seen`` (seconds UTC). So who has been known since before the
    event was stated was not erased after it.
    """
    dated = not _may_be_of_any_time(event)
    for name in names_of(event):
        if not (dated and name in first_seen and first_seen[name] < stated(event)):
            yield name


def _may_be_of_any_time(event: Event) -> bool:
    """True for what has no date, or one that only an unsigned header says."""
    return event.undated or (event.source in _DATED_BY_HEADERS and event.sort.startswith(_UNDATED))


def falls_away(event: Event, marks: Mapping[str, Mark]) -> bool:
    """True if the event names somebody who was erased after it was stated; ``marks`` are by identifier.

    What has no date, or one that only an unsigned header says, may have been stated before any erasure.
    """
    if _may_be_of_any_time(event):
        return any(name in marks for name in names_of(event))
    return any(name in marks and stated(event) <= marks[name].at for name in names_of(event))


def refusals(events: Iterable[Event], marks: Mapping[str, Mark], known: Iterable[str], now: int) -> list[Event]:
    """The refusals of erased addresses that these events name again, as events of the instant after the erasure.

    An address that is ``known`` already has had its own.
    """
    names = {name for event in events for name in event.identifiers if is_address(name)}
    kept = sorted(name for name in names - set(known) if name in marks)
    return [_refusal(name, marks[name], now) for name in kept if marks[name].said_no or marks[name].suppression]


def _refusal(name: str, mark: Mark, now: int) -> Event:
    at = mark.at + 1
    return Event(
        name="Consent Changed",
        time=at,
        received=now,
        identifiers=(name,),
        sort=log_key(at, "erased"),
        source="erasure",
        properties={"channel": "email"},
        consent="unsubscribed" if mark.said_no else None,
        suppression=mark.suppression,
    )


def by_identifier(marks: Mapping[str, Mark], identifiers: Iterable[str], salts: Sequence[str]) -> dict[str, Mark]:
    """The marks by key, as the marks of the identifiers; the latest where there are several salts."""
    result: dict[str, Mark] = {}
    for name in identifiers:
        own = [marks[each] for salt in salts if (each := key(name, salt)) in marks]
        if own:
            result[name] = max(own, key=lambda mark: mark.at)
    return result
