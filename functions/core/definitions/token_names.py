"""Checking the property and trait names in a template's tokens: `{{ event.order_id }}`, `{{ traits.plan }}`.

Events and traits are defined by whoever sends them, so there is no complete list: the names are compared with the
standard ones and those seen so far.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from functions.core.base.errors import Fault
from functions.core.base.limits import MOST_FAULTS
from functions.core.definitions.document import Document
from functions.core.definitions.records import Definition
from functions.core.definitions.vocabulary.check import Judged, parted
from functions.core.definitions.vocabulary.known import Vocabulary, complaints
from functions.core.definitions.vocabulary.mentions import DEEPEST, Mention
from functions.core.definitions.vocabulary.seen import Sort
from functions.core.messages.language import parse
from functions.core.messages.markup import fault

_FIELDS = ("subject", "preheader", "because", "body", "text")
_SORTS: Mapping[str, Sort] = {"event": "properties", "traits": "traits"}


def judge(template: str, document: Document, vocabulary: Vocabulary, current: Iterable[Definition]) -> Judged:
    """Judge the names in a checked template's tokens: unknown ones are faults if it is strict, else warnings.

    Of more than ``MOST_FAULTS`` the first are told.
    """
    events = _events(template, current)
    faults = (each for name in _FIELDS for each in _unknown(document.body.get(name, ""), name, events, vocabulary))
    return parted(document.body.get("strict"), [], list(map(document.place, islice(faults, MOST_FAULTS))))


def _events(template: str, current: Iterable[Definition]) -> tuple[Any, ...]:
    """The events that messages can be about if every flow that sends the template starts with events; else ()."""
    flows = [each.body for each in current if each.kind == "flows" and _sends(each.body, template)]
    starts = [body["start"].get("events") for body in flows]
    return tuple(event for events in starts for event in events) if all(starts) else ()


def _sends(body: Mapping[str, Any], template: str) -> bool:
    return any(step.get("template") == template for step in body["steps"])


def _unknown(source: str, where: str, events: tuple[Any, ...], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each unknown name in the tokens of one field, each name once, in order."""
    tokens = {(root, name): at for at, root, name in sorted(_tokens(source), reverse=True)}
    for (root, name), at in sorted(tokens.items(), key=lambda token: token[1]):
        mention = Mention(_SORTS[root], name, events if root == "event" else ())
        for complaint in complaints([mention], vocabulary):
            near = complaint.suggestion
            yield fault(source, where, at, complaint.message, f"{root}.{near}" if near else None)


class _Token(NamedTuple):
    place: int
    root: str
    name: str


def _tokens(source: str) -> Iterator[_Token]:
    """Yield position, root and each name of the tokens of events and traits."""
    for variables in parse(source, False).analyze().globals.values():
        for each in variables:
            root, *names = each.segments
            if root in _SORTS:
                yield from (_Token(each.span.index, root, name) for name in names[:DEEPEST] if isinstance(name, str))
