"""What of a person is left out at a limit: which limit, how much of it, and what becomes of the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.base.events import Event
from functions.core.base.identity import is_address
from functions.core.profiles import bounds, daily
from functions.core.profiles.namings import namings
from functions.core.profiles.records import Link, ProfileAttributes
from functions.core.timelines import consents
from functions.core.timelines.retention import CAP


class Limit(NamedTuple):
    """A limit of a profile: how much it lets through, in which unit, and what becomes of the rest."""

    most: int
    unit: str
    rest: str


_ROWS = "are kept in rows of their own: their events count, and an erasure finds them"
# By the field of the attributes; ``trait_bytes`` is the limit of one trait.
LIMITS: Mapping[str, Limit] = {
    "traits": Limit(
        bounds.MOST_TRAITS, "traits", "are in the log only: those of the highest trust stated last are kept"
    ),
    "trait_bytes": Limit(bounds.MOST_TRAIT_BYTES, "bytes of one trait with its name", "are in the log only"),
    "identifiers": Limit(bounds.IDENTIFIER_BYTES, "bytes of identifiers", _ROWS),
    "visited": Limit(bounds.VISITED_BYTES, "bytes of identifiers of others", _ROWS),
    "namings": Limit(
        bounds.ADDRESS_BYTES, "bytes of addresses to write to", "are not written to: those named last are kept"
    ),
    "suppression": Limit(
        bounds.SUPPRESSION_BYTES, "bytes of suppressed addresses", "count together: nothing is sent at all"
    ),
    "consent": Limit(
        bounds.CONSENT_BYTES,
        "bytes of statements of consent",
        "count together: a no for any address stands until a later yes that names no address",
    ),
    "timelines": Limit(
        CAP,
        "events of one kind that are remembered one by one",
        "remember no more of them: older ones count by whole days or months, or not at all, as explain says",
    ),
    "absorbed": Limit(bounds.MOST_PROFILES, "merged profiles", _ROWS),
    "parted": Limit(bounds.MOST_PROFILES, "profiles that the person was divided from", _ROWS),
}


def left_out(attributes: ProfileAttributes, events: Iterable[Event], links: Iterable[Link]) -> list[dict[str, Any]]:
    """A row for each limit that was reached; ``events`` are the person's, ``links`` their names in rows of their own.

    ``left_out`` is a number of names: of traits, identifiers, addresses or profiles. Events that are not looked at are
    not counted in it.
    """
    counted = _counted(attributes, list(events)) | Counter[str](link.kind for link in links)
    return [
        {"limit": name, "most": limit.most, "unit": limit.unit, "left_out": counted[name], "rest": limit.rest}
        for name, limit in LIMITS.items()
        if name in attributes.limits
    ]


def left_out_of_state(most: int, timelines: int) -> list[dict[str, Any]]:
    """The row for a state whose timelines remember no more than ``most`` events, which so many of them have reached."""
    limit = LIMITS["timelines"]
    return [{"limit": "timelines", "most": most, "unit": limit.unit, "left_out": timelines, "rest": limit.rest}]


def left_out_of_days(most: int, events: int) -> list[dict[str, Any]]:
    """The row for somebody of whom, on some day, more than ``most`` events came, so that so many do not count."""
    rest = "are in the log only: who sends so many is a program"
    return [{"limit": daily.LIMIT, "most": most, "unit": "events of one day", "left_out": events, "rest": rest}]


def _counted(attributes: ProfileAttributes, events: list[Event]) -> Counter[str]:
    stated = [(name, value) for event in events for name, value in event.traits.items() if value is not None]
    short = {name for name, value in stated if bounds.fits(name, value)}
    addresses = {address for event in events for address in namings(event)}
    return Counter(
        {
            "traits": len(short - attributes.traits.keys()),
            "trait_bytes": len({name for name, value in stated if not bounds.fits(name, value)}),
            "namings": len(addresses - attributes.namings.keys()),
            "consent": len(set(_subjects(events))),
            "suppression": len({name for event in events if event.suppression for name in _addresses(event)}),
        }
    )


def _subjects(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        yield from consents.statements(event)


def _addresses(event: Event) -> Mapping[str, None]:
    return dict.fromkeys(filter(is_address, event.identifiers))
