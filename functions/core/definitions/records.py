"""Records of definition versions and of the backfills that apply them to every profile. Times are seconds UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from functions.core.timelines.versions import TimelineVersions

Body = Mapping[str, Any]
# The kind and the id of a definition.
Address = tuple[str, str]
# The borders of the RFM groups. The nightly refresh stores them; people do not write them, so there is no kind of them.
BORDERS: Address = ("borders", "rfm")


class EntryOnPublish(NamedTuple):
    """The request that profiles which a segment's new version adds count as entering now.

    ``before`` is the condition of the previous version, whose members are not meant; None if there were none.
    """

    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a definition: the text as saved, and the JSON body it compiles from.

    replaces   the version that was current before; 0 for the first
    revision   the number of the publication
    kept       by timeline address, what the definition needs kept and since which publication; 0 stands for its own,
               whose number is known only when it is stored
    resumed    when a flow last became active again; 0 if it was never in another state
    withdrawn  marks the version that withdraws the definition; its text is empty
    """

    kind: str
    id: str
    version: int
    text: str
    body: Body
    author: str
    time: int
    replaces: int = 0
    revision: int = 0
    entry_on_publish: EntryOnPublish | None = None
    kept: TimelineVersions = field(default_factory=dict)
    resumed: int = 0
    withdrawn: bool = False

    @property
    def address(self) -> Address:
        """The kind and the id."""
        return self.kind, self.id


class Published(NamedTuple):
    """What is current as of a revision, for evaluating: definitions in order of kind and id, without text and author.

    ``etag`` differs from that of anything else that was or will be current.
    """

    etag: str
    revision: int
    definitions: Sequence[Definition]


def dated(definition: Definition) -> Mapping[str, Any]:
    """The borders with ``drawn``, when they were computed (seconds UTC); earlier releases stored it in the row only."""
    return {"drawn": definition.time, **definition.body}


@dataclass(frozen=True, slots=True)
class Lane:
    """The progress of a backfill in one of its lanes, counted from the lane's beginning.

    ``place`` is the position to continue from. ``finished`` is when the lane was completed, None until then.
    """

    number: int
    pages: int = 0
    seen: int = 0
    place: str | None = None
    finished: int | None = None

    def after(self, profiles: int, place: str | None, now: int) -> "Lane":
        """The lane after one more page; a page without a ``place`` is the last one."""
        return Lane(self.number, self.pages + 1, self.seen + profiles, place, now if place is None else None)


@dataclass(frozen=True, slots=True)
class Backfill:
    """A backfill of all profiles for one publication.

    revision  the publication
    cause     the definition that was published
    of        the number of lanes
    about     the estimated number of profiles when the backfill was requested
    lanes     the lanes that have begun
    """

    revision: int
    cause: str
    began: int
    of: int
    about: int
    lanes: tuple[Lane, ...] = ()

    @property
    def seen(self) -> int:
        """The number of profiles processed so far."""
        return sum(lane.seen for lane in self.lanes)

    @property
    def done(self) -> int:
        """The number of completed lanes."""
        return sum(lane.finished is not None for lane in self.lanes)

    @property
    def finished(self) -> int | None:
        """When the last lane was completed; None while any is not."""
        return max(lane.finished or 0 for lane in self.lanes) if self.done >= self.of else None
