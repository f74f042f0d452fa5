"""The event bus on EventBridge."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from functions.adapters.batches import fitting
from functions.adapters.errors import of_code, translated
from functions.adapters.packing import dumps

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

_COUNT = 10
_BYTES = 240_000


class EventBridgeBus:
    """The bus for anybody else; ``place`` gives its name or ARN."""

    def __init__(self, client: "Callable[[], EventBridgeClient]", place: Callable[[], str]) -> None:
        self._new_client = client
        self._place = place

    @cached_property
    def _client(self) -> "EventBridgeClient":
        return self._new_client()

    def publish(self, kind: str, details: Sequence[Mapping[str, Any]]) -> None:
        """Put events of this detail-type; raises Unavailable unless every one was taken."""
        if not details:
            return
        bus = self._place()
        for batch in fitting(map(dumps, details), _COUNT, _BYTES, lambda detail: len(detail.encode())):
            self._put(
                [{"Source": "segue", "DetailType": kind, "EventBusName": bus, "Detail": detail} for detail in batch]
            )

    def _put(self, entries: "list[PutEventsRequestEntryTypeDef]") -> None:
        with translated("put events"):
            answer = self._client.put_events(Entries=entries)
        if answer.get("FailedEntryCount"):
            raise of_code("put events", next(e["ErrorCode"] for e in answer["Entries"] if "ErrorCode" in e))
