"""All current definitions, compiled: which events feed which timelines, and which timelines which segments."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.events import Event
from functions.core.profiles.state import hashes, segment_hash
from functions.core.segments.engine.dependency_order import closed, ordered
from functions.core.segments.engine.listeners import Listeners, indexed
from functions.core.segments.operator import Condition, Node, Verdict
from functions.core.segments.registry import operators
from functions.core.timelines.retention import CAP, Retention, Retentions, widest
from functions.core.timelines.sealing import Grain
from functions.core.timelines.spec import TimelineSpec
from functions.core.timelines.versions import TimelineVersions, kept_since

_CONTENT = json.JSONEncoder(default=repr).encode


class CompiledSegment(NamedTuple):
    """A compiled segment; ``timelines`` includes those of the segments it refers to."""

    id: str
    node: Node
    verdict: Verdict
    timelines: frozenset[str]


class Leaf(NamedTuple):
    """The verdict of a condition that contains no other conditions, and the ids of the segments that depend on it."""

    verdict: Verdict
    segments: tuple[str, ...]


class LinkedEntry(NamedTuple):
    """A segment's request that profiles which its new version adds count as entering.

    ``revision`` is that of the publication. ``before`` is the earlier condition, whose members are not meant; None if
    there were none.
    """

    revision: int
    before: Node | None


class CompiledEntry(NamedTuple):
    """A ``LinkedEntry`` with its condition compiled."""

    revision: int
    before: Verdict | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The compiled definitions that evaluation needs.

    segments  compiled, by id
    specs     the timelines, by address, each with what must be kept of it in ``retentions``
    active    the ids of segments that a flow or destination uses, and of those they refer to: only these have stored
              memberships and schedule a profile's next evaluation
    feeds     by timeline, the active segments that read it, directly or through other segments
    leaves    by timeline, the leaf conditions of active segments that read it, each once, with the segments that use it
    timelines_digest  eight hex digits of the timelines and of what is kept of them
    segments_digest   eight hex digits of the segments, of which are active, and of the entries on publish
    revision  the publication that the catalogue was made for; 0 if nothing was ever published
    since     the publication since which a timeline has been kept at its present length, where that is known
    names     segment ids by the hash that packed states store in their place
    entries_on_publish  the segments whose current version counts the profiles that it adds as entering
    cap       the most entries that a timeline keeps one by one for conditions that need all of them
    halvings  how often that number was halved already
    """

    segments: Mapping[str, CompiledSegment]
    specs: Mapping[str, TimelineSpec]
    retentions: Mapping[str, Retentions]
    active: frozenset[str]
    feeds: Mapping[str, tuple[str, ...]]
    leaves: Mapping[str, tuple["Leaf", ...]]
    timelines_digest: str
    segments_digest: str
    revision: int
    since: Mapping[str, int]
    names: Mapping[int, str]
    by_event: Mapping[str, Listeners]
    by_trait: Mapping[str, tuple[TimelineSpec, ...]]
    of_consent: tuple[TimelineSpec, ...]
    entries_on_publish: Mapping[str, CompiledEntry]
    cap: int = CAP
    halvings: int = 0

    @property
    def built(self) -> tuple[str, str]:
        """Both digests (timelines, segments), which a state stores to show what it was evaluated with."""
        return self.timelines_digest, self.segments_digest

    @property
    def grain(self) -> Grain:
        """How long the buckets are in which older entries are added up."""
        return Grain.after(self.halvings)

    @property
    def entry_revision(self) -> int:
        """The latest revision among ``entries_on_publish``; 0 without any."""
        return max((compiled_entry.revision for compiled_entry in self.entries_on_publish.values()), default=0)

    def halved(self, times: int) -> "Catalogue":
        """The catalogue by which a timeline keeps one by one what is left of ``CAP`` entries halved so many times."""
        if times <= self.halvings:
            return self
        cap = max(1, self.cap >> times - self.halvings)
        retentions = {
            address: tuple(each._replace(keep=each.keep and min(each.keep, cap)) for each in several)
            for address, several in self.retentions.items()
        }
        return replace(self, cap=cap, halvings=times, retentions=retentions)

    def candidates(self, event: Event) -> Sequence[TimelineSpec]:
        """The timelines that the event may match, looked up by name, traits and filtered property values."""
        listeners = self.by_event.get(event.name)
        found = () if listeners is None else listeners.of(event.properties)
        if not event.traits and event.consent is None:
            return found
        of_traits = [spec for trait in event.traits for spec in self.by_trait.get(trait, ())]
        return [*found, *of_traits, *(() if event.consent is None else self.of_consent)]


def compile_node(node: Node, compiled: dict[str, Condition] | None = None) -> Condition:
    """Compile a checked node; with ``compiled``, a cache by content, equal leaf conditions are compiled once."""
    operator = operators()[node["op"]]
    children = [compile_node(child, compiled) for child in operator.children(node)]
    if compiled is None or children:
        return operator.compile(node, children)
    content = _CONTENT(node)
    if content not in compiled:
        compiled[content] = operator.compile(node, children)
    return compiled[content]


def timelines(node: Node) -> tuple[TimelineSpec, ...]:
    """The timelines that a condition outside any segment needs, such as the condition of a flow's check step."""
    return compile_node(node).specs


