"""Partial batch answers: which records of a batch Lambda shall bring again.

Of a stream Lambda takes up again at the first record named, so one name is enough; of a queue it keeps the
messages named and deletes the rest. (AWS Lambda Developer Guide, "Configuring partial batch response".)
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from functions.core.errors import SegueError

Record = Mapping[str, Any]
Answer = dict[str, list[dict[str, str]]]

logger = logging.getLogger(__name__)


def stream(records: list[Record], failed: Iterable[int]) -> Answer:
    """The answer to a stream batch of which these positions failed."""
    first = min(failed, default=None)
    return _answer([] if first is None else [records[first]["dynamodb"]["SequenceNumber"]])


def queue(records: list[Record], work: Callable[[dict[str, Any]], object]) -> Answer:
    """Do the work for the body of each message; those that raise one of our errors come again."""
    failed = []
    for record in records:
        try:
            work(json.loads(record["body"]))
        except SegueError as error:
            logger.warning("a message will be tried again", extra={"error": type(error).__name__, "detail": str(error)})
            failed.append(record["messageId"])
    return _answer(failed)


def _answer(names: list[str]) -> Answer:
    return {"batchItemFailures": [{"itemIdentifier": name} for name in names]}
