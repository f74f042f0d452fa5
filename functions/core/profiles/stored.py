"""The stored records of some people: the pointers of their identifiers, and the profiles, merged ones included."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from functions.core.base.erased import Mark
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState


@dataclass(frozen=True, slots=True)
class StoredProfiles:
    """Pointers by identifier, states and attributes by profile; a profile that is absent was never written.

    ``marks`` are those of erased identifiers by their key, of the keys that were asked for.
    """

    pointers: dict[str, Pointer]
    states: dict[str, StoredState]
    attributes: dict[str, ProfileAttributes]
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def profile_of(self, identifier: str) -> str | None:
        """The profile that the identifier leads to, merges followed; None without a pointer."""
        pointer = self.pointers.get(identifier)
        return self.living(pointer.profile) if pointer else None

    def is_shared(self, identifier: str) -> bool:
        """True if several people have had the identifier."""
        return identifier in self.pointers and bool(self.pointers[identifier].owners)

    def public(self) -> frozenset[str]:
        """The identifiers that so many people had that they join nobody."""
        return frozenset(name for name, pointer in self.pointers.items() if pointer.public)

    def profile_at(self, identifier: str, time: int) -> str | None:
        """The profile, merges followed, that had the identifier at ``time`` (seconds UTC).

        None without a pointer, or if the owner has to be found in the log.
        """
        pointer = self.pointers.get(identifier)
        owner = pointer.at(time) if pointer else None
        return None if owner is None else self.living(owner)

    def owners(self, identifier: str) -> list[tuple[int, str]]:
        """The owners of a shared identifier as (since, profile), merges followed, without owners that are accounts."""
        pointer = self.pointers.get(identifier)
        named = [(since, owner) for since, owner in pointer.owners if owner in pointer.profiles] if pointer else []
        return [(since, self.living(owner)) for since, owner in named]

    def profiles_of(self, identifier: str) -> set[str]:
        """The profiles, merges followed, that have or had the identifier."""
        pointer = self.pointers.get(identifier)
        return {self.living(profile) for profile in pointer.profiles} if pointer else set()

    def living(self, profile: str) -> str:
        """The profile at the end of this one's merges; the profile itself if it was not merged."""
        visited = {profile}
        while (
            (stored_state := self.states.get(profile))
            and stored_state.merged_into
            and stored_state.merged_into not in visited
        ):
            profile = stored_state.merged_into
            visited.add(profile)
        return profile

    def add(self, other: "StoredProfiles") -> None:
        """Add the records that are not present yet; those that are stay as they were read first."""
        self.pointers.update(other.pointers | self.pointers)
        self.states.update(other.states | self.states)
        self.attributes.update(other.attributes | self.attributes)

    def state_of(self, profile: str) -> StoredState:
        """The stored state, or an empty one that is not stored yet."""
        return self.states.get(profile) or StoredState(profile)

    def attributes_of(self, profile: str) -> ProfileAttributes:
        """The stored attributes, or empty ones that are not stored yet."""
        return self.attributes.get(profile) or ProfileAttributes(profile)
