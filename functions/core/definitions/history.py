"""The history of a segment's condition: its versions, and those of everything it refers to, over time.

In force at an instant is the latest version published by then; before the first version, the first. While the segment
was withdrawn it had no members. RFM borders exist from their first computation on, rates from their first publication.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Any

from functions.core.definitions.records import BORDERS, Definition, dated
from functions.core.definitions.shop import NOTHING_ELSE, RATES, Shop
from functions.core.scores.link import link, needed, nodes
from functions.core.segments.engine.catalogue import Catalogue, compile_catalogue
from functions.core.segments.engine.membership_history import CatalogueVersion
from functions.core.segments.language.check import references
from functions.core.segments.language.named import mentioned
from functions.core.segments.operator import Node
from functions.core.segments.priced import is_asking, money_of

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ConditionVersion:
    """The conditions of a segment and of those it refers to, by id, in force from ``begins`` (seconds UTC) on.

    ``versions`` holds the version of every definition involved, by (kind, id).
    """

    begins: int
    version: int
    nodes: Mapping[str, Node]
    versions: Mapping[Key, int]


class ConditionHistory:
    """The versions of one segment's condition over time.

    ``stored`` returns a definition's versions, withdrawals included, oldest first. ``scores`` are the ids of all
    scores, whose tiers are segments. Of the ``shop``, the current time zone and currency are used, since they have no
    versions.
    """

    def __init__(
        self,
        segment: str,
        stored: Callable[[str, str], Sequence[Definition]],
        scores: Sequence[str],
        shop: Shop = NOTHING_ELSE,
    ) -> None:
        self._segment = segment
        self._all: Callable[[str, str], list[Definition]] = cache(lambda kind, name: _in_order(stored(kind, name)))
        self._scores = scores
        self._shop = shop

    def _stored(self, kind: str, name: str) -> list[Definition]:
        """The versions that are not withdrawals: only the segment itself can be asked for while it is withdrawn."""
        return [each for each in self._all(kind, name) if not each.withdrawn]

    def wordings(self, now: int) -> list[ConditionVersion]:
        """Each version that differs from the one before, oldest first; current definitions are in force at ``now``."""
        times = {each.time for key in self._behind() for each in self._all(*key)}
        versions: list[ConditionVersion] = []
        for at in sorted({0, *(min(time, now) for time in times)}):
            wording = self._at(at if at < now else max(times))
            if not versions or (wording.version, wording.nodes) != (versions[-1].version, versions[-1].nodes):
                versions.append(wording)
        return versions

    def _behind(self) -> set[Key]:
        """The keys of all definitions that any version of the segment, or of what it refers to, uses."""
        keys: set[Key] = set()
        waiting = [self._key(self._segment)]
        while waiting:
            key = waiting.pop()
            if key not in keys:
                keys.add(key)
                waiting += [other for each in self._stored(*key) for other in self._needs(each)]
        return keys

    def _needs(self, definition: Definition) -> Iterator[Key]:
        conditions = definition.body.get("when", definition.body.get("rules", ()))
        if definition.kind == "segments":
            yield from map(self._key, references(conditions))
        yield from (("events", name) for name in mentioned(conditions))
        if definition.kind != BORDERS[0]:
            yield from (("scores", name) for name in needed(conditions))
            yield from (BORDERS for node in nodes(conditions) if node["op"] == "rfm")
        if is_asking(conditions):
            yield RATES

    def _key(self, segment: str) -> Key:
        """The key of the segment's definition: its own, or that of the score of which it is or was a tier."""
        if not self._stored("segments", segment):
            for score in self._scores:
                tiers = {tier for each in self._stored("scores", score) for tier in each.body["tiers"]}
                if segment.removeprefix(f"{score}-") in tiers and segment.startswith(f"{score}-"):
                    return "scores", score
        return "segments", segment

    def _at(self, at: int) -> ConditionVersion:
        versions: dict[Key, int] = {}
        conditions: dict[str, Node] = {}

        def body(key: Key) -> Mapping[str, Any] | None:
            # A condition on amounts may be published while the rates are withdrawn.
            definition = _in_force(self._all(*key) if key == RATES else self._stored(*key), at)
            if key not in (BORDERS, RATES):
                definition = definition or next(iter(self._stored(*key)), None)
            versions[key] = definition.version if definition else 0
            if definition is None or definition.withdrawn:
                return None
            return dated(definition) if key == BORDERS else definition.body

        waiting = [self._segment]
        while waiting:
            name = waiting.pop()
            if name not in conditions:
                conditions[name] = self._condition(name, body)
                waiting += references(conditions[name])
        key = self._key(self._segment)
        if (last := _in_force(self._all(*key), at)) and last.withdrawn:
            versions[key] = last.version
            conditions[self._segment] = _nobody(conditions[self._segment])
        return ConditionVersion(at, versions[key], conditions, versions)

    def _condition(self, name: str, body: Callable[[Key], Mapping[str, Any] | None]) -> Node:
        """The segment's condition with the scores, named events and borders that it uses linked in."""
        key = self._key(name)
        if key[0] == "scores":
            when: Node = {"op": "tier", "score": key[1], "tier": name.removeprefix(f"{key[1]}-")}
        else:
            when = (body(key) or {})["when"]
        scores: Mapping[str, Any] = {
            score: definition_body for score in needed(when) if (definition_body := body(("scores", score)))
        }
        groups = {
            name: definition_body for name in mentioned([when, scores]) if (definition_body := body(("events", name)))
        }
        linked = link(when, scores)
        if any(node["op"] == "rfm" for node in nodes(linked)):
            linked = link(when, scores, body(BORDERS))
        rates = body(RATES) if is_asking(linked) else None
        money = money_of(self._shop.money.get("base", ""), rates, self._shop.zone)
        return dict(replace(self._shop, groups=groups, money=money).complete(linked))


