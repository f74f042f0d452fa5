"""A shop whose mail, ledger and log can be made to fail right where a message is sent."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from functions.core.base.errors import SegueError
from functions.core.flows.records import Run
from functions.core.messages.records import Message, MessageState
from functions.usecases.message_claim import Outcome
from functions.usecases.run_version import version_of
from functions.usecases.send import send
from functions.usecases.situation import situation
from tests.fakes.ledger import FakeLedger
from tests.flow.told_shop import ANN, HELLO, HOUR, START, ToldShop

DUE = START + HOUR
WAITING = "waiting for SES to say whether it has the message"
WHY = "Signed Up, and no Order Completed since"


class RacedLedger(FakeLedger):
    """A ledger before whose next claim something happens once."""

    def __init__(self) -> None:
        super().__init__()
        self.race: Callable[[Message], None] | None = None

    def claim(self, message: Message) -> Message | None:
        race, self.race = self.race, None
        if race:
            race(message)
        return super().claim(message)

    def put(self, message: Message) -> None:
        """A row as another process left it."""
        self.rows[message.profile][message.cause] = message


class TroubledShop(ToldShop):
    """A shop whose SES answers with the given error, if any; Ann signed up an hour ago, and her mail is due."""

    ledger: RacedLedger

    def __init__(self, flow: str = HELLO) -> None:
        super().__init__(flow)
        self.ledger = RacedLedger()
        self.trouble: SegueError | None = None
        self.tags: list[dict[str, str]] = []
        self.tell("Signed Up", ANN)
        self.now = DUE
        self.stalled = True

    def mailed(self, raw: bytes, tags: Mapping[str, str]) -> None:
        if self.trouble:
            raise self.trouble
        self.tags.append(dict(tags))
        super().mailed(raw, tags)

    def run(self) -> Run:
        """Ann's run, the first."""
        return self.all_runs()[0]

    def row(self, state: MessageState, at: int, **fields: Any) -> Message:
        """The row of Ann's message, as another process left it."""
        run = self.run()
        row = Message(run.profile, f"hello_{run.entry}_{run.step}", "hello", "note", state, at, address="ann@x.org")
        return replace(row, **fields)

    def send(self) -> Outcome:
        """Send the message of Ann's run."""
        placed = version_of(self.context, self.run())
        assert placed
        run_situation = situation(self.context, *placed)
        assert run_situation
        return send(self.context, run_situation)

    def states(self) -> list[tuple[str, int]]:
        """The state and the attempt of each row."""
        return [(row.state, row.attempt) for row in self.rows()]
