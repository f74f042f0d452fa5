"""Encodes tasks as the JSON of an SQS message, and decodes them.

A message may have been written by the previous release or, after a roll-back, by the next one. So a new field needs a
default, an unknown key is ignored, and neither the name nor the type of a key may change.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from importlib import import_module
from typing import Any

from functions.core.base.errors import Fault, Malformed
from functions.core.base.tasks import Task


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


# By type of field: its JSON form in words, and the test of a value.
_FORMS: Mapping[Any, tuple[str, Callable[[object], bool]]] = {
    str: ("text", _is_text),
    str | None: ("text or null", lambda value: value is None or _is_text(value)),
    int: ("a whole number", _is_whole),
    int | None: ("a whole number or null", lambda value: value is None or _is_whole(value)),
    bool: ("true or false", lambda value: isinstance(value, bool)),
    tuple[str, ...]: ("a list of texts", _is_texts),
}


def kinds(queue: str) -> tuple[type[Task], ...]:
    """The kinds of task of a queue; the one without a MARK is the last, since every message matches it."""
    known: tuple[type[Task], ...] = import_module(f"functions.core.base.tasks.{queue}").TASKS
    return known


def encode(task: Task) -> str:
    """The JSON of a task, in ASCII only.

    SQS refuses a whole batch for one character that XML does not allow, and identifiers may hold any character.
    """
    body = {_key(each): getattr(task, each.name) for each in fields(task)}
    marked = {task.MARK: True} if task.MARK else {}
    return json.dumps(marked | body, separators=(",", ":"))


def decode(queue: str, text: str) -> Task:
    """The task in a message of the queue; raises Malformed, which lists every fault and contains no values."""
    body = _object(text)
    kind = next(each for each in kinds(queue) if not each.MARK or each.MARK in body)
    if faults := list(_faults(kind, body)):
        raise Malformed(*faults)
    return kind(**{each.name: _read(body[_key(each)]) for each in fields(kind) if _key(each) in body})


def _object(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Malformed(Fault("a task is an object of JSON"))
    return body


def _faults(kind: type[Task], body: Mapping[str, Any]) -> Iterator[Fault]:
    for each in fields(kind):
        key, (form, fits) = _key(each), _FORMS[each.type]
        if key not in body and each.default is MISSING:
            yield Fault(f"is missing: {form}", f"{kind.__name__}.{key}")
        elif key in body and not fits(body[key]):
            yield Fault(f"has to be {form}", f"{kind.__name__}.{key}")


def _key(each: Field[Any]) -> str:
    key: str = each.metadata.get("key", each.name)
    return key


def _read(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
