"""What a mapping makes of a body."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from functions.core.base.errors import Fault
from functions.core.base.events import Consent


class MappedEvent(NamedTuple):
    """One event of a body.

    name         its name
    rule         the place of its rule among those of the source, from 0
    at           its time in milliseconds UTC; None if the source states none
    identifiers  of the person, as ``namespace:value``; never empty
    properties   with amounts in minor units
    """

    name: str
    rule: int
    at: int | None
    identifiers: tuple[str, ...]
    properties: Mapping[str, Any]
    traits: Mapping[str, Any]
    consent: Consent | None


class Mapped(NamedTuple):
    """What a body became: its own id, its events in the order of their rules, or why there are none.

    ``ignored`` is True for a body that the source has no use for. With ``faults`` nothing of it counts.
    """

    identity: str | None = None
    events: tuple[MappedEvent, ...] = ()
    ignored: bool = False
    faults: tuple[Fault, ...] = ()
