"""An app in memory that is told events one by one, folded or not, with one flow that writes to people an hour later."""

from collections.abc import Sequence
from typing import Any

from functions.core.base.events import Event
from functions.core.base.rfc3339 import text as written
from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.settings import read
from tests.flow.in_memory_app import SETTINGS, InMemoryApp
from tests.notes import note

START, MINUTE, HOUR, DAY = 1_900_000_000, 60, 3600, 86_400
ANN = "email:ann@x.org"
HELLO = """
id: hello
name: Hello
start: {event: Signed Up}
reentry: every time
goal: Order Completed
steps:
  - wait: 1 hour
  - send: note
"""
RECEIPT = """
id: receipt
name: Receipt
start: {event: Password Forgotten}
steps:
  - send: link
"""


class ToldShop(InMemoryApp):
    """A shop with one template and the given flows; consent is implied unless the settings say otherwise.

    ``needed`` are the texts that the flows refer to, by kind, each published before them.
    """

    def __init__(
        self, *flows: str, kind: str = "marketing", needed: Sequence[tuple[str, str]] = (), **settings: str
    ) -> None:
        super().__init__(START, settings=read({**SETTINGS, "CONSENT_DEFAULT": "implied", **settings}))
        self.told = 0
        flows = flows or (HELLO,)
        for sort, text in (("templates", note(kind=kind)), *needed, *(("flows", flow) for flow in flows)):
            self.publish_text(sort, text.partition("id: ")[2].partition("\n")[0], text)

    def tell(self, name: str, *names: str, ago: int = 0, clock_behind: int = 0, **fields: Any) -> None:
        """Log an event of ``ago`` seconds before now, whose sender's clock lags behind by so many seconds."""
        self.told += 1
        at = self.now - ago
        sort = f"{written(at - clock_behind).removesuffix('Z')}.000Z#{self.told}"
        self.log.append([Event(name, at, self.now, names, sort, "test", **fields)])
        if not self.stalled:
            self.settle()

    def all_runs(self) -> list[Run]:
        """Every run, the one that began first at the head."""
        return sorted((run for rows in self.runs.rows.values() for run in rows.values()), key=lambda run: run.since)

    def outcomes(self) -> list[str | None]:
        """How the runs ended, in the order in which they began."""
        return [run.outcome for run in self.all_runs()]

    def held(self) -> list[str]:
        """The reasons for which messages were not sent."""
        return [row.reason for row in self.rows() if row.state == "held"]

    def rows(self) -> list[Message]:
        """The ledger, oldest first."""
        return sorted((row for rows in self.ledger.rows.values() for row in rows.values()), key=lambda row: row.at)
