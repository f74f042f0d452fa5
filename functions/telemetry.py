"""Logs, counts and the correlation id of an invocation, on Powertools.

Logs are JSON lines and counts are CloudWatch's embedded metric format, both on standard output: neither costs a call.
Nothing in them names a person. Powertools reads the environment when its objects are made, so they are made at their
first use and not at import.
"""

import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, wraps
from threading import Lock
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = SERVICE = "Segue"
# A request's id has 16 characters, an invocation's 36.
_CAUSES = 5
_COUNTING = Lock()

T = TypeVar("T")
Handler = Callable[[Any, Any], T]


@cache
def logger() -> Logger:
    """The logger of this process. Lambda filters by level only lines whose time is as RFC 3339 has it."""
    return Logger(service=SERVICE, utc=True, use_rfc3339=True)


@cache
def _metrics() -> Metrics:
    """The counts of the invocation at hand; without a service, which would be a dimension and a price of its own."""
    return Metrics(namespace=NAMESPACE)


@cache
def counts() -> Counter[str]:
    """What the use cases of the invocation at hand count, by the name of its metric; ``observed`` writes it."""
    return Counter()


def count(counts: Mapping[str, int], **notes: str) -> None:
    """Count what is above zero; ``notes`` go along without being dimensions. ``observed`` writes them."""
    above = {name: number for name, number in counts.items() if number > 0}
    # Powertools writes and empties its metrics at the hundredth value, in whichever thread adds it.
    with _COUNTING:
        for name, number in above.items():
            _metrics().add_metric(name, MetricUnit.Count, number)
        for key, value in notes.items() if above else ():
            _metrics().add_metadata(key, value)


def correlation_id() -> str:
    """What tells the lines about one request from all others; empty outside of an invocation."""
    return logger().get_correlation_id() or ""


def correlate(*ids: str) -> None:
    """Name what caused the work at hand, in the place of what is named now; without an id it is the invocation.

    Of more than a few the first are named and the others counted: the text travels with every row and message.
    """
    causes = list(dict.fromkeys(filter(None, ids))) or [logger().get_current_keys().get("function_request_id", "")]
    others = [f"+{len(causes) - _CAUSES}"] if len(causes) > _CAUSES else []
    logger().set_correlation_id(" ".join([*causes[:_CAUSES], *others]))


def place_of(error: BaseException) -> str:
    """Where the error was raised: ``functions/core/x.py:12 name``, the innermost line; empty if it never was."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    innermost = frames[-1]
    return f"{innermost.filename.partition('/functions/')[2] or innermost.filename}:{innermost.lineno} {innermost.name}"


def observed(
    correlation_path: str | None = None, source: Callable[[dict[str, Any]], Any] | None = None
) -> Callable[[Handler[T]], Handler[T]]:
    """Decorate a handler: each of its lines names the invocation and its cause, and its counts are written at the end.

    ``correlation_path`` is where the event says what caused it, as a JMESPath; without one, or if there is nothing,
    the invocation is its own cause. ``source`` is Powertools' data class that the handler is given the event as: its
    own decorator for that would write a line with the text of every error.
    """

    def decorate(handler: Handler[T]) -> Handler[T]:
        @wraps(handler)
        def observe(event: Any, context: Any) -> T:
            correlate(correlation_id())
            try:
                return handler(source(event) if source else event, context)
            finally:
                _write_counts()

        @wraps(handler)
        def invoke(event: Any, context: Any) -> T:
            return logger().inject_lambda_context(observe, correlation_id_path=correlation_path, clear_state=True)(
                event, context
            )

        return invoke

    return decorate


def _write_counts() -> None:
    count(counts())
    counts().clear()
    # Powertools warns on every flush of nothing, and forgets nothing where metrics are turned off.
    if _metrics().provider.metric_set:
        _metrics().flush_metrics()
        _metrics().clear_metrics()
