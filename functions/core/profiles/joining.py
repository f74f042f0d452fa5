"""How many addresses and accounts events join to a person, and what an event still names that would join too many.

A person gets one address or account after the other over years. Who gets a hundred in a day is no person, but a device,
an address or an account under which some program names everybody. Storefronts that merge accounts are not meant.
"""

from collections.abc import Collection, Iterable, Sequence

from functions.core.base.errors import SegueError
from functions.core.base.events import Event
from functions.core.base.identity import is_strong
from functions.core.profiles.records import ProfileAttributes

# The source of the events by which the shop itself says that what was held back is one person's.
RELEASE = "release"


class TooManyJoin(SegueError):
    """These events would join more addresses and accounts to a person than may join in a day.

    ``names`` are the identifiers that the person has.
    """

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names


def counted(
    names: Collection[str], parts: Sequence[ProfileAttributes], events: Iterable[Event], day: int, most: int
) -> tuple[int, int]:
    """The day (since 1970) and how many addresses and accounts have joined the person on it, with these events.

    ``names`` are the person's identifiers after the events, ``parts`` the stored profiles that they make one: the
    largest is who the person is, and the others join. ``day`` is when the events were received. Raises TooManyJoin if
    more than ``most`` join on it.
    """
    largest = max(parts, key=lambda part: (_strong(part.identifiers), part.profile), default=ProfileAttributes(""))
    last = max((part.joined for part in parts), default=(0, 0))
    joining = _strong(names) - max(1, _strong(largest.identifiers))
    if joining <= 0 or any(event.merges or event.source == RELEASE for event in events):
        return last
    before = sum(part.joined[1] for part in parts if part.joined[0] == day)
    # Of an event that comes again behind others of a later day nobody knows any more how many its own day had.
    is_over = day < last[0] and _strong(names) > most
    if is_over or before + joining > most:
        raise TooManyJoin(largest.identifiers)
    return max(last, (day, before + joining))


def _strong(names: Iterable[str]) -> int:
    return sum(map(is_strong, names))


def held_back(event: Event, person: frozenset[str]) -> tuple[str, ...]:
    """The identifiers that the event may not name, so that it joins nobody to the person.

    It stays about whoever has the identifier under which it lies in the log, the person or not.
    """
    is_theirs = event.identifier in person
    return tuple(name for name in event.identifiers if (name in person) is not is_theirs)
