"""Detection of texts whose meaning changes when event labels change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.kinds import KINDS
from functions.core.definitions.loading import with_id
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.shop import named_events
from functions.core.segments.language.event_labels import Labels, label_words, labels_of
from functions.core.segments.language.named import Groups


class Misworded(NamedTuple):
    """A definition whose text would change its meaning, and words of a label that it uses."""

    definition: Definition
    words: str


def misworded(changed: Groups, current: Iterable[Definition], *withdrawn: str) -> Iterator[Misworded]:
    """Yield the current definitions whose text would change its meaning.

    The change is that definitions of events are replaced by ``changed``, and that those with the ids ``withdrawn`` end.
    """
    current = [each for each in current if each.kind in KINDS]
    groups = named_events(current)
    after = {name: group for name, group in {**groups, **changed}.items() if name not in withdrawn}
    yield from _misread(current, labels_of(groups), labels_of(after))


def _misread(current: Iterable[Definition], before: Labels, after: Labels) -> Iterator[Misworded]:
    changed = sorted(_meanings(before).items() ^ _meanings(after).items(), key=str)
    lost = dict.fromkeys(words for words, _ in changed)
    for each in current:
        text = " ".join(each.text.lower().split())
        words = next((words for words in lost if words in text), None)
        if words is None:
            continue
        conditions = kind_of(each.kind).conditions(each.body)
        if conditions and conditions != _reread(each, after):
            yield Misworded(each, words)


def _meanings(labels: Labels) -> Mapping[str, tuple[Any, ...]]:
    """By words, the label and grammatical place that they stand for."""
    return {words: (*key, place) for key, label in labels.items() for place, words in label_words(label).items()}


def _reread(definition: Definition, labels: Labels) -> list[str] | None:
    kind = kind_of(definition.kind)
    try:
        return kind.conditions(kind.load(with_id(definition.text, definition.id), None, labels))
    except DefinitionRefused:
        return None
