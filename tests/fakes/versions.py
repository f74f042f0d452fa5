"""Records that are written on the version that was read."""

from typing import TypeVar

from functions.core.base.errors import Conflict
from functions.core.flows.records import Run
from functions.core.profiles.records import ProfileAttributes, StoredState

R = TypeVar("R", ProfileAttributes, StoredState, Run)


def next_version(stored: R | None, new: R) -> int:
    """The version that the record is written as; raises Conflict unless it was read as it is stored."""
    if (stored.version if stored else 0) != new.version:
        raise Conflict("save")
    return new.version + 1
