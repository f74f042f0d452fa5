"""What is stored of a profile, and where its identifiers lead. Times are seconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from functions.core.base.events import Consent, Suppression
from functions.core.base.identity import Span


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which profile an identifier names.

    ``owners`` says since when whose a device or cart was that several people used, oldest first: what happens on it
    without a name is the owner's of that time. It is empty for a name that was only ever one person's, and
    ``profile`` is the last owner. An owner may be an account instead, whose profile only the log tells: the
    release before kept these. ``public`` is a device that so many people used that it joins nobody any more.
    """

    identifier: str
    profile: str
    first_seen: int
    source: str
    owners: tuple[tuple[int, str], ...] = ()
    public: bool = False

    @property
    def profiles(self) -> frozenset[str]:
        """The profiles that have or had the identifier, as far as they are known."""
        return frozenset((self.profile, *(owner for _, owner in self.owners if not _is_account(owner))))

    @property
    def accounts(self) -> frozenset[str]:
        """The owners whose profiles are not known."""
        return frozenset(owner for _, owner in self.owners if _is_account(owner))

    def at(self, time: int) -> str | None:
        """The profile that had the identifier at the time; None if only the log tells."""
        owner = next((owner for since, owner in reversed(self.owners) if since <= time), self.profile)
        return None if _is_account(owner) else owner


def _is_account(owner: str) -> bool:
    return ":" in owner


@dataclass(frozen=True, slots=True)
class Trait:
    """The latest statement of one trait; ``tie`` orders statements of the same second."""

    value: Any
    time: int
    source: str
    tie: str = ""


@dataclass(frozen=True, slots=True)
class ProfileAttributes:
    """Part ``attributes`` of a profile: who somebody is and what they allow.

    ``consent`` and ``suppression`` are kept per identifier they were stated with, so that merging is a union
    and the strictest answer wins. ``absorbed`` are the profiles that were merged into this one, and ``parted`` those of
    people who were divided from this one, or it from them: what is stored under one may be about another. ``spans`` are
    the times, from and before, in which a device or cart that others use too was this person's: of what happened on it
    without a name, only that is theirs.
    """

    profile: str
    identifiers: frozenset[str] = frozenset()
    traits: Mapping[str, Trait] = field(default_factory=dict)
    consent: Mapping[str, tuple[Consent, int]] = field(default_factory=dict)
    suppression: Mapping[str, tuple[Suppression, int]] = field(default_factory=dict)
    absorbed: frozenset[str] = frozenset()
    parted: frozenset[str] = frozenset()
    first_seen: int = 0
    version: int = 0
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredState:
    """Part ``state`` of a profile: packed timelines and memberships. ``merged_into`` makes it a tombstone.

    ``notify`` is set when writing: True if the change is one that flows or the event bus react to. The stream's filter
    drops the others.
    """

    profile: str
    packed: bytes = b""
    due: int | None = None
    merged_into: str | None = None
    version: int = 0
    notify: bool = False


class LoadedProfiles(NamedTuple):
    """What one reading found: pointers by identifier, states and attributes by profile."""

    pointers: dict[str, Pointer]
    states: dict[str, StoredState]
    attributes: dict[str, ProfileAttributes]
