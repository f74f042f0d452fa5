"""How long a Lambda has left: long work stops in time and queues what remains."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.typing import LambdaContext

# What the last page may take.
MARGIN_MS = 60_000
# What storing and answering may take, of the 30 s that API Gateway waits, and the check of one more definition.
ANSWER_MS = 10_000


def late(lambda_context: LambdaContext, margin_ms: int = MARGIN_MS) -> Callable[[], bool]:
    """True if the invocation is so close to its time limit (milliseconds)."""
    return lambda: lambda_context.get_remaining_time_in_millis() < margin_ms
