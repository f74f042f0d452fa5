"""Since which publication each timeline is kept, so that an edit rebuilds only the timelines that it changes.

Every definition stores, for each of its timelines, the revision since which it has needed at least as much of the
timeline as it needs now. A state that was built at that revision or a later one has the timeline completely, whatever
was published in between.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from functions.core.timelines.retention import Retentions, covered, widest
from functions.core.timelines.spec import TimelineSpec


class TimelineVersion(NamedTuple):
    """How much of a timeline a definition needs, and the revision since which it has needed that much."""

    retentions: Retentions
    since: int


TimelineVersions = Mapping[str, TimelineVersion]


def timeline_versions(
    specs: Iterable[TimelineSpec], before: TimelineVersions, revision: int
) -> dict[str, TimelineVersion]:
    """Since which revision the next version of a definition keeps each timeline, by the timeline's address."""
    by_content: dict[str, list[TimelineSpec]] = {}
    for spec in specs:
        by_content.setdefault(spec.id, []).append(spec)
    versions: dict[str, TimelineVersion] = {}
    for address, alike in by_content.items():
        retentions, previous = widest(spec.retention for spec in alike), before.get(address)
        same = previous is not None and all(covered(retention, previous.retentions) for retention in retentions)
        versions[address] = TimelineVersion(retentions, previous.since if previous is not None and same else revision)
    return versions


def kept_since(retentions: Mapping[str, Retentions], definitions: Iterable[TimelineVersions]) -> dict[str, int]:
    """The revision since which each timeline is kept as long as all definitions together need, by its address.

    A timeline is absent if some needed retention is recorded by none of the definitions.
    """
    by_address: dict[str, list[TimelineVersion]] = {}
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
