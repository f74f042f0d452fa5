"""The event bus on EventBridge."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from functions.adapters.batches import fitting
from functions.adapters.errors import of_code, translated
from functions.adapters.packing import dumps

_COUNT = 10
_BYTES = 240_000


class EventBridgeBus:
    """The bus for anybody else; ``place`` gives its name or ARN."""

    def __init__(self, client: Callable[[], Any], place: Callable[[], str]) -> None:
        self._new_client = client
        self._place = place

    @cached_property
    def _client(self) -> Any:
        return self._new_client()

    def publish(self, kind: str, details: Sequence[Mapping[str, Any]]) -> None:
        """Put events of this detail-type; raises Unavailable unless every one was taken."""
        if not details:
            return
        common = {"Source": "segue", "DetailType": kind, "EventBusName": self._place()}
        for batch in fitting(map(dumps, details), _COUNT, _BYTES, lambda detail: len(detail.encode())):
            self._put([{**common, "Detail": detail} for detail in batch])

    def _put(self, entries: list[dict[str, str]]) -> None:
        with translated("put events"):
            answer = self._client.put_events(Entries=entries)
        if answer.get("FailedEntryCount"):
            raise of_code("put events", next(e["ErrorCode"] for e in answer["Entries"] if "ErrorCode" in e))
