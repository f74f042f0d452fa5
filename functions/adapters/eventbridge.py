"""Event buses on EventBridge."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from functions.adapters.errors import translated
from functions.core.deliveries.records import PutEvents, ReceiverAnswer

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef, PutEventsResultEntryTypeDef


class EventBridge:
    """Buses by their names in the topology; ``place`` maps one to its name or ARN."""

    def __init__(self, client: "Callable[[], EventBridgeClient]", place: Callable[[str], str]) -> None:
        self._new_client = client
        self._place = place

    @cached_property
    def _client(self) -> "EventBridgeClient":
        return self._new_client()

    def put(self, request: PutEvents) -> ReceiverAnswer:
        """Put one call's events; the answer has, by position, the error code of each entry that was refused."""
        bus = self._place(request.bus)
        entries: list[PutEventsRequestEntryTypeDef] = [
            {"Source": request.source, "DetailType": event.kind, "EventBusName": bus, "Detail": event.body}
            for event in request.events
        ]
        with translated("put events"):
            answer = self._client.put_events(Entries=entries)
        return ReceiverAnswer(codes=_codes(answer["Entries"]) if answer.get("FailedEntryCount") else {})


def _codes(entries: "Sequence[PutEventsResultEntryTypeDef]") -> dict[int, str]:
    """The error codes by position; an entry with an id was accepted and has none."""
    return {place: entry.get("ErrorCode", "") for place, entry in enumerate(entries) if not entry.get("EventId")}
