"""Windows: the events that a condition reads, limited by age or by calendar dates."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any, NamedTuple

from functions.core.base import zones
from functions.core.base.instants import FOREVER, Instant
from functions.core.segments import dates
from functions.core.segments.operator import Node, Problem, optional_seconds, seconds

# The most coming changes that are examined; a verdict's instant may then be too early, which is safe, but never too
# late.
FURTHEST_LOOK = 64


class Window(NamedTuple):
    """The events with ``now - far < t <= now - near`` (seconds); without ``far``, all up to ``now - near``."""

    far: int | None = None
    near: int = 0

    def times(self, times: Sequence[int], now: int) -> tuple[int, int]:
        """The index range [low, high) of the sorted times that are in the window."""
        return self.places(times, times, now)

    def places(self, begins: Sequence[int], ends: Sequence[int], now: int) -> tuple[int, int]:
        """The index range [low, high) of intervals (beginnings and ends, both sorted) that lie inside the window."""
        low = 0 if self.far is None else bisect_right(begins, now - self.far)
        return low, max(low, bisect_right(ends, now - self.near))

    def changes(self, begins: Sequence[int], now: int, ends: Sequence[int] | None = None) -> list[int]:
        """The instants after now at which an event enters or leaves the window, ascending."""
        instants = {time + self.near for time in ends or begins} if self.near else set()
        if self.far is not None:
            instants |= {time + self.far for time in begins}
        return sorted(instant for instant in instants if instant > now)


def window(node: Node) -> Window:
    """The window of a node by age, from ``within`` or ``between``."""
    if "between" in node:
        far, near = node["between"]
        return Window(seconds(far), seconds(near))
    return Window(optional_seconds(node.get("within")))


def calendar(node: Node) -> dict[str, Any]:
    """The node's ``since`` and ``until`` in seconds UTC, or None; dates without an offset are in the shop's zone."""
    zone = zones.zone_of(node.get("zone")) or UTC
    since, until = dates.reach(node.get("since"), zone), dates.reach(node.get("until"), zone)
    return {"since": since and since[0], "until": until and until[1]}


def first_change(changes: Iterable[int], passes: Callable[[int], bool], now: int) -> Instant:
    """The verdict of a condition that can change only at the given ascending instants."""
    before = passes(now)
    end = FOREVER
    for looked, instant in enumerate(changes):
        if looked == FURTHEST_LOOK or passes(instant) != before:
            end = instant
            break
    return end if before else -end


def check(node: Node) -> Iterator[Problem]:
    """Yield the contradictions in a node's window."""
    if "within" in node and "between" in node:
        yield Problem(node, "between", "say either within a span or between two spans ago")
    if "between" in node:
        far, near = node["between"]
        if seconds(far) <= seconds(near):
            yield Problem(
                node, "between", "no time lies between them: the longer span comes first", f"{near} and {far}"
            )
    since, until = calendar(node).values()
    if since is not None and until is not None and since > until:
        yield Problem(node, "until", f"no time lies between {node['since']} and {node['until']}", node["since"])


def text(node: Node) -> str:
    """The window's clauses in the language, each with a space before it."""
    words = f" within {node['within']}" if "within" in node else ""
    if "between" in node:
        words += " between {} and {} ago".format(*node["between"])
    return words + _dates(node)


def _dates(node: Node, written: Callable[[str], str] = '"{}"'.format) -> str:
    if "since" in node and "until" in node:
        return f" between {written(node['since'])} and {written(node['until'])}"
    return "".join(f" {word} {written(node[word])}" for word in ("since", "until") if word in node)


def sentence(node: Node) -> str:
    """The window in English, with a space before it; empty if there is no limit."""
    words = f" in the last {node['within'].removeprefix('1 ')}" if "within" in node else ""
    if "between" in node:
        words += " between {} and {} ago".format(*node["between"])
    return words + _dates(node, _date_words)


def _date_words(date: str) -> str:
    """A date as it is; in quotes if it has a space."""
    return f"“{date}”" if " " in date else date
