"""Sends the requests of destinations; the only place from which they go out."""

from collections.abc import Callable
from typing import assert_never

from functions.adapters.eventbridge import EventBridge
from functions.core.deliveries.records import HttpRequest, PutEvents, ReceiverAnswer, Request


class RequestSender:
    """Makes each request by its kind; ``local`` tells whether plain http and private addresses are allowed."""

    def __init__(self, event_bridge: EventBridge, local: Callable[[], bool]) -> None:
        self._event_bridge = event_bridge
        self._local = local

    def send(self, destination: str, request: Request) -> ReceiverAnswer:
        """Make the request once; raises Undeliverable if it may not be made, Unavailable if no answer came."""
        match request:
            case PutEvents():
                return self._event_bridge.put(request)
            case HttpRequest():
                # TLS takes time to import, and the bus does without.
                from functions.adapters import https

                return https.call(destination, request, local=self._local())
            case _:
                assert_never(request)
