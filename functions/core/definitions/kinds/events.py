"""events: one id for events that mean the same, with the words that sentences use for them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from functions.core.base.errors import Fault
from functions.core.definitions.kind import KindRecord, Reliance
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.segments.language.event_labels import repeated_words
from functions.core.segments.language.named import mentioned, resolve

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.candidate import Candidate


def _model() -> "type[Whole]":
    from functions.core.definitions.event_group import EventGroup

    return EventGroup


def _check(candidate: "Candidate") -> Iterator[Fault]:
    yield from _repeated_words(candidate)
    yield from _failing(candidate)
    yield from _misread(candidate)


def _repeated_words(candidate: "Candidate") -> Iterator[Fault]:
    """Yield faults for words that another label also uses, since the parser could recognise only one of them."""
    elsewhere = {name: body for (kind, name), body in candidate.others.items() if kind == "events"}
    for where, words, place in repeated_words(candidate.body, elsewhere):
        message = f"“{words}” is what {place} says: words of labels mean one thing"
        yield candidate.document.place(Fault(message, where))


def _failing(candidate: "Candidate") -> Iterator[Fault]:
    """Yield faults for the examples of scores and segments that would fail with the changed events."""
    from functions.core.definitions import score

    for (kind, name), body in sorted(candidate.others.items()):
        if kind == "scores" and candidate.id in mentioned(body):
            for fault in score.run(resolve(body, candidate.groups)):
                yield candidate.broken(f"score {name!r}", f": {fault.message}", "any of")
    for name, body in candidate.other_segments():
        if candidate.id in mentioned(candidate.behind(name)):
            for fault in candidate.failing(name, body):
                yield candidate.broken(f"segment {name!r}", f": {fault.message}", "any of")


def _misread(candidate: "Candidate") -> Iterator[Fault]:
    """Yield faults for definitions whose text uses words that this definition removes or redefines."""
    from functions.core.definitions.label_changes import misworded

    for other, words in misworded({candidate.id: candidate.body}, candidate.current):
        hint = f"publish {other.id!r} in other words first, or together with this"
        one = f"{kind_of(other.kind).one} {other.id!r}"
        yield candidate.broken(one, f", whose text says “{words}”", "label", hint)


def _users_of_words(definition: Definition, current: Sequence[Definition]) -> Iterator[Reliance]:
    """Yield the definitions whose text uses words of the label."""
    from functions.core.definitions.document import read
    from functions.core.definitions.label_changes import misworded

    for other, words in misworded({}, current, definition.id):
        yield Reliance(other, read(other.text).mention(words, ""))


KIND = KindRecord(one="named event", model=_model, check=_check, reliances=_users_of_words)
