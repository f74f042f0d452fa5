"""The stored records of a profile, and the pointers from identifiers to profiles. Times are seconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from functions.core.base.erased import Mark
from functions.core.base.events import Suppression
from functions.core.base.identity import Span
from functions.core.base.trust import RANKS
from functions.core.profiles.daily import Day
from functions.core.timelines.consents import Statements


class Pointer(NamedTuple):
    """The profile that an identifier belongs to.

    profile     the owner, the last one if there were several
    owners      for a device or cart that several people used, oldest first: (since, owner), where an anonymous event
                belongs to the owner of its time; empty if only one person ever had the identifier. An owner is a
                profile or, in pointers that the previous release wrote, an account identifier, whose profile has to be
                found in the log
    first_seen  when the identifier was first seen, and ``source`` the source that sent it
    public      True for a device that so many people used that it does not join anybody any more
    """

    identifier: str
    profile: str
    first_seen: int
    source: str
    owners: tuple[tuple[int, str], ...] = ()
    public: bool = False

    @property
    def profiles(self) -> frozenset[str]:
        """The profiles that have or had the identifier, without owners that are accounts."""
        return frozenset((self.profile, *(owner for _, owner in self.owners if not _is_account(owner))))

    @property
    def accounts(self) -> frozenset[str]:
        """The owners that are account identifiers, whose profiles are not known here."""
        return frozenset(owner for _, owner in self.owners if _is_account(owner))

    def at(self, time: int) -> str | None:
        """The profile that had the identifier at ``time``; None if the owner was an account, to be found in the log."""
        owner = next((owner for since, owner in reversed(self.owners) if since <= time), self.profile)
        return None if _is_account(owner) else owner


def _is_account(owner: str) -> bool:
    return ":" in owner


class Trait(NamedTuple):
    """The value of one trait that counts: of the statements of highest trust the latest.

    ``time`` is when it was stated and ``source`` who stated it; ``tie`` orders values of one second, and ``rank`` is
    the trust of the statement as a number.
    """

    value: Any
    time: int
    source: str
    tie: str = ""
    rank: int = RANKS["signed"]


class Naming(NamedTuple):
    """The last time that a sender of the highest trust named an address as the person's; the greatest counts.

    ``rank`` is that trust as a number, ``time`` is in seconds UTC, and ``stated`` is True if the address was stated as
    the trait ``email`` too, which orders two addresses of one event.
    """

    rank: int
    time: int
    stated: bool = False


LinkKind = Literal["absorbed", "identifiers", "parted", "visited"]


class Link(NamedTuple):
    """A name of which the attributes have no room, in a row of its own beside them.

    ``kind`` is the field of the attributes that it belongs to; ``since`` is an identifier's time there, 0 if unknown.
    """

    kind: LinkKind
    name: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class ProfileAttributes:
    """Part ``attributes`` of a profile: the person's identifiers and traits, and the permission to write to them.

    Each field holds no more than ``profiles/bounds.py`` keeps of it.

    consent     what was stated about marketing, by the identifier that it is about
    suppression  why nothing is sent to an address any more, and since when, by the address's identifier
    namings     by address, without "email:", who named it as the person's: only these can be written to
    absorbed    the profiles that were merged into this one
    parted      the profiles that were divided from this one, or it from them: what is stored under one of them may be
                about another
    first_seen  the time of the earliest event
    version     the number of the stored write
    visited     addresses and accounts of other people that events of this person name: some of these events lie there
    spans       by device or cart that others use too: when it was this person's, as (begin, end) with the end excluded;
                an anonymous event on it is this person's only within these
    since       by identifier: the time of the earliest event that named it together with others of the person
    joined      the last day (since 1970) on which addresses or accounts joined the person, and how many; by the time of
                receipt
    held        True for a visitor who has no profile yet: the events under the identifiers wait in the log
    limits      the names of the fields (``trait_bytes`` for one trait) that something was left out of at a limit
    leaving     what this object leaves out that has to be found again; it is written to rows of its own before this is
    """

    profile: str
    identifiers: frozenset[str] = frozenset()
    traits: Mapping[str, Trait] = field(default_factory=dict)
    consent: Mapping[str, Statements] = field(default_factory=dict)
    suppression: Mapping[str, tuple[Suppression, int]] = field(default_factory=dict)
    absorbed: frozenset[str] = frozenset()
    parted: frozenset[str] = frozenset()
    first_seen: int = 0
    version: int = 0
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    namings: Mapping[str, Naming] = field(default_factory=dict)
    since: Mapping[str, int] = field(default_factory=dict)
    visited: frozenset[str] = frozenset()
    held: bool = False
    limits: frozenset[str] = frozenset()
    leaving: frozenset[Link] = field(default=frozenset(), compare=False)
    joined: tuple[int, int] = field(default=(0, 0), compare=False)


class StoredState(NamedTuple):
    """Part ``state`` of a profile: packed timelines and memberships.

    ``due`` is the next instant at which it has to be evaluated. ``merged_into`` is the profile that this one was merged
    into, which makes the row a tombstone. ``notify`` is set when writing: True if flows or the event bus react to the
    change; the stream's filter drops the other changes. ``today`` is the last day that somebody's events came on.
    """

    profile: str
    packed: bytes = b""
    due: int | None = None
    merged_into: str | None = None
    version: int = 0
    notify: bool = False
    today: Day = Day()


class LoadedProfiles(NamedTuple):
    """The result of one read: pointers by identifier, states and attributes by profile, marks of the erased by key."""

    pointers: dict[str, Pointer]
    states: dict[str, StoredState]
    attributes: dict[str, ProfileAttributes]
    marks: Mapping[str, Mark] = MappingProxyType({})
