"""The state of a profile: its timelines and the memberships computed from them, packed into one binary attribute.

    version      one byte, 2; what has 1 has no revision, and what has 3 its halvings after that
    header       evaluated; due + 1, or 0 for never; one byte: the length of the digests, + 64 if the entry revision
                 follows them, + 128 if reachable; the digests; the entry revision; the revision
    timelines    how many are of the usual form (one entry without a value, whose length its bytes tell), then the id of
                 each (4 bytes) and its bytes; how many others, then id, length and bytes of each
    memberships  how many, then of each, the latest first: since (of the first from EPOCH, then the way back) << 2 |
                 place of the cause in CAUSES, and the hash of the segment (4 bytes)

Numbers are varints, signed where they may be negative; a timeline's own bytes are those of ``timelines/codec.py``. For
example the state that reads

    02                                 version 2
    3c 64 c8                           evaluated at 60, due at 99, 8 bytes of digests, entry revision, reachable
    11 11 11 11 22 22 22 22            the digests of timelines and of segments
    03 04                              entry revision 3, revision 4
    01 0a 0a 0a 0a 20 78 00 07         one usual timeline, 0a0a0a0a: an entry at EPOCH + 60 with the key 7
    01 0b 0b 0b 0b 0f                  another one, 0b0b0b0b, of 15 bytes
       45 01 78 00 00 00 02 ba 04 46 00 00 00 01 28
    02 e0 03 27 46 1c cf               two memberships: buyers, since EPOCH + 60 by an event
       29 f9 50 5a 73                  vip, since 10 seconds before that by time
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple

from functions.core.timelines.codec import EPOCH, Reader, pack_timeline, plain_length, put, put_signed, unpack_timeline
from functions.core.timelines.entry import Entry
from functions.core.timelines.sealing import Grain, TimelineContent

# ``published``: a new version of the segment that counts as entering for the people whom it adds (flows start);
# ``backfill``: a new version that does not.
Cause = Literal["event", "time", "backfill", "published"]
CAUSES: tuple[Cause, ...] = ("event", "time", "backfill", "published")
VERSION, HALVED = 2, 3
# The number of hex digits of a digest.
_HEX = 8


class Membership(NamedTuple):
    """Membership in a segment: since when (seconds UTC), and what caused it."""

    since: int
    cause: Cause


class Timeline:
    """The content of one timeline, which is never empty; decoded and encoded only when it is used."""

    __slots__ = ("_grain", "_held", "_packed")

    def __init__(
        self, contents: TimelineContent | None = None, packed: bytes | None = None, grain: Grain = Grain.DAYS
    ) -> None:
        self._held = contents
        self._packed = packed
        self._grain = grain

    @property
    def held(self) -> TimelineContent:
        """The sealed buckets and the single entries."""
        if self._held is None:
            self._held = unpack_timeline(self._packed or b"", self._grain)
        return self._held

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The single entries, oldest first."""
        return self.held.entries

    @property
    def packed(self) -> bytes:
        """The timeline as bytes, in the format of ``timelines/codec.py``."""
        if self._packed is None:
            self._packed = pack_timeline(self.held)
        return self._packed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.packed == other.packed

    def __hash__(self) -> int:
        return hash(self.packed)

    def __repr__(self) -> str:
        return f"Timeline({self.held!r})"


