"""Records that are written on the version that was read."""

from dataclasses import replace
from typing import TypeVar

from functions.core.base.errors import Conflict
from functions.core.flows.records import Run
from functions.core.profiles.records import ProfileAttributes, StoredState

R = TypeVar("R", ProfileAttributes, StoredState, Run)


def following(stored: R | None, new: R) -> R:
    """The record as its next version; raises Conflict unless it was read as it is stored."""
    if (stored.version if stored else 0) != new.version:
        raise Conflict("save")
    return replace(new, version=new.version + 1)