@dataclass(frozen=True, slots=True)
class Publications:
    """The part of the publication history that affects the catalogue.

    ``revision`` is the latest. ``entries`` are the segments that count the profiles which their version adds as
    entering. ``versions`` holds for each definition its timelines and since which revision they are kept.
    """

    revision: int = 0
    entries: Mapping[str, LinkedEntry] = field(default_factory=dict)
    versions: Sequence[TimelineVersions] = ()


UNPUBLISHED = Publications()


def compile_catalogue(
    segments: Mapping[str, Node],
    *,
    active: Iterable[str] | None = None,
    timelines: Iterable[TimelineSpec] = (),
    published: Publications = UNPUBLISHED,
    cap: int = CAP,
) -> Catalogue:
    """Compile the definitions; raises DefinitionRefused for unknown or circular references and for colliding hashes.

    ``active`` are the segments that flows or destinations use, None for all; those they refer to are added.
    ``timelines`` are further timelines to keep, such as those that flows need. ``cap`` is the most entries that a
    timeline keeps one by one for a condition that needs all of them.
    """
    by_name: dict[str, Condition] = {}
    conditions = {name: compile_node(node, by_name) for name, node in segments.items()}
    order = ordered(conditions)
    linked_entries = published.entries
    before = {
        name: compile_node(wish.before, by_name) for name, wish in linked_entries.items() if wish.before is not None
    }
    own_specs = [
        spec for condition in (*map(conditions.__getitem__, order), *before.values()) for spec in condition.specs
    ]
    specs, retentions = _collected([*own_specs, *timelines])
    compiled: dict[str, CompiledSegment] = {}
    for name in order:
        condition = conditions[name]
        own = {spec.id for spec in condition.specs}
        own.update(*(compiled[other].timelines for other in condition.segments))
        compiled[name] = CompiledSegment(name, segments[name], condition.verdict, frozenset(own))
    _refuse_one_hash(segments)
    by_event, by_trait = indexed(specs.values())
    acting = closed(conditions if active is None else active, conditions)
    return Catalogue(
        segments={name: compiled[name] for name in segments},
        specs=specs,
        retentions=retentions,
        active=acting,
        feeds=_feeds(compiled[name] for name in order if name in acting),
        leaves=_leaves([name for name in order if name in acting], conditions),
        timelines_digest=_digest(sorted(retentions.items())),
        segments_digest=_digest([sorted(segments.items()), sorted(acting), *_marks(linked_entries)]),
        revision=published.revision,
        since=kept_since(retentions, published.versions),
        names=hashes(segments),
        by_event=by_event,
        by_trait=by_trait,
        of_consent=tuple(spec for spec in specs.values() if spec.consent),
        entries_on_publish={
            name: CompiledEntry(wish.revision, _verdict(before.get(name))) for name, wish in linked_entries.items()
        },
        cap=cap,
    )


def _refuse_one_hash(segments: Iterable[str]) -> None:
    """Raise DefinitionRefused if two ids have the same four-byte hash, by which packed states identify segments."""
    names: dict[int, str] = {}
    for name in segments:
        other = names.setdefault(segment_hash(name), name)
        if other != name:
            message = f"a stored state cannot tell {name!r} from the segment {other!r}: give one another id"
            raise DefinitionRefused(Fault(message, "id"))


def _verdict(condition: Condition | None) -> Verdict | None:
    return condition.verdict if condition else None


def _marks(linked_entries: Mapping[str, LinkedEntry]) -> list[tuple[str, int]]:
    """The id and revision of each entry on publish; in the digest, so that publishing one re-evaluates all states."""
    return sorted((name, wish.revision) for name, wish in linked_entries.items())


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:8]


def _collected(all_specs: list[TimelineSpec]) -> tuple[dict[str, TimelineSpec], dict[str, Retentions]]:
    """The specs and the retentions that all conditions need, by address; raises DefinitionRefused on a collision."""
    specs: dict[str, TimelineSpec] = {}
    by_timeline: dict[str, set[Retention]] = defaultdict(set)
    for spec in all_specs:
        first = specs.setdefault(spec.id, spec)
        if first.content != spec.content:
            message = f"two timelines have the address {spec.id}: word one of their filters differently"
            raise DefinitionRefused(Fault(message, "when"))
        by_timeline[spec.id].add(spec.retention)
    return specs, {address: widest(retentions) for address, retentions in by_timeline.items()}


def _feeds(segments: Iterable[CompiledSegment]) -> dict[str, tuple[str, ...]]:
    fed: dict[str, list[str]] = defaultdict(list)
    for segment in segments:
        for timeline in segment.timelines:
            fed[timeline].append(segment.id)
    return {timeline: tuple(names) for timeline, names in fed.items()}


def _leaves(order: Iterable[str], conditions: Mapping[str, Condition]) -> dict[str, tuple[Leaf, ...]]:
    """The leaf conditions that read a timeline, by its address."""
    own: dict[str, dict[int, Condition]] = {}
    decides: dict[int, list[str]] = defaultdict(list)
    reading: dict[str, dict[int, Condition]] = defaultdict(dict)
    for name in order:
        own[name] = {id(leaf): leaf for leaf in conditions[name].leaves if leaf.specs}
        for other in conditions[name].segments:
            own[name].update(own[other])
        for leaf_id, leaf in own[name].items():
            decides[leaf_id].append(name)
            for spec in leaf.specs:
                reading[spec.id][leaf_id] = leaf
    return {
        address: tuple(Leaf(leaf.verdict, tuple(decides[leaf_id])) for leaf_id, leaf in leaves.items())
        for address, leaves in reading.items()
    }
