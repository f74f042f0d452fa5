"""Definitions, and the backfills that follow their publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from functions.core.definitions.records import Backfill, Body, Definition, Lane, Published


class Definitions(Protocol):
    """Versioned definitions; ``current`` points at one version of each."""

    def revision(self) -> int:
        """A number that grows with every publication; 0 before the first."""

    def published(self, etag: str = "") -> Published | None:
        """Everything that is current, for evaluating, read consistently; None if it is what has this ETag."""

    def renew_bundle(self, now: int) -> None:
        """Store what ``published`` reads again, whole, and to be kept for another while from ``now`` (seconds UTC)."""

    def current(self) -> list[Definition]:
        """The current version of every definition, read consistently."""

    def latest(self, kind: str, name: str) -> int:
        """The number of the current version, read consistently in one round trip; 0 if there is none."""

    def version(self, kind: str, name: str, version: int) -> Definition | None:
        """One stored version, current or not; None if there is none."""

    def versions(self, kind: str, name: str) -> list[Definition]:
        """Every version that is or was current, including withdrawals, oldest first."""

    def publish(self, definition: Definition, *, revision: int | None = None) -> Definition:
        """Store the next version and make it current, or withdraw the definition; return it with its version.

        Raises Conflict if the current version is not the one in ``replaces`` (0 accepts any), or if the current
        revision is not ``revision`` (None accepts any).
        """

    def publish_together(self, definitions: Sequence[Definition], *, revision: int | None = None) -> list[Definition]:
        """Store the next versions under one revision and make all current, or none; raises Conflict."""


class DeclaredSources(Protocol):
    """The sources that the shop declares, as they were last published."""

    def all(self) -> Mapping[str, Body | None]:
        """The bodies of their definitions by id, None of one that was withdrawn; some seconds old."""


class Backfills(Protocol):
    """Backfills and the progress of their lanes."""

    def begin(self, backfill: Backfill) -> None:
        """Record a backfill without its lanes; one that is recorded already is left unchanged."""

    def newest(self) -> int:
        """The revision of the latest backfill; 0 before the first."""

    def lane(self, revision: int, number: int) -> Lane:
        """The lane's progress, read consistently; one that has not begun is at its start."""

    def go_on(self, revision: int, lane: Lane) -> Lane:
        """Record the lane's progress unless more is recorded already; return what is recorded."""

    def latest(self, count: int) -> list[Backfill]:
        """The latest backfills with their lanes, newest first."""
