"""Event labels as terminals of the lark grammar, and the JSON that each stands for."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from functions.core.segments.language.event_labels import Label, Labels, events, summand

Build = Callable[[Sequence[Any]], Any]

_TERMINALS = ("PAST", "NEGATIVE", "SEVERAL", "DONE_TO", "SUMMED", "STARTED", "ENDED")
# A pattern that never matches, for a terminal without words.
_NEVER = "(?!)x"


def terminals(labels: Labels) -> Iterator[str]:
    """Yield the grammar's terminal definitions; of labels with a common beginning, the longest match wins."""
    for name, words in _words(labels).items():
        text = "|".join(re.escape(each).replace("\\ ", r"\s+") for each in sorted(words, key=len, reverse=True))
        follows = r"(?=\s+(?:each|none|at\s+least\s+\d+\s+of)\b)" if name == "DONE_TO" else r"(?![\w\-])"
        pattern = (f"(?:{text}){follows}" if words else _NEVER).replace("/", r"\/")
        yield f"{name}.3: /{pattern}/i"


def rules(labels: Labels) -> Mapping[str, Build]:
    """By grammar rule, the function that maps a label's words to their JSON."""
    words = _words(labels)

    def found(name: str) -> Build:
        return lambda parts: words[name][_plain(parts[0])]

    return {
        "past_events": found("PAST"),
        "negative_events": found("NEGATIVE"),
        "several": found("SEVERAL"),
        "done_to": found("DONE_TO"),
        "summed": found("SUMMED"),
        "started": found("STARTED"),
        "ended": found("ENDED"),
    }


def spoken(labels: Labels) -> dict[str, list[str]]:
    """The words of each terminal, to suggest corrections from."""
    return {name: sorted(words) for name, words in _words(labels).items()}


def _words(labels: Labels) -> dict[str, dict[str, Mapping[str, Any]]]:
    """The label wordings by terminal, each with the JSON that it stands for."""
    by_terminal: dict[str, dict[str, Mapping[str, Any]]] = {name: {} for name in _TERMINALS}
    for key, label in labels.items():
        for name, word, meaning in _meant(label):
            if word:
                by_terminal[name][_plain(word)] = {**meaning, "events": events(key)}
    return by_terminal


class _Meaning(NamedTuple):
    """Words, their terminal, and the JSON that they add to their events."""

    terminal: str
    words: str
    node: Mapping[str, Any]


def _meant(label: Label) -> Iterator[_Meaning]:
    yield _Meaning("PAST", label.past, {})
    yield _Meaning("NEGATIVE", label.negative, {})
    yield _Meaning("DONE_TO", label.of, {})
    yield _Meaning("SEVERAL", label.several, {"joined": label.joined} if label.joined else {})
    yield from (_Meaning("SUMMED", word, summand(path)) for path, word in label.sum.items())
    yield from (_Meaning("STARTED", word, {"by": path}) for path, word in label.start.items())
    yield from (_Meaning("ENDED", word, {"by": path}) for path, word in label.end.items())


def _plain(words: str) -> str:
    return " ".join(words.lower().split())
