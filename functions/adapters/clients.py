"""Clients of AWS, one per service and process, created when they are first needed.

botocore without boto3: importing it is most of a cold start, and boto3 adds to that without being used.
"""

from typing import Any

import botocore.session
from botocore.config import Config

_RETRIES = {"mode": "standard", "total_max_attempts": 2}

# Collect must answer a storefront, with a 503 at worst, within about five seconds: two attempts and one pause.
_PROMPT = Config(connect_timeout=1, read_timeout=2, retries=_RETRIES, max_pool_connections=16)

_CONFIGS = {
    # A repeated SendEmail sends twice, and each time-out is a message whose fate is unknown: ask once, wait long.
    "sesv2": Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}),
}


class Clients:
    """The clients of one session; handlers for botocore's events are registered on ``session`` before the first use."""

    def __init__(self, session: Any = None, **options: Any) -> None:
        self.session = session or botocore.session.get_session()
        self._options = options
        self._clients: dict[str, Any] = {}

    def get(self, service: str) -> Any:
        """The client; its endpoint, region and credentials are what the environment says at its creation."""
        if service not in self._clients:
            config = _CONFIGS.get(service, _PROMPT)
            self._clients[service] = self.session.create_client(service, config=config, **self._options)
        return self._clients[service]
