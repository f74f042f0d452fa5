"""Events: what a person did, in the form that the whole code base shares.

Times are whole seconds since 1970 UTC: the engine computes in seconds.
Amounts are integers in the minor unit of the event's ``currency``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from functions.core.base import rfc3339
from functions.core.base.identity import is_address, primary
from functions.core.base.trust import Trust

Consent = Literal["subscribed", "pending", "unsubscribed"]
Suppression = Literal["bounce", "complaint"]


@dataclass(frozen=True, slots=True)
class Event:
    """One accepted event.

    name         "Order Completed"; the Segment calls other than track are "Identified", "Page Viewed",
                 "Screen Viewed", "Group Joined" and "Aliased"
    time         when it happened: the sender's time, corrected by ``sentAt``, never later than ``received``
    received     when it was accepted
    identifiers  every identifier of the person that the sender gave, as ``namespace:value``; never empty
    sort         second half of the log's key: ``<sender's time, UTC, milliseconds>#<message id>``
    properties   properties of the event; numbers are int or Decimal, money is in minor units
    traits       properties of the person
    consent      the person's answer about marketing e-mail, if the event has one
    suppression  set by a permanent bounce or a complaint about the ``email:`` identifier
    natural      key of what happened ("order:1001"), the same for every event that reports it; None if there is none
    revision     orders the events with one natural key, the newest has the greatest (seconds); 0 without one
    source       the source that made it ("shopify")
    trust        how the sender proved itself
    merges       True if the storefront says that the accounts among the identifiers are one person
    claims       strong identifiers that the sender named without proof: they say nothing of whom they name
    imported     True if it is history from before: it updates profiles, starts no flow and is told to nobody
    undated      True if the sender does not know when the consent was given; ``time`` is then the earliest possible
    """

    name: str
    time: int
    received: int
    identifiers: tuple[str, ...]
    sort: str
    source: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, Any] = field(default_factory=dict)
    consent: Consent | None = None
    suppression: Suppression | None = None
    natural: str | None = None
    revision: int = 0
    trust: Trust = "signed"
    claims: tuple[str, ...] = ()
    undated: bool = False
    merges: bool = False
    imported: bool = False

    @property
    def identifier(self) -> str:
        """The identifier that is the partition key of the event's row in the log."""
        return primary(self.identifiers)

    @property
    def unproven_yes(self) -> tuple[str, ...]:
        """The addresses for which it says yes to marketing though its sender has not proved that they are theirs.

        Each of them is asked for a confirmation by e-mail (double opt-in).
        """
        return tuple(filter(is_address, self.claims)) if self.consent == "subscribed" else ()

    @property
    def id(self) -> str:
        """The event's id: both keys of its row in the log, as ``<identifier>|<sort>``."""
        return event_id(self.identifiers, self.sort)


def log_key(at: int, message: str) -> str:
    """The sort key of an event that is made here, at a whole second (UTC): its time in milliseconds, and its id."""
    return f"{rfc3339.text(at).removesuffix('Z')}.000Z#{message}"


def event_id(identifiers: Sequence[str], sort: str) -> str:
    """The id of an event with these identifiers and sort key: ``<primary identifier>|<sort>``, its row in the log."""
    return f"{primary(identifiers)}|{sort}"
