"""Profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from functions.core.flows.records import Due, DueWindow
    from functions.core.profiles.records import Link, LoadedProfiles, Pointer, ProfileAttributes, StoredState


class People(Protocol):
    """Profiles and the identifiers that lead to them."""

    def load(
        self,
        identifiers: Iterable[str],
        profiles: Iterable[str],
        marks: Iterable[str] = (),
        *,
        with_attributes: bool = False,
        fresh: bool = False,
    ) -> LoadedProfiles:
        """Read pointers, states and, if asked, attributes in one round trip; with ``fresh`` consistently.

        ``marks`` are the keys of erased identifiers whose marks are read as well.
        """

    def point(self, pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        """Write the pointers; unless ``moving``, raises Conflict if one leads to another profile already."""

    def save_state(self, stored_state: StoredState) -> None:
        """Write the state if its version is still the stored one, as version + 1; raises Conflict."""

    def save_attributes(self, attributes: ProfileAttributes) -> None:
        """Write the attributes if their version is still the stored one, as version + 1; raises Conflict."""

    def link(self, profile: str, links: Iterable[Link]) -> None:
        """Write names for which the profile's attributes have no room; one that is there already stays."""

    def links(self, profile: str) -> list[Link]:
        """The names that ``link`` has written for the profile."""

    def unlink(self, profile: str, links: Iterable[Link]) -> None:
        """Delete names that ``link`` has written for the profile, if they are there."""

    def absorb(self, stored_state: StoredState, attributes: ProfileAttributes) -> None:
        """Make the profile a tombstone and close its attributes; raises Conflict if either has changed since read.

        Both are written or neither. A writer that read them before can then write neither, and so learns of the merge.
        """

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Profiles of the shard whose ``due`` is before the instant (seconds UTC), earliest first."""

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        """The first ``limit`` rows of the window behind ``after``, which need not exist any more; fewer at the end."""

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        """The first page of each window, read side by side; None for one that could not be read."""

    def pages(
        self, start: str | None = None, size: int = 200, *, lane: int = 0, of: int = 1, with_held: bool = False
    ) -> Iterator[tuple[list[StoredState], str | None]]:
        """Every live profile's state, page by page, each page with the start of the next; None after the last.

        ``of`` splits the profiles into that many lanes: each profile is in exactly one, however often and in whatever
        order the lanes are read. ``with_held`` adds an empty state for each visitor who has no profile yet.
        """

    def count(self) -> int:
        """The approximate number of profiles, which may be hours old."""

    def forget(self, profile: str, identifiers: Iterable[str]) -> None:
        """Delete the profile with its links, and the identifiers' pointers."""
