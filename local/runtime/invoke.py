"""Calls the functions of the topology as Lambda does: an event, a context, and nobody else's environment."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from functions import wiring
from functions.topology import FUNCTIONS, Function
from local.runtime.failures import Failures
from local.runtime.lambda_events import ACCOUNT, REGION

Handler = Callable[[Any, Any], Any]


class LambdaContext:
    """What a handler may ask of its surroundings."""

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
        """Never less than it was at the start: the host does not cut a function off."""
        return self._timeout * 1000


class FunctionFailed(Exception):
    """A handler raised; the failure is noted already."""


class Functions:
    """Every handler by name, and the environment that it is deployed with."""

    def __init__(
        self, handlers: Mapping[str, Handler], environments: Mapping[str, Mapping[str, str]], failures: Failures
    ) -> None:
        self._handlers = handlers
        self._environments = environments
        self._failures = failures
        self._about = {function.name: function for function in FUNCTIONS}
        self.calls: dict[str, int] = {}

    def environment(self, name: str) -> AbstractContextManager[wiring.Wiring]:
        """The function's environment and adapters, for whoever reads what it reads."""
        return wiring.use(self._environments[name])

    def call(self, name: str, event: Any) -> Any:
        """The handler's answer; raises FunctionFailed after noting what it raised."""
        self.calls[name] = self.calls.get(name, 0) + 1
        try:
            with self.environment(name):
                return self._handlers[name](event, LambdaContext(self._about[name]))
        except Exception as error:
            self._failures.raised(name, error)
            raise FunctionFailed(f"{type(error).__name__}: {error}") from error


def deployed_handlers() -> dict[str, Handler]:
    """The handler of every function, as Lambda would import it."""
    return {function.name: import_module(f"functions.handlers.{function.name}").handler for function in FUNCTIONS}
