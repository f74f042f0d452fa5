"""Calls the topology's functions as Lambda does: with an event, a context, and each in its own environment."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from functions import wiring
from functions.topology import FUNCTIONS
from functions.topology_rows import Function
from local.runtime.failures import Failures
from local.runtime.lambda_events import ACCOUNT, REGION

Handler = Callable[[Any, Any], Any]


class LambdaContext:
    """The context object that Lambda passes to handlers."""

    function_version = "$LATEST"

    def __init__(self, function: Function) -> None:
        self.function_name = f"segue-{function.name}"
        self.memory_limit_in_mb = str(function.memory)
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "local"
        self._timeout = function.timeout

    def get_remaining_time_in_millis(self) -> int:
        """Always the whole time-out, since the host does not stop a function."""
        return self._timeout * 1000


class FunctionFailed(Exception):
    """A handler raised an error, which is recorded already."""


class Functions:
    """The handlers by function, each with the environment that it is deployed with."""

    def __init__(
        self, handlers: Mapping[str, Handler], environments: Mapping[str, Mapping[str, str]], failures: Failures
    ) -> None:
        self._handlers = handlers
        self._environments = environments
        self._failures = failures
        self._about = {function.name: function for function in FUNCTIONS}
        self.calls: dict[str, int] = {}

    def environment(self, name: str) -> AbstractContextManager[wiring.Wiring]:
        """Use the function's environment and adapters inside the block."""
        return wiring.use(self._environments[name])

    def call(self, name: str, event: Any) -> Any:
        """Call the handler and return its answer; on an error record it and raise FunctionFailed."""
        self.calls[name] = self.calls.get(name, 0) + 1
        try:
            with self.environment(name):
                return self._handlers[name](event, LambdaContext(self._about[name]))
        except Exception as error:
            self._failures.raised(name, error)
            raise FunctionFailed(f"{type(error).__name__}: {error}") from error


def deployed_handlers() -> dict[str, Handler]:
    """Import the handler of every function as Lambda would."""
    return {function.name: import_module(f"functions.handlers.{function.name}").handler for function in FUNCTIONS}
