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


def keeping(specs: Iterable[TimelineSpec], before: TimelineVersions, revision: int) -> dict[str, Kept]:
    """What the next version of a definition keeps, given what the one before kept, by address."""
    asked: dict[str, list[TimelineSpec]] = {}
    for spec in specs:
        asked.setdefault(spec.id, []).append(spec)
    found: dict[str, Kept] = {}
    for address, alike in asked.items():
        retentions, known = widest(spec.retention for spec in alike), before.get(address)
        same = known is not None and all(covered(retention, known.retentions) for retention in retentions)
        found[address] = Kept(retentions, known.since if known is not None and same else revision)
    return found


def kept_since(retentions: Mapping[str, Retentions], definitions: Iterable[TimelineVersions]) -> dict[str, int]:
    """The revision since which each timeline is kept as long as all together ask; without it where none says so."""
    said: dict[str, list[Kept]] = {}
    for definition in definitions:
        for address, one in definition.items():
            said.setdefault(address, []).append(one)
    found: dict[str, int] = {}
    for address, wanted in retentions.items():
        kept = said.get(address, [])
        sinces = [[each.since for each in kept if covered(retention, each.retentions)] for retention in wanted]
        if all(sinces):
            found[address] = max(map(min, sinces), default=0)
    return found
