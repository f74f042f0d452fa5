"""The interfaces through which use cases reach storage, queues, mail and other services.

Every port raises only errors of ``functions.core.errors``. Times are seconds UTC.

Records are imported for type checkers only: a function that uses one port does not load the records of all others, each
of which costs its start a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from functions.core.ports.definitions import Backfills, DeclaredSources, Definitions
from functions.core.ports.flows import Ledger, Runs, Ticks
from functions.core.ports.jobs import Jobs
from functions.core.ports.log import Erasures, Log, Quarantine
from functions.core.ports.outside import Mailer, Queues, Secrets, Sender
from functions.core.ports.people import People
from functions.core.ports.tables import Counters, Formats, Pace, Products, Revocations, SeenNames

if TYPE_CHECKING:
    from functions.core.base.rates import Rates

__all__ = (
    "Backfills",
    "Counters",
    "DeclaredSources",
    "Definitions",
    "Erasures",
    "Formats",
    "Jobs",
    "Ledger",
    "Log",
    "Mailer",
    "Pace",
    "People",
    "Ports",
    "Products",
    "Quarantine",
    "Queues",
    "Revocations",
    "Runs",
    "Secrets",
    "SeenNames",
    "Sender",
    "Ticks",
)


class Ports(Protocol):
    """Every port, as the wiring hands them to a use case."""

    @property
    def log(self) -> Log: ...
    @property
    def people(self) -> People: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def definitions(self) -> Definitions: ...
    @property
    def declared_sources(self) -> DeclaredSources: ...
    @property
    def backfills(self) -> Backfills: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def queues(self) -> Queues: ...
    @property
    def sender(self) -> Sender: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def quarantine(self) -> Quarantine: ...
    @property
    def erasures(self) -> Erasures: ...
    @property
    def products(self) -> Products: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def pace(self) -> Pace: ...
    @property
    def formats(self) -> Formats: ...
    @property
    def names(self) -> SeenNames: ...
    @property
    def rates(self) -> Rates: ...
    @property
    def revocations(self) -> Revocations: ...
    @property
    def ticks(self) -> Ticks: ...
    @property
    def secrets(self) -> Secrets: ...
