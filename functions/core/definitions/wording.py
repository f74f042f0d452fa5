"""Detection of texts whose meaning changes when event labels change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.records import Definition
from functions.core.scores import rule_text as rules
from functions.core.segments.language import describe
from functions.core.segments.language.event_labels import Labels, said

Load = Callable[[Definition, Labels], Mapping[str, Any]]


def misread(
    current: Iterable[Definition], before: Labels, after: Labels, load: Load
) -> Iterator[tuple[Definition, str]]:
    """Yield each definition whose meaning would change with the labels ``after``, and label words that it uses."""
    changed = sorted(_meanings(before).items() ^ _meanings(after).items(), key=str)
    lost = dict.fromkeys(words for words, _ in changed)
    for each in current:
        text = " ".join(each.text.lower().split())
        words = next((words for words in lost if words in text), None)
        if words is not None and _conditions(each.body) != _reread(each, after, load):
            yield each, words


def _meanings(labels: Labels) -> dict[str, tuple[Any, ...]]:
    """By words, the label and grammatical place that they stand for."""
    return {words: (*key, place) for key, label in labels.items() for place, words in said(label).items()}


def _reread(definition: Definition, words: Labels, load: Load) -> list[str] | None:
    try:
        return _conditions(load(definition, words))
    except DefinitionRefused:
        return None


def _conditions(body: Mapping[str, Any]) -> list[str]:
    """The conditions of a segment, score or flow as canonical texts."""
    asked = [body.get("when"), *(step.get("when") for step in body.get("steps", ()))]
    return [*(describe.text(node) for node in asked if node), *map(rules.text, body.get("rules", ()))]
