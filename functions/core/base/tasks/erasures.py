"""Tasks of the queue ``erasures``: what is to be deleted."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class ErasePeople(Task):
    """Delete every person who has one of the identifiers."""

    QUEUE = "erasures"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseEmptyProfiles(Task):
    """Delete the profiles of the identifiers that have no events in the log: the second step of an erasure."""

    QUEUE = "erasures"
    MARK = "second"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseShop(Task):
    """Delete every person of the shop; ``start`` is where the next page begins, None for the first."""

    QUEUE = "erasures"
    MARK = "shop"

    shop: str
    start: str | None = None


TASKS = (EraseShop, EraseEmptyProfiles, ErasePeople)