def _nobody(condition: Node) -> Node:
    """A condition that no profile meets but that reads the same timelines as the given one."""
    return {"op": "and", "of": [condition, {"op": "not", "of": condition}]}


def _in_order(versions: Sequence[Definition]) -> list[Definition]:
    """The versions with times that never decrease, since the clocks of their publishers may differ."""
    times = accumulate((each.time for each in versions), max)
    return [replace(each, time=time) for each, time in zip(versions, times, strict=True)]


def _in_force(versions: Sequence[Definition], at: int) -> Definition | None:
    return next((each for each in reversed(versions) if each.time <= at), None)


def compiled(segment: str, wordings: Sequence[ConditionVersion]) -> tuple[Catalogue, list[CatalogueVersion]]:
    """One catalogue with every version of the condition, and which of its segments was in force from when."""
    named: dict[str, Node] = {}
    catalogue_versions: list[CatalogueVersion] = []
    place = 0
    for before, wording in zip([None, *wordings], wordings, strict=False):
        place += before is None or before.nodes != wording.nodes
        named |= {_name(place, name): _renamed(node, place) for name, node in wording.nodes.items()}
        edits = () if before is None else tuple(_edits(before, wording))
        catalogue_versions.append(CatalogueVersion(_name(place, segment), wording.begins, wording.version, edits))
    return compile_catalogue(named), catalogue_versions


def _edits(before: ConditionVersion, after: ConditionVersion) -> Iterator[dict[str, Any]]:
    for (kind, name), version in sorted(after.versions.items()):
        if before.versions.get((kind, name), version) != version:
            yield {"kind": kind, "id": name, "version": version}


def _name(place: int, segment: str) -> str:
    return f"{place}:{segment}"


def _renamed(value: Any, place: int) -> Any:
    """The condition with references to segments renamed to those of its version."""
    if isinstance(value, list | tuple):
        return [_renamed(each, place) for each in value]
    if not isinstance(value, Mapping):
        return value
    renamed = {key: _renamed(inner, place) for key, inner in value.items()}
    return renamed | {"segment": _name(place, value["segment"])} if value.get("op") == "in segment" else renamed
