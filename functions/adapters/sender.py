"""The one place from which destinations' requests go out."""

from collections.abc import Callable
from typing import assert_never

from functions.adapters.eventbridge import EventBridge
from functions.core.deliveries.records import Answer, HttpRequest, PutEvents, Request


class RequestSender:
    """Makes each request in the way of its kind; ``local`` says whether this machine itself may be called."""

    def __init__(self, event_bridge: EventBridge, local: Callable[[], bool]) -> None:
        self._event_bridge = event_bridge
        self._local = local

    def send(self, destination: str, request: Request) -> Answer:
        """Make it once; raises Undeliverable where it may not be made, Unavailable without an answer."""
        match request:
            case PutEvents():
                return self._event_bridge.put(request)
            case HttpRequest():
                # TLS takes time to import, and the bus does without.
                from functions.adapters import https

                return https.call(destination, request, local=self._local())
            case _:
                assert_never(request)
