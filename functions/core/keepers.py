"""What definitions that are to be published keep of timelines.

Named events and rates stand in the conditions of others, whose timelines change with them: they say since when these
are kept as they will be.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from functions.core.catalogue import load, timelines_of
from functions.core.records import Definition
from functions.core.scores import rfm
from functions.core.segments.keeping import Kept, keeping, unbroken
from functions.core.segments.named import mentioned
from functions.core.segments.priced import is_asking
from functions.core.segments.zoned import UTC_NAME
from functions.core.shop import SHARED, Shop


class Keepers:
    """The definitions that are current ``before`` a publication, and those that will be ``after`` it."""

    def __init__(
        self, before: Iterable[Definition], after: Iterable[Definition], zone: str = UTC_NAME, currency: str = ""
    ) -> None:
        self._before, self._after = list(before), list(after)
        self._zone, self._currency = zone, currency

    def kept(self, new: Definition) -> dict[str, Kept]:
        """What the definition keeps; what was not kept before has 0, its own publication."""
        specs = [spec for each in self._asking(new) for spec in timelines_of(self._shop.resolved(each))]
        return keeping(specs, self._so_far if new.kind in SHARED else self._own(new), 0)

    def _asking(self, new: Definition) -> Sequence[Definition]:
        """The definitions whose timelines change with this one."""
        if new.kind == "events":
            ranking = new.id == rfm.NAME
            return [
                each
                for each in self._after
                if new.id in mentioned(each.body) or (ranking and rfm.needs_orders(each.body))
            ]
        if new.kind == "rates":
            return [each for each in self._after if is_asking(each.body)]
        return [new]

    @cached_property
    def _shop(self) -> Shop:
        return Shop.of(self._after, self._zone, self._currency)

    @cached_property
    def _so_far(self) -> Mapping[str, Kept]:
        """What all that is current keeps together, and since when."""
        catalogue = load(self._before, 0, self._zone, self._currency).catalogue
        return {address: Kept(catalogue.asks[address], since) for address, since in catalogue.since.items()}

    def _own(self, new: Definition) -> Mapping[str, Kept]:
        """What the version of before keeps, and since when without a break."""
        own = (each.kept for each in self._before if (each.kind, each.id) == (new.kind, new.id))
        (kept,) = unbroken([next(own, {})], [each.kept for each in self._before if each.kind in SHARED])
        return kept
