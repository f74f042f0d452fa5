"""The lines that the functions' logger writes."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from functions import telemetry


class LogLines:
    """What was written since the last time somebody asked."""

    def __init__(self, text: io.StringIO) -> None:
        self._text = text

    def raw(self) -> str:
        """As one text."""
        found = self._text.getvalue()
        self._text.seek(self._text.truncate(0))
        return found

    def __call__(self) -> list[dict[str, Any]]:
        """Line by line."""
        return [json.loads(line) for line in self.raw().splitlines()]


@contextmanager
def log_lines(level: str = "INFO") -> Iterator[LogLines]:
    """Catch the lines of this level and above: the logger keeps the standard output of when it was made."""
    logger, text = telemetry.logger(), io.StringIO()
    handler, before = logger.registered_handler, logger.log_level
    assert isinstance(handler, logging.StreamHandler)
    # Assigned, since setStream() flushes the stream before: that of a test in which the logger was made is closed.
    stream, handler.stream = handler.stream, text
    logger.setLevel(level)
    try:
        yield LogLines(text)
    finally:
        handler.stream = stream
        logger.setLevel(before)
