"""How long a Lambda has left: long work stops in time and queues what remains."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.typing import LambdaContext

# What the last page may take.
MARGIN_MS = 60_000


def late(lambda_context: LambdaContext) -> Callable[[], bool]:
    """True if the invocation is close to its time limit."""
    return lambda: lambda_context.get_remaining_time_in_millis() < MARGIN_MS
