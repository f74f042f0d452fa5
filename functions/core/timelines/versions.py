"""Since which publication each timeline is kept, so that an edit leaves those alone that it does not change.

Every definition says of its own timelines since when it has asked at least as much of them as it asks now. A state
that was built at a later revision has them whole, whatever was published in between.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from functions.core.timelines.retention import Retentions, covered, widest
from functions.core.timelines.spec import TimelineSpec


class Kept(NamedTuple):
    """What a definition asks of a timeline, and the revision since which it has asked that much."""

    retentions: Retentions
    since: int


TimelineVersions = Mapping[str, Kept]


def timeline_versions(specs: Iterable[TimelineSpec], before: TimelineVersions, revision: int) -> dict[str, Kept]:
    """Since which revision the next version of a definition keeps each timeline, by the timeline's address."""
    asked: dict[str, list[TimelineSpec]] = {}
    for spec in specs:
        asked.setdefault(spec.id, []).append(spec)
    versions: dict[str, Kept] = {}
    for address, alike in asked.items():
        retentions, previous = widest(spec.retention for spec in alike), before.get(address)
        same = previous is not None and all(covered(retention, previous.retentions) for retention in retentions)
        versions[address] = Kept(retentions, previous.since if previous is not None and same else revision)
    return versions


def kept_since(retentions: Mapping[str, Retentions], definitions: Iterable[TimelineVersions]) -> dict[str, int]:
    """The revision since which each timeline is kept as long as all together ask; without it where none says so."""
    by_address: dict[str, list[Kept]] = {}
    for definition in definitions:
        for address, one in definition.items():
            by_address.setdefault(address, []).append(one)
    since: dict[str, int] = {}
    for address, needed in retentions.items():
        matching = by_address.get(address, [])
        sinces = [[each.since for each in matching if covered(retention, each.retentions)] for retention in needed]
        if all(sinces):
            since[address] = max(map(min, sinces), default=0)
    return since
