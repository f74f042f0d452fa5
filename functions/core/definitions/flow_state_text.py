"""Changing the ``state`` in a flow's text; all other text stays the same, comments and layout included."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from functions.core.definitions.document import Document, read
from functions.core.flows.flow import FlowState

KEY = "state"
_SPACE = " \t\r\n"


def with_state(text: str, state: FlowState) -> str:
    """The text of a flow, YAML or JSON, with this ``state``; unchanged if it already has it."""
    document = read(text)
    if (document.body.get(KEY) or "active") == state:
        return text
    text = document.text
    if text.lstrip().startswith("{"):
        return _in_json(text, state)
    return _in_yaml(document, state)


def _in_yaml(document: Document, state: FlowState) -> str:
    text = document.text
    if extent := document.extent(KEY):
        start, end = extent
        # "state:" alone has an empty value right behind the colon.
        return f"{text[:start]}{'' if text[start - 1] == ' ' else ' '}{state}{text[end:]}"
    line = "\r\n" if "\r\n" in text else "\n"
    start, end = document.extent("name") or document.extent("id") or (0, len(text))
    if "\n" in text[start:end]:
        return f"{text.rstrip()}{line}{KEY}: {state}{line}"
    place = text.find("\n", end) + 1
    return f"{text[:place]}{KEY}: {state}{line}{text[place:]}" if place else f"{text}{line}{KEY}: {state}{line}"


def _in_json(text: str, state: FlowState) -> str:
    for key, start, end in _members(text):
        if key == KEY:
            return f"{text[:start]}{json.dumps(state)}{text[end:]}"
    opened = text.index("{") + 1
    gap = text[opened : _skipped(text, opened)]
    return f'{text[:opened]}{gap}"{KEY}": "{state}",{"" if gap else " "}{text[opened:]}'


class _Member(NamedTuple):
    key: str
    start: int
    end: int


def _members(text: str) -> Iterator[_Member]:
    """Yield each key of the JSON object with the character range [start, end) of its value."""
    decoder = json.JSONDecoder()
    place = _skipped(text, text.index("{") + 1)
    while text[place] != "}":
        key, place = decoder.raw_decode(text, place)
        start = _skipped(text, _skipped(text, place) + 1)
        _, end = decoder.raw_decode(text, start)
        yield _Member(key, start, end)
        place = _skipped(text, _skipped(text, end) + (text[_skipped(text, end)] == ","))


def _skipped(text: str, place: int) -> int:
    """The first index from ``place`` on that is not white space."""
    while text[place] in _SPACE:
        place += 1
    return place
