"""What the shop's page is told of a visitor: memberships at one instant, of the segments that it may know."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from functions.core.base.instants import holds, until
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue

# The longest that an answer may be kept (seconds): what the visitor does is in the next one.
LONGEST = 10


class Membership(NamedTuple):
    """A segment that somebody is in, at least until the instant (seconds UTC); None if time alone never ends it."""

    segment: str
    until: int | None


class Audience(NamedTuple):
    """Memberships by id, and the next instant (seconds UTC) at which time alone may change any; None without one."""

    memberships: tuple[Membership, ...] = ()
    changes: int | None = None

    def fresh_for(self, now: int) -> int:
        """For how many seconds the answer of the second ``now`` may be kept: none of them is the one that changes it.

        A second that has begun counts as over.
        """
        return LONGEST if self.changes is None else max(0, min(LONGEST, self.changes - now - 1))


def open_segments(segments: Mapping[str, Mapping[str, Any]], *, is_person: bool) -> list[str]:
    """The ids of the segments that a page may know of its visitor, or of the person who is proven to ask."""
    told = {"visitor", "person"} if is_person else {"visitor"}
    return sorted(name for name, body in segments.items() if body.get("audience") in told)


def audience(state: State, catalogue: Catalogue, segments: Iterable[str], now: int) -> Audience:
    """Who is in which of the segments at ``now`` (seconds UTC), whenever the state was stored.

    A segment of which the state does not keep everything yet, since it was just published, is left out: part of the
    history is no basis for a verdict.
    """
    lacking = engine.missing(state, catalogue)
    known = [name for name in segments if not catalogue.segments[name].timelines & lacking]
    verdicts = engine.evaluate(state, catalogue, now, known)
    inside = tuple(Membership(name, until(verdict)) for name, verdict in verdicts.items() if holds(verdict))
    instants = filter(None, map(until, verdicts.values()))
    return Audience(inside, min(instants, default=None))
