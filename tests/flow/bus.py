"""An event bus that does not take everything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from moto.events.models import EventsBackend

Entry = dict[str, Any]


def away(_entry: Entry) -> str:
    """The bus takes nothing now."""
    return "ThrottlingException"


@contextmanager
def refusing(code: Callable[[Entry], str]) -> Iterator[list[Entry]]:
    """EventBridge refuses the entries for which there is a code, which are noted, until left; it takes the others."""
    refused: list[Entry] = []
    original = EventsBackend.put_events

    def put(self: EventsBackend, entry: Entry) -> Any:
        if not (said := code(entry)):
            return original(self, [entry])[0]
        refused.append(entry)
        return {"ErrorCode": said, "ErrorMessage": "said so"}

    with mock.patch.object(EventsBackend, "put_events", lambda self, events: [put(self, each) for each in events]):
        yield refused