# The digests of a state that was not yet built from the person's past events.
UNBUILT = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The computed state of a profile, folded from its events.

    Instants are seconds UTC.

    timelines    by id; one without entries is absent
    memberships  the segments the profile is in, by segment id
    evaluated    the latest instant at which memberships were computed; 0 for never
    timelines_digest  eight hex digits: hash of the timelines that it was built with, and of how much of them is kept;
                      empty for a state that was not yet built from the person's past events
    segments_digest   eight hex digits: hash of the segments that it was evaluated for; empty in the same case
    revision     the publication of these timelines and segments
    due          the next instant at which an active segment may change by time alone, as far as is known
    profile      the profile's id, for random shares; not packed, since the row has it
    reachable    True if an address is known; when the first becomes known, earlier events may still start flows
    entry_revision  the latest publication, among those applied to it, that counts as entering for the people it adds
    halvings     how often the number of entries that a timeline keeps one by one was halved to fit the state in its row
    """

    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    memberships: Mapping[str, Membership] = field(default_factory=dict)
    evaluated: int = 0
    timelines_digest: str = ""
    segments_digest: str = ""
    due: int | None = None
    reachable: bool = False
    revision: int = 0
    profile: str = field(default="", compare=False)
    entry_revision: int = 0
    halvings: int = 0

    @property
    def built(self) -> tuple[str, str]:
        """Both digests, of timelines and of segments, which identify what the state was built with."""
        return self.timelines_digest, self.segments_digest


@lru_cache(maxsize=1 << 14)
def segment_hash(segment: str) -> int:
    """The number of a segment in a packed state: the first four bytes of the SHA-256 of its id."""
    return int.from_bytes(hashlib.sha256(segment.encode()).digest()[:4])


def hashes(segments: Iterable[str]) -> dict[int, str]:
    """The segment ids by their ``segment_hash``."""
    return {segment_hash(segment): segment for segment in segments}


def pack(state: State) -> bytes:
    """Encode the state as bytes."""
    out = bytearray((HALVED if state.halvings else VERSION,))
    put(out, state.evaluated)
    put(out, 0 if state.due is None else state.due + 1)
    built = bytes.fromhex(state.timelines_digest + state.segments_digest)
    out.append(len(built) | (state.entry_revision > 0) << 6 | state.reachable << 7)
    out += built
    if state.entry_revision:
        put(out, state.entry_revision)
    put(out, state.revision)
    if state.halvings:
        put(out, state.halvings)
    _put_timelines(out, state.timelines)
    _put_memberships(out, state.memberships)
    return bytes(out)


def _put_timelines(out: bytearray, timelines: Mapping[str, Timeline]) -> None:
    plain: list[tuple[str, bytes]] = []
    others: list[tuple[str, bytes]] = []
    for spec, timeline in sorted(timelines.items(), key=itemgetter(0)):
        data = timeline.packed
        (others if plain_length(data, 0) is None else plain).append((spec, data))
    put(out, len(plain))
    for spec, data in plain:
        out += bytes.fromhex(spec) + data
    put(out, len(others))
    for spec, data in others:
        out += bytes.fromhex(spec)
        put(out, len(data))
        out += data


def _take_timelines(reader: Reader, grain: Grain) -> dict[str, Timeline]:
    timelines: dict[str, Timeline] = {}
    count, data, at = reader.take(), reader.data, reader.at
    for _ in range(count):
        begin = at + 4
        end = begin + (plain_length(data, begin) or 0)
        timelines[data[at:begin].hex()] = Timeline(None, data[begin:end])
        at = end
    reader.at = at
    for _ in range(reader.take()):
        spec = reader.bytes(4).hex()
        timelines[spec] = Timeline(packed=reader.bytes(reader.take()), grain=grain)
    return timelines


def _put_memberships(out: bytearray, memberships: Mapping[str, Membership]) -> None:
    put(out, len(memberships))
    later: int | None = None
    for segment, (since, cause) in sorted(memberships.items(), key=lambda item: (-item[1].since, item[0])):
        way = CAUSES.index(cause)
        put_signed(out, since - EPOCH << 2 | way) if later is None else put(out, later - since << 2 | way)
        later = since
        out += segment_hash(segment).to_bytes(4)


def unpack(data: bytes, names: Mapping[int, str], profile: str) -> State:
    """Decode the state of a profile; empty bytes are the empty state. For stored rows use ``Ruleset.state``.

    ``names`` are the segments by hash (``Catalogue.names``): memberships of others are dropped. Raises ValueError for
    an unknown version.
    """
    if not data:
        return State(profile=profile)
    if data[0] not in (1, VERSION, HALVED):
        raise ValueError(f"state of version {data[0]}: this code reads 1 to {HALVED}")
    reader = Reader(data)
    reader.at = 1
    evaluated = reader.take()
    due = reader.take() - 1
    mark = reader.bytes(1)[0]
    built = reader.bytes(mark & 0x3F).hex()
    entry_revision = reader.take() if mark & 0x40 else 0
    revision = reader.take() if data[0] > 1 else 0
    halvings = reader.take() if data[0] == HALVED else 0
    timelines = _take_timelines(reader, Grain.after(halvings))
    memberships = _take_memberships(reader, names)
    return State(
        timelines=timelines,
        memberships=memberships,
        evaluated=evaluated,
        timelines_digest=built[:_HEX],
        segments_digest=built[_HEX:],
        due=None if due < 0 else due,
        reachable=mark > 0x7F,
        revision=revision,
        profile=profile,
        entry_revision=entry_revision,
        halvings=halvings,
    )


def _take_memberships(reader: Reader, names: Mapping[int, str]) -> dict[str, Membership]:
    memberships: dict[str, Membership] = {}
    since = EPOCH
    for position in range(reader.take()):
        mark = reader.take() if position else reader.signed()
        since = since - (mark >> 2) if position else EPOCH + (mark >> 2)
        cause = CAUSES[mark & 3]
        segment = names.get(int.from_bytes(reader.bytes(4)))
        if segment is not None:
            memberships[segment] = Membership(since, cause)
    return memberships
