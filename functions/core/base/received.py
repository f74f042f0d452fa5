"""A page of the log by the time of receipt."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.core.base.events import Event


class ReceivedPage(NamedTuple):
    """Events, and the start of the next page; None after the last."""

    events: Sequence[Event]
    next: str | None
