"""The newest events of some partitions of the log: as many as may be read at once, and nothing that has a hole."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from functions.core.base.events import Event


class Newest(NamedTuple):
    """Events by identifier, oldest first, without identifiers that have none; ``complete`` if there are no older."""

    events: dict[str, list[Event]]
    complete: bool


def newest(read: Mapping[str, Sequence[Event]], unfinished: Collection[str]) -> Newest:
    """What was read newest first of each partition; of the unfinished ones there is more.

    Nothing is kept from before the place to which all were read: what is left is everything since then.
    """
    begin = max((read[name][-1].sort for name in unfinished), default="")
    events = {name: [each for each in reversed(several) if each.sort >= begin] for name, several in read.items()}
    return Newest({name: several for name, several in events.items() if several}, not unfinished)
