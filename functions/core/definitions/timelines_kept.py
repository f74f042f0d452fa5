"""The timelines that definitions to be published keep, and since which publication.

Named events and rates are embedded in other definitions' conditions, whose timelines change with them. What these keep
is then recorded with the publication of the events or rates.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import kept_by, timelines_of
from functions.core.definitions.shop import SHARED, Shop, stands_in
from functions.core.segments.zoned import UTC_NAME
from functions.core.timelines.versions import TimelineVersion, TimelineVersions, kept_since, timeline_versions


class KeptTimelines:
    """The timelines kept by definitions, given those current ``before`` and ``after`` a publication."""

    def __init__(
        self, before: Iterable[Definition], after: Iterable[Definition], zone: str = UTC_NAME, currency: str = ""
    ) -> None:
        self._before, self._after = list(before), list(after)
        self._zone, self._currency = zone, currency

    def kept(self, new: Definition) -> dict[str, TimelineVersion]:
        """The timelines that the definition keeps, by address; ``since`` is 0, this publication, for new ones."""
        if new.kind not in SHARED:
            return timeline_versions(timelines_of(self._shop.resolved(new)), self._so_far.get(new.address, {}), 0)
        specs = [
            spec for each in self._after if stands_in(new, each) for spec in timelines_of(self._shop.resolved(each))
        ]
        versions = timeline_versions(specs, {}, 0)
        since = kept_since(
            {address: version.retentions for address, version in versions.items()}, self._so_far.values()
        )
        return {address: version._replace(since=since.get(address, 0)) for address, version in versions.items()}

    @cached_property
    def _shop(self) -> Shop:
        return Shop.of(self._after, self._zone, self._currency)

    @cached_property
    def _so_far(self) -> Mapping[tuple[str, str], TimelineVersions]:
        """For each current definition, the timelines it keeps and since which publication without interruption."""
        shop = Shop.of(self._before, self._zone, self._currency)
        whole = list(map(shop.resolved, self._before))
        return {each.address: kept_by(each, whole) for each in whole if each.kind not in SHARED}
