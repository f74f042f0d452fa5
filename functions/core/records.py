"""The records that cross the border between the use cases and the outside. Times are seconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from functions.core.events import Consent, Suppression
from functions.core.identity import Span

if TYPE_CHECKING:
    # What collect imports stays small.
    from functions.core.segments.keeping import Keeping


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
class Card:
    """Part ``card`` of a profile: who somebody is and what they allow.

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
class Hot:
    """Part ``state`` of a profile: packed timelines and memberships. ``merged_into`` makes it a tombstone.

    ``news`` is said when writing: whether the change is one that flows or the event bus ask about. The stream
    passes over what is no news.
    """

    profile: str
    packed: bytes = b""
    due: int | None = None
    merged_into: str | None = None
    version: int = 0
    news: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One row of a due index: a profile (``key`` is "state") or a run."""

    profile: str
    key: str
    due: int


@dataclass(frozen=True, slots=True)
class Run:
    """One person's way through one flow.

    ``entry`` names what started it (an instant, or the value of the flow's key); it is part of every cause.
    ``since`` is when that happened. ``step`` is the id of the next step, empty past the last, in the version of the
    flow that ``flow_version`` names; 0, in rows of before it was kept, is the one in force when the run was started.
    ``due`` is None once it has ended, with ``outcome``.
    ``paused`` means that the step fell due while the flow was paused: nothing wakes the run until the flow is resumed.
    ``waiting`` is the instant of the step at which it ended because another run goes on for it: should the people turn
    out to be two, it is taken up there. ``entered`` is since when the person had been in the segment that was left.
    """

    profile: str
    flow: str
    entry: str
    since: int
    started: int
    step: str = ""
    due: int | None = None
    outcome: str | None = None
    version: int = 0
    paused: bool = False
    waiting: int | None = None
    entered: int | None = None
    flow_version: int = 0

    @property
    def id(self) -> str:
        """The range key: flow#entry."""
        return f"{self.flow}#{self.entry}"


MessageState = Literal["claimed", "released", "sent", "held", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the ledger: one e-mail to one person for one cause, sent or held back.

    ``claimed`` means that SES was, or is about to be, called and its answer is not known yet; ``released`` that
    the call is known to have had no effect and may be made again.
    ``reason`` says in words why it was sent or held back.
    """

    profile: str
    cause: str
    flow: str
    template: str
    state: MessageState
    at: int
    reason: str = ""
    address: str = ""
    subject: str = ""
    ses_id: str = ""
    attempt: int = 1
    opens: int = 0
    clicks: int = 0
    feedback: str = ""

    @property
    def entry(self) -> str:
        """The entry of the run that the message is of: what stands in the cause between the flow and the step."""
        return self.cause.removeprefix(f"{self.flow}_").rpartition("_")[0]


# Borders are no text that anybody writes: the nightly refresh keeps them.
Kind = Literal["segments", "scores", "flows", "templates", "events", "rates", "borders"]


@dataclass(frozen=True, slots=True)
class Wish:
    """That those whom a new version of a segment brings in be treated as entering now.

    ``before`` is the condition of those who were in before and are not meant; None when nobody was.
    """

    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a definition: the text as saved, and the JSON it compiles from.

    ``replaces`` is the version that was current before; 0 for the first. ``revision`` is that of its publication.
    ``kept`` is what it asks of timelines, and since which publication; 0 is its own, whose number is known when it is
    stored. ``resumed`` is when a flow last became active again; 0 if it was never anything else. ``withdrawn``
    marks the version that says that the definition is gone; its text is empty.
    """

    kind: str
    id: str
    version: int
    text: str
    body: Mapping[str, Any]
    author: str
    time: int
    replaces: int = 0
    revision: int = 0
    wish: Wish | None = None
    kept: "Keeping" = field(default_factory=dict)
    resumed: int = 0
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """How far a pass over everybody has come in one of its lanes, counted from the lane's beginning.

    ``place`` is where it goes on. ``finished`` is when it came to its end.
    """

    number: int
    pages: int = 0
    seen: int = 0
    place: str | None = None
    finished: int | None = None

    def after(self, seen: int, place: str | None, now: int) -> "Lane":
        """One page further; a page without a place to go on from is the last."""
        return Lane(self.number, self.pages + 1, self.seen + seen, place, now if place is None else None)


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass over everybody for what was published with a revision.

    ``cause`` names the definition. ``of`` is the number of lanes, ``about`` that of profiles when it was asked for.
    ``lanes`` are those that have begun.
    """

    revision: int
    cause: str
    began: int
    of: int
    about: int
    lanes: tuple[Lane, ...] = ()

    @property
    def seen(self) -> int:
        """The profiles that were seen."""
        return sum(lane.seen for lane in self.lanes)

    @property
    def done(self) -> int:
        """The lanes that have come to their end."""
        return sum(lane.finished is not None for lane in self.lanes)

    @property
    def finished(self) -> int | None:
        """When the last lane came to its end."""
        return max(lane.finished or 0 for lane in self.lanes) if self.done >= self.of else None


@dataclass(frozen=True, slots=True)
class Product:
    """What the catalogue says of a product: for images, links and prices of cart lines. Price in minor units."""

    id: str
    title: str
    image: str = ""
    url: str = ""
    price: int | None = None
    currency: str = ""
    category: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A genuine request that was not understood, whole."""

    source: str
    id: str
    reason: str
    headers: Mapping[str, str]
    body: str
    received: int


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A request in quarantine as lists show it: ``size`` is the bytes of its body, which may speak of a person."""

    source: str
    id: str
    reason: str
    received: int
    size: int


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A message for a queue, visible after ``delay`` seconds (0 to 900)."""

    queue: str
    body: Mapping[str, Any]
    delay: int = 0
