"""What a person said about marketing e-mail, and the answer that follows from it (docs/consent.md).

A "no" of anybody counts at once and until a later "yes" of somebody trusted. A statement is about the addresses that
its event names; one that names none is about the person, whatever address they have. Times are seconds UTC.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import NamedTuple

from functions.core.base.events import Consent, Event
from functions.core.base.identity import is_address, primary
from functions.core.base.trust import is_trusted
from functions.core.timelines.entry import STRICTNESS, Entry
from functions.core.timelines.event_keys import NATURAL, hash_of

NEVER = -1
# The subject of what was said of any address, and of anything else, of a person with too many to tell them apart.
EVERY_ADDRESS, EVERYTHING_ELSE = "email:*", "*"


class Statements(NamedTuple):
    """When each answer was last given under one identifier; NEVER if it was not.

    subscribed    the latest "yes" of somebody trusted; what the public says is no "yes"
    pending       the latest "pending" of anybody
    unsubscribed  the latest "no" of anybody
    undated       True if somebody trusted reported a "yes" without saying when it was given: it counts as older than
                  every other statement, so that no repetition of it takes back a "no"
    refused       the latest "no" of somebody trusted: whoever gave it is not asked for a confirmation

    Every field only grows, so joining two of these is a maximum by field, in any order and with any repetition.
    """

    subscribed: int = NEVER
    pending: int = NEVER
    unsubscribed: int = NEVER
    undated: bool = False
    refused: int = NEVER

    @property
    def answer(self) -> Consent | None:
        """The answer that follows; None if nobody said anything that counts. Of one second, the stricter counts."""
        if NEVER < self.unsubscribed >= self.subscribed:
            return "unsubscribed"
        if NEVER < self.pending >= self.subscribed:
            return "pending"
        return "subscribed" if self.subscribed > NEVER or self.undated else None


NOTHING = Statements()


def statements(event: Event) -> dict[str, Statements]:
    """What the event states, by the identifiers that it is about; nothing if it states no consent that counts."""
    stated = _stated(event)
    return {} if stated == NOTHING else dict.fromkeys(_subjects(event), stated)


def _stated(event: Event) -> Statements:
    if not is_trusted(event.trust) and any(map(is_address, event.claims)):
        # It is about the address that it claims, where a "no" is an event of its own and a "yes" asks for confirmation.
        return NOTHING
    match event.consent:
        case "unsubscribed":
            return Statements(unsubscribed=event.time, refused=event.time if is_trusted(event.trust) else NEVER)
        case "pending":
            return Statements(pending=event.time)
        case "subscribed" if is_trusted(event.trust):
            return Statements(undated=True) if event.undated else Statements(subscribed=event.time)
    return NOTHING


def _subjects(event: Event) -> tuple[str, ...]:
    """The identifiers that the event's statement is about: its addresses, else its strongest identifier alone.

    Whoever says no for an address says it of that address, and not of the device that they happen to sit at.
    """
    return tuple(filter(is_address, event.identifiers)) or (primary(event.identifiers),)


def join(ours: Statements, theirs: Statements) -> Statements:
    """What both say together."""
    return Statements(
        max(ours.subscribed, theirs.subscribed),
        max(ours.pending, theirs.pending),
        max(ours.unsubscribed, theirs.unsubscribed),
        ours.undated or theirs.undated,
        max(ours.refused, theirs.refused),
    )


def merge(ours: Mapping[str, Statements], theirs: Mapping[str, Statements]) -> dict[str, Statements]:
    """What both say together, by identifier."""
    return {**ours, **{name: join(ours.get(name, NOTHING), said) for name, said in theirs.items()}}


def is_together(consent: Mapping[str, Statements]) -> bool:
    """True if the statements are those of all subjects together already."""
    return consent.keys() <= {EVERY_ADDRESS, EVERYTHING_ELSE}


def together(consent: Mapping[str, Statements]) -> dict[str, Statements]:
    """The statements about all addresses as one, and those about everything else as one."""
    addressed = [said for name, said in consent.items() if is_address(name)]
    others = [said for name, said in consent.items() if not is_address(name)]
    both = {EVERY_ADDRESS: reduce(join, addressed, NOTHING), EVERYTHING_ELSE: reduce(join, others, NOTHING)}
    return {name: said for name, said in both.items() if name == EVERY_ADDRESS or said != NOTHING}


def answer(consent: Mapping[str, Statements]) -> Consent | None:
    """The person's answer, from the statements by identifier; None if nobody said anything that counts."""
    addressed = [_of_one(name, said) for name, said in consent.items() if is_address(name) and said != NOTHING]
    return _strictest(addressed, (said for name, said in consent.items() if not is_address(name)))


def is_refused(consent: Mapping[str, Statements]) -> bool:
    """True if a "no" of somebody trusted stands: the person has said no, and not a stranger for them."""
    unaddressed = reduce(join, (said for name, said in consent.items() if not is_address(name)), NOTHING)
    addressed = [join(unaddressed, _of_one(name, said)) for name, said in consent.items() if is_address(name)]
    return any(NEVER < said.refused >= said.subscribed for said in addressed or [unaddressed])


def _of_one(name: str, said: Statements) -> Statements:
    """What counts of what was said of an address; of several together no "yes" takes back a "no".

    It may be the "yes" for one and the "no" for another.
    """
    is_refused = max(said.pending, said.unsubscribed) > NEVER
    return said._replace(subscribed=NEVER) if name == EVERY_ADDRESS and is_refused else said


def _strictest(addressed: Iterable[Statements], others: Iterable[Statements]) -> Consent | None:
    """What was said without an address counts for each that something was said of; the strictest of these wins."""
    unaddressed = reduce(join, others, NOTHING)
    answers = [join(unaddressed, said).answer for said in addressed] or [unaddressed.answer]
    return max((each for each in answers if each), key=lambda each: STRICTNESS[each], default=None)


def entries(event: Event) -> list[Entry]:
    """The entries of the event in the timeline of consent: one for each identifier that its statement is about.

    The revision is the position of the statement's field; the value is the short hash of an address, or empty for a
    statement that names none. Of each pair of both the latest entry counts.
    """
    made = []
    for name, said in statements(event).items():
        field = next(place for place, time in enumerate(said) if time != NOTHING[place])
        # All values of one timeline are of one kind, so a statement that names no address has an empty text.
        subject = f"{hash_of(name, 6):x}" if is_address(name) else ""
        made.append(Entry(event.time, field, NATURAL + hash_of(f"{field} {subject}", 6), subject))
    return made


def answer_of_entries(timeline: Iterable[Entry]) -> Consent | None:
    """The person's answer, from the entries of the timeline of consent."""
    said: dict[str, Statements] = {}
    for entry in timeline:
        subject = str(entry.value or "")
        said[subject] = join(said.get(subject, NOTHING), _of_entry(entry))
    return _strictest((each for name, each in said.items() if name), (each for name, each in said.items() if not name))


def _of_entry(entry: Entry) -> Statements:
    subscribed, pending, unsubscribed = (entry.time if place == entry.revision else NEVER for place in range(3))
    return Statements(subscribed, pending, unsubscribed, undated=entry.revision == 3)
