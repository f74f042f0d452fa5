"""Keep erased people erased: mark them, and recognise by the marks what was said of them before.

The log may get such a statement, since looking for marks would cost every request a round trip before its answer. Fold
reads the marks of names that are new to it, and of those that an event is older than; it takes the statement out of
the log again, and folds nothing of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from functions.core.base import erased
from functions.core.base.erased import Mark
from functions.core.base.events import Event, Suppression
from functions.core.base.identity import is_address
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.stored import StoredProfiles
from functions.core.timelines import consents
from functions.usecases.context import Context

SALT = "erasure-salt"


class Remaining(NamedTuple):
    """What is to be folded of some events: the positions of those that remain, and refusals of erased addresses."""

    positions: list[int]
    refusals: list[Event]


def remaining(context: Context, events: Sequence[Event], stored: StoredProfiles) -> Remaining:
    """Remove from the log what was said of erased people before they were erased; return what remains.

    ``stored`` holds the pointers of all that the events name. The refusal of an erased address that comes back is
    written to the log before anything of the person is folded: whoever is written to has a profile first.
    """
    marks = _marks(context, events, stored.pointers)
    if not marks:
        return Remaining(list(range(len(events))), [])
    fallen = {place for place, event in enumerate(events) if erased.falls_away(event, marks)}
    context.ports.log.remove([events[place] for place in sorted(fallen)])
    positions = [place for place in range(len(events)) if place not in fallen]
    refusals = erased.refusals([events[place] for place in positions], marks, stored.pointers, context.now)
    if refusals:
        context.ports.log.append(refusals)
    return Remaining(positions, refusals)


def _marks(context: Context, events: Iterable[Event], pointers: Mapping[str, Pointer]) -> dict[str, Mark]:
    """The marks by identifier; a read unit and a round trip are spent only where there may be one."""
    first_seen = {name: pointer.first_seen for name, pointer in pointers.items()}
    names = {name for event in events for name in erased.unsettled(event, first_seen)}
    if not names:
        return {}
    salts = context.ports.secrets.get(SALT)
    keys = {erased.key(name, salt) for name in names for salt in salts}
    return erased.by_identifier(context.ports.people.load((), (), keys).marks, names, salts)


def mark(context: Context, names: Iterable[str], people: Iterable[ProfileAttributes]) -> None:
    """Mark the identifiers of people who are being erased as erased now, with what their addresses have refused."""
    salt = context.ports.secrets.get(SALT)[0]
    everybody = list(people)
    context.ports.erasures.mark(
        [
            Mark(erased.key(name, salt), context.now, _said_no(name, everybody), _suppression(name, everybody))
            for name in sorted(set(names))
        ]
    )


def _said_no(name: str, people: Iterable[ProfileAttributes]) -> bool:
    """True if nobody may write to the address: by what was said of it, or of the person whatever the address."""
    if not is_address(name):
        return False
    answers = [consents.answer(each.consent) for each in people if name in each.identifiers]
    return "unsubscribed" in answers


def _suppression(name: str, people: Iterable[ProfileAttributes]) -> Suppression | None:
    own = [each.suppression for each in people if name in each.identifiers or name in each.suppression]
    reasons = [said[key][0] for said in own for key in (name, consents.EVERY_ADDRESS) if key in said]
    return "complaint" if "complaint" in reasons else next(iter(reasons), None)
