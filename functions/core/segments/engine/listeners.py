"""An index of timelines by event name and by the property values that their filters require."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from functions.core.timelines.filters import equalities, path_of, values
from functions.core.timelines.spec import TimelineSpec

_Lookup = dict[str, list[TimelineSpec]]


class Listeners(NamedTuple):
    """The timelines of one event name: ``by_text``, by the path and text that their filter requires, and ``always``."""

    always: tuple[TimelineSpec, ...]
    by_text: Mapping[str, _Lookup]

    def of(self, properties: Mapping[str, Any]) -> Sequence[TimelineSpec]:
        """The timelines that an event with these properties may match."""
        if not self.by_text:
            return self.always
        return [*self.always, *self._by_text(properties)]

    def _by_text(self, properties: Mapping[str, Any]) -> Iterator[TimelineSpec]:
        for path, listeners in self.by_text.items():
            for text in {value for value in values(properties, path_of(path)) if isinstance(value, str)}:
                yield from listeners.get(text, ())


def indexed(
    specs: Iterable[TimelineSpec],
) -> tuple[dict[str, Listeners], dict[str, tuple[TimelineSpec, ...]]]:
    """The timelines that an event may feed, by event name, and those of traits, by the trait's first path segment."""
    always: dict[str, list[TimelineSpec]] = defaultdict(list)
    by_text: dict[str, dict[str, _Lookup]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    by_trait: dict[str, list[TimelineSpec]] = defaultdict(list)
    for spec in specs:
        if spec.trait is not None:
            by_trait[path_of(spec.trait)[0][0]].append(spec)
            continue
        equality = next(equalities(spec.where), None)
        for name in set(spec.events):
            if equality is None:
                always[name].append(spec)
            else:
                by_text[name][equality[0]][equality[1]].append(spec)
    names = always.keys() | by_text.keys()
    listeners = {name: Listeners(tuple(always[name]), by_text[name]) for name in names}
    return listeners, {name: tuple(interested) for name, interested in by_trait.items()}
