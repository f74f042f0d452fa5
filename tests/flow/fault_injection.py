"""Processes that are killed, and answers that are lost, at a chosen write to AWS; and a world in which that happens."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from botocore.exceptions import ReadTimeoutError

from functions import wiring
from local.http.publish import DEFINITIONS
from local.runtime.invoke import Handler, deployed_handlers
from local.runtime.lambda_events import LocalAnswer
from tests.flow.host import Host, opened
from tests.operations import Operation, writes

LEFT = """
id: left-checkout
name: Left a checkout
when: did "Checkout Started" then not "Order Completed" for 30 minutes by cart_id
announce: true
"""


class Killed(BaseException):
    """The process ends here; nothing of ours may catch it."""


class Lost(ReadTimeoutError):
    """AWS did what it was asked, and its answer never came."""

    def __init__(self) -> None:
        super().__init__(endpoint_url="aws")


@dataclass
class Faults:
    """Strikes after the ``at``-th write that one function makes, once; ``made`` is what each function wrote."""

    function: str = ""
    at: int = 0
    blow: type[BaseException] = Killed
    counted: Callable[[Operation], bool] = writes
    writes: int = 0
    struck: str = ""
    running: list[str] = field(default_factory=list)
    made: dict[str, set[Operation]] = field(default_factory=lambda: defaultdict(set))

    def strike(self, at: int) -> None:
        """Strike after the ``at``-th write from now on."""
        self.at, self.writes, self.struck = at, 0, ""

    def watch(self) -> None:
        """Begin as a new process, whose clients are watched."""
        wiring.reset()
        wiring.clients().session.events.register("after-call", self._called)

    def mortal(self, name: str, handler: Handler) -> Handler:
        """The handler, in a process that can be killed."""

        def call(event: Any, context: Any) -> Any:
            self.running.append(name)
            try:
                return handler(event, context)
            except Killed:
                self.watch()
                raise RuntimeError("killed") from None
            finally:
                self.running.pop()

        return call

    def _called(self, model: Any, **_: Any) -> None:
        operation = Operation(model.service_model.service_name, model.name)
        if not self.running or not self.counted(operation):
            return
        self.made[self.running[-1]].add(operation)
        if self.running[-1] == self.function:
            self._count(operation)

    def _count(self, operation: Operation) -> None:
        self.writes += 1
        if self.writes == self.at:
            self.struck = str(operation)
            raise self.blow


@contextmanager
def world(faults: Faults) -> Iterator[Host]:
    """A shop in which faults may strike, at the same time of the same day for all; its nights check everybody."""
    said = {"SEGUE_NOW": "2026-11-21T09:00:00Z", "REFRESH_SAMPLE": "100"}
    with mock.patch.dict("os.environ", said), _opened(faults) as host:
        yield host


@contextmanager
def _opened(faults: Faults) -> Iterator[Host]:
    handlers = {name: faults.mortal(name, handler) for name, handler in deployed_handlers().items()}
    with opened(handlers) as host:
        for kind, name in (
            ("templates", "cart-recovery-1"),
            ("templates", "cart-recovery-2"),
            ("events", "bought"),
            ("flows", "cart-recovery"),
        ):
            assert host.publish(kind, name, (DEFINITIONS / kind / f"{name}.yaml").read_text()).status == 200
        assert host.publish("segments", "left-checkout", LEFT).status == 200
        host.settle()
        faults.watch()
        yield host


def insist(send: Any, *args: Any, **headers: str) -> None:
    """Send as senders do: again, the same, until there is an answer."""
    for _ in range(3):
        answer: LocalAnswer = send(*args, **headers)
        if answer.status == 200:
            return
    raise AssertionError(answer)
