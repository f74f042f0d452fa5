"""Whether this release may work with what is stored, asked before it does."""

from typing import TYPE_CHECKING

from functions.core.base import formats
from functions.core.base.errors import StoredByNewer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from functions.core.ports import Formats

# What rings when a release was deployed that cannot read what is stored.
TOO_OLD = "ReleasesTooOld"


def hold_format(stored: "Formats", report: "Callable[[Mapping[str, int]], None]", *, writes: bool = True) -> None:
    """Say that this release ``writes`` here; raises StoredByNewer, counted, if it cannot read what others wrote.

    It is said before anything is written, so that no older release begins to work with it meanwhile.
    """
    number = stored.stored()
    try:
        formats.check(number)
    except StoredByNewer:
        report({TOO_OLD: 1})
        raise
    if writes and number < formats.WRITTEN:
        stored.raise_to(formats.WRITTEN)
