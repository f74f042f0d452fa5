"""Groups identifiers into people, and records when each person owned a shared device or cart.

An event is about the account that it names, else about whoever has its strongest identifier. Two accounts of one
namespace are two people, whatever address, alias or device they share, unless the storefront itself says that they are
merged. An address or account that another person has already stays with that person. A device passes on: an anonymous
event on it belongs to the person who was last logged in there at that time; before the first login it belongs to the
first person who logs in. Carts, checkouts and orders pass on in the same way. A device that more than ``MOST_OWNERS``
people used, or that passed on more than ``MOST_PASSINGS`` times, belongs to nobody; nor do the shared devices of
somebody who has too many of them for a row (``bounds.SPAN_BYTES``). The result depends only on the times of the events,
provided that they are linked in ``order``. Names are identifiers; times are seconds UTC.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeVar

from functions.core.base.events import Event
from functions.core.base.identity import (
    Span,
    account_of,
    anchor,
    are_two_people,
    is_strong,
    primary,
    strongest_first,
)
from functions.core.profiles.bounds import SPAN_BYTES, spans_size

# A device with more owners than this is a till, or an SDK that gives everybody the same identifier.
MOST_OWNERS = 10
# So is one that passed on more often than this: all that had it stand in the row of its pointer, at 40 bytes each.
MOST_PASSINGS = 1_000
# The time from which on the first owner of a name has it.
BEGINNING = 0


def order(event: Event) -> tuple[int, bool, str]:
    """The sort key for linking events: by time, and within one second logins before anonymous events."""
    return event.time, not is_login(event), event.id


def is_login(event: Event) -> bool:
    """True if the event names an account, claimed or not, or an address: it says who uses its device."""
    name = anchor(event.identifiers)
    return is_strong(name) or account_of(name) is not None


Owner = TypeVar("Owner", int, str)


class Groups:
    """A partition of identifiers into people, built event by event.

    The identifiers of an event join unless that would make one person of two: then a weak one belongs to the person of
    the event from that time on, and a strong one stays whose it is. ``public`` names do not join: events that have only
    such a name are attributed to none of the people who used it. People are numbers; several may stand for one person.
    """

    def __init__(self, public: Iterable[str] = ()) -> None:
        self.public = frozenset(public)
        self._parents: list[int] = []
        self._names: list[set[str]] = []
        self._owners: dict[str, list[tuple[int, int]]] = {}
        # Names that changed their owner while events were linked, and strong ones that did not, to another's event.
        self.passed: set[str] = set()
        self.kept: set[str] = set()

    def add(self, names: Iterable[str]) -> int:
        """Add a person who has these names from the beginning; return the person's number."""
        person = len(self._parents)
        self._parents.append(person)
        self._names.append(set())
        for name in names:
            self.own(name, BEGINNING, person)
        return person

    def own(self, name: str, since: int, person: int) -> None:
        """Make the person the name's owner from ``since`` on, until the next owner's time."""
        owners = self._owners.setdefault(name, [])
        owners.insert(bisect_right(owners, since, key=_since), (since, person))
        self._names[self._root(person)].add(name)

    def join(self, names: Iterable[str]) -> int:
        """Make one person of the first owners of these names; return the person's number."""
        first, *others = [self.at(name, BEGINNING) for name in names]
        for other in others:
            first = self._unite(first, other)
        return first

    def link(self, event: Event) -> None:
        """Join the identifiers of one event to one person."""
        several = strongest_first(event.identifiers)
        private = [name for name in several if name not in self.public]
        first = anchor(private or several)
        person = self.at(first, event.time)
        for name in private:
            if name != first:
                person = self._link(person, name, event)
        for name in self.public.intersection(several):
            self.at(name, event.time)

    def _link(self, person: int, name: str, event: Event) -> int:
        other = self.at(name, event.time)
        if other == person or event.merges or not are_two_people(self._names[person], self._names[other]):
            return self._unite(person, other)
        if is_strong(name):
            self.kept.add(name)
            return person
        self.passed.add(name)
        self.own(name, event.time, person)
        return person

    def at(self, name: str, time: int) -> int:
        """The person who had the name at ``time``; an unknown name is added as a new person."""
        owners = self._owners.get(name)
        if owners is None:
            return self.add([name])
        return self._root(owners[max(0, bisect_right(owners, time, key=_since) - 1)][1])

    def of(self, event: Event) -> int:
        """The person whom the event belongs to."""
        return self.at(anchor(event.identifiers), event.time)

    def are_one(self, one: int, other: int) -> bool:
        """True if both stand for one person."""
        return self._root(one) == self._root(other)

    def names(self, person: int) -> frozenset[str]:
        """All names that the person has or had."""
        return frozenset(self._names[self._root(person)])

    def all(self) -> list[int]:
        """Every person once, in a fixed order."""
        roots = {self._root(person) for person in range(len(self._parents)) if self._names[self._root(person)]}
        return sorted(roots, key=lambda person: primary(self._names[person]))

    def owners(self, name: str) -> list[tuple[int, int]]:
        """The name's owners as (since, person), oldest first; only one if it was always the same person's."""
        passed: list[tuple[int, int]] = []
        for since, person in self._owners[name]:
            if not passed or self._root(person) != passed[-1][1]:
                passed.append((since, self._root(person)))
        return passed

    def spans(self, name: str, person: int) -> tuple[Span, ...]:
        """The spans in which the name was this person's."""
        return spans_of(self.owners(name), self._root(person))

    def _root(self, person: int) -> int:
        while (parent := self._parents[person]) != person:
            self._parents[person] = self._parents[parent]
            person = parent
        return person

    def _unite(self, one: int, other: int) -> int:
        one, other = self._root(one), self._root(other)
        if one != other:
            self._parents[other] = one
            self._names[one] |= self._names[other]
            self._names[other] = set()
        return one


def _since(owner: tuple[int, int]) -> int:
    return owner[0]


def spans_of(owners: Sequence[tuple[int, Owner]], owner: Owner) -> tuple[Span, ...]:
    """The spans in which a name was ``owner``'s; ``owners`` are all that had it as (since, owner), oldest first."""
    ends = [*(since for since, _ in owners[1:]), None]
    return tuple((since, end) for (since, each), end in zip(owners, ends, strict=True) if each == owner)


def grouped(events: Iterable[Event], public: Iterable[str] = ()) -> Groups:
    """Group the identifiers of all these events, in any order; names that too many used, or too often, become public.

    ``public`` are the names that are known to be public already.
    """
    in_order = sorted(events, key=order)
    while True:
        groups = Groups(public)
        for event in in_order:
            groups.link(event)
        crowded = _crowded(groups)
        if not crowded:
            return groups
        public = groups.public | crowded


def _crowded(groups: Groups) -> set[str]:
    """The names that too many people used or that passed on too often, and those of people with too many such names."""
    crowded: set[str] = set()
    shared: dict[int, dict[str, tuple[Span, ...]]] = {}
    for name in groups.passed:
        owners = groups.owners(name)
        people = {owner for _, owner in owners}
        if len(people) > MOST_OWNERS or len(owners) > MOST_PASSINGS:
            crowded.add(name)
        for person in people if len(people) > 1 else ():
            shared.setdefault(person, {})[name] = spans_of(owners, person)
    return crowded.union(*(spans for spans in shared.values() if spans_size(spans) > SPAN_BYTES))
