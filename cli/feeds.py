"""The feeds that `segue tail` follows; each returns the entries that are new since its last call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Protocol

from cli.client import Client, quoted
from cli.styles import Part

Entry = dict[str, Any]


class Feed(Protocol):
    """Something that goes on."""

    def new_entries(self) -> list[Entry]:
        """What is new, oldest first."""

    def line(self, entry: Entry) -> Sequence[Part]:
        """An entry in words."""


# A message may still change its state this long after it was written: a call to SES that nobody knows the end of.
_UNSETTLED = timedelta(hours=1)
_STYLES = {"sent": "green", "held": "yellow", "failed": "bold red", "entered": "green", "left": "red"}


@dataclass
class MessageFeed:
    """Messages by state since ``since``; a message whose state changes is an entry again."""

    client: Client
    since: datetime
    state: str | None = None
    _told: dict[tuple[str, str], str] = field(default_factory=dict)

    def new_entries(self) -> list[Entry]:
        """Messages whose state was not told, read no further back than states still change."""
        listed = self.client.pages("/api/messages", "messages", {"state": self.state})
        recent = list(takewhile(lambda each: instant(each["at"]) >= self.since, listed))
        states = {(each["profile"], each["cause"]): each["state"] for each in recent}
        fresh = [each for each in recent if self._told.get((each["profile"], each["cause"])) != each["state"]]
        self._told = states
        if recent:
            self.since = max(self.since, instant(recent[0]["at"]) - _UNSETTLED)
        return fresh[::-1]

    def line(self, entry: Entry) -> Sequence[Part]:
        """When, what became of it, of which flow, to whom and why."""
        why = f": {entry['reason']}" if entry["reason"] else ""
        whom = entry["address"] or entry["profile"]
        state = (f"{entry['state']:<8}", _STYLES.get(entry["state"], ""))
        return (entry["at"], "dim"), "  ", state, f" {entry['flow']}/{entry['template']} to {whom}{why}"


@dataclass
class QuarantineFeed:
    """Requests that were not understood, from ``since`` on."""

    client: Client
    since: datetime
    _told: set[tuple[str, str]] = field(default_factory=set)

    def new_entries(self) -> list[Entry]:
        """Those that were not told."""
        listed = self.client.pages("/api/quarantine", "items", {})
        recent = list(takewhile(lambda each: instant(each["received"]) >= self.since, listed))
        names = {(each["source"], each["id"]) for each in recent}
        fresh = [each for each in recent if (each["source"], each["id"]) not in self._told]
        self._told = names
        if recent:
            self.since = max(self.since, instant(recent[0]["received"]) - _UNSETTLED)
        return fresh[::-1]

    def line(self, entry: Entry) -> Sequence[Part]:
        """When, from whom and what was not understood."""
        where = f"{entry['source']} {entry['id']}: {entry['reason']}"
        return (entry["received"], "dim"), "  ", ("quarantine", "red"), f" {where}"


@dataclass
class Transitions:
    """Who enters and leaves a segment: everybody is evaluated at each look, so it is for thousands of people."""

    client: Client
    segment: str
    _inside: set[str] | None = None

    def new_entries(self) -> list[Entry]:
        """Those who came in or went out since the look before; the first look tells nothing."""
        path = f"/api/segments/{quoted(self.segment)}/members"
        inside = set(self.client.pages(path, "members", {}))
        before = inside if self._inside is None else self._inside
        self._inside = inside
        moved = [("entered", who) for who in sorted(inside - before)] + [
            ("left", who) for who in sorted(before - inside)
        ]
        return [{"segment": self.segment, "transition": what, "profile": who} for what, who in moved]

    def line(self, entry: Entry) -> Sequence[Part]:
        """Who entered or left."""
        return entry["profile"], " ", (entry["transition"], _STYLES[entry["transition"]]), f" {entry['segment']}"


def instant(text: str | None) -> datetime:
    """The instant of an answer; one that no calendar holds is long ago."""
    return datetime.fromisoformat(text or "1970-01-01T00:00:00Z")


def following(client: Client, since: datetime, filters: Mapping[str, Any]) -> list[Feed]:
    """The feeds that were asked for: segments alone, messages of a state alone, or messages and quarantine."""
    segments: list[Feed] = [Transitions(client, segment) for segment in filters["segments"]]
    if segments:
        return segments
    messages = MessageFeed(client, since, filters["state"])
    return [messages] if filters["state"] else [messages, QuarantineFeed(client, since)]
