"""What Lambda tells a handler about the invocation."""

from functions.topology import FUNCTIONS
from local.runtime.invoke import LambdaContext

# Of the most patient function: nothing hurries.
CONTEXT = LambdaContext(max(FUNCTIONS, key=lambda function: function.timeout))


class _Hurried(LambdaContext):
    """An invocation whose time is up after every page."""

    def get_remaining_time_in_millis(self) -> int:
        return 1


HURRIED = _Hurried(FUNCTIONS[0])
