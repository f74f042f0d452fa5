"""Show the ledger: what was sent, what was held back and why."""

from typing import Any

from functions.core.ports import Ports
from functions.core.views import message_view

# A state is picked from this many of the latest messages.
LOOKED_AT = 1_000


def recent(state: str | None, limit: int, ports: Ports) -> dict[str, Any]:
    """Messages of everybody, newest first, of one state if it is named."""
    rows = ports.ledger.recent(limit if state is None else LOOKED_AT)
    return {"messages": [message_view(row) for row in rows if state in (None, row.state)][:limit]}
